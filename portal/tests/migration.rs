//! A database of the first release is brought to the newest schema with all it holds.

use portal::store::{Store, sqlite::SqliteStore, uploads::Status};
use protocol::api::UploadId;
use sqlx::{
    Connection, SqliteConnection,
    migrate::Migrator,
    sqlite::{SqliteConnectOptions, SqliteJournalMode},
};

const FILLED: &str = "
    INSERT INTO citizens VALUES ('mia', 'https://id.example', '1', 'Mia Weber');
    INSERT INTO espaces VALUES ('private', 'Private eSpace', 'private');
    INSERT INTO memberships VALUES ('mia', 'private', 1);
    INSERT INTO procedures (id, espace, title, status, position) VALUES ('permit', 'private', 'Permit', 'active', 0);
    INSERT INTO tickets (id, secret, sealed, citizen, session, session_ends, procedure, action, document_type, state,
                         created, expires)
    VALUES ('new', x'01', x'02', 'mia', x'03', 9000, 'permit', 'add', 'Plan', 'new', 1, 2),
           ('used', x'04', NULL, 'mia', x'03', 9000, 'permit', 'add', 'Plan', 'redeemed', 1, 2);
    INSERT INTO uploads (id, ticket, jkt, credential, model, digits, state, length, offset, created, last_byte)
    VALUES ('upload', 'used', 'jkt', x'05', 'Pixel 8', '47', 'open', 10, 4, 1, 1);
    INSERT INTO pieces VALUES ('upload', 0, 4, 'uploads/a');
    INSERT INTO logins VALUES ('state', 'nonce', 'verifier', 'eid', 1);
";

#[tokio::test]
async fn the_first_release_moves_on_with_its_tickets_and_uploads() {
    let kept = tempfile::tempdir().expect("folder");
    let (first, database) = (kept.path().join("migrations"), kept.path().join("portal.sqlite"));
    std::fs::create_dir(&first).expect("folder");
    std::fs::write(first.join("0001_start.sql"), include_str!("../migrations/sqlite/0001_start.sql")).expect("writes");
    let options = SqliteConnectOptions::new().filename(&database).create_if_missing(true);
    let options = options.journal_mode(SqliteJournalMode::Wal).foreign_keys(true);
    let mut connection = SqliteConnection::connect_with(&options).await.expect("opens");
    Migrator::new(first).await.expect("reads").run(&mut connection).await.expect("migrates");
    sqlx::raw_sql(FILLED).execute(&mut connection).await.expect("fills");
    connection.close().await.expect("closes");

    let store = SqliteStore::open(&database).await.expect("moves on");
    let store: &dyn Store = &store;
    let ticket = store.ticket("new", "mia").await.expect("reads").expect("a ticket");
    assert_eq!((ticket.sealed, ticket.session_ends.as_millisecond()), (Some(vec![2]), 9000));
    let upload = store.upload(&UploadId("upload".into())).await.expect("reads").expect("an upload");
    assert_eq!((upload.digits.as_deref(), upload.status, upload.offset), (Some("47"), Status::Open, 4));
    assert!(store.objects_in_use().await.expect("reads").contains("uploads/a"));
    assert!(store.take_login("state").await.expect("reads").expect("a login").back.is_none());

    // What refers to what is checked as before.
    let mut connection = SqliteConnection::connect_with(&options).await.expect("opens");
    let dangling = sqlx::query("PRAGMA foreign_key_check").fetch_all(&mut connection).await.expect("checks");
    assert!(dangling.is_empty());
    for wrong in [
        "INSERT INTO pieces VALUES ('nothing', 0, 4, 'a')",
        "UPDATE uploads SET ticket = 'nothing'",
        "UPDATE tickets SET session = NULL, session_ends = NULL",
        "UPDATE tickets SET session = NULL",
        "DELETE FROM tickets WHERE id = 'used'",
    ] {
        assert!(sqlx::query(wrong).execute(&mut connection).await.is_err(), "{wrong}");
    }
}
