//! The article's steps on the computer: procedures, the window, the code and its lifetimes, 'My computer'.

mod common;

use common::{
    desk::{Answer, Browser, Desk},
    pdf, sha256,
};
use http::StatusCode;
use portal::store::uploads::{Redemption, Status, TicketName};
use protocol::{Code, api::UploadId, limits};

const GRANT: &str = "/procedures/study-grant";

/// The QR code as drawn, where one is shown.
fn qr(page: &Answer) -> Option<String> {
    page.between("<svg class=\"qr\"", "</svg>")
}

fn left(page: &Answer) -> i64 {
    page.between("data-countdown=\"", "\"").expect("a countdown").parse().expect("seconds")
}

fn offers(page: &Answer, action: &str) -> bool {
    page.text().contains(&format!("/{action}\">"))
}

#[tokio::test]
async fn one_espace_is_chosen_by_itself_and_several_are_asked_for() {
    let desk = Desk::open().await;
    let paul = desk.browser_of("paul", None).await;
    assert_eq!(paul.get("/").await.location(), "/procedures");
    assert!(paul.get("/procedures").await.text().contains("Parental leave"));
    assert!(!paul.get("/procedures").await.text().contains("Change eSpace"));

    let marie = desk.browser_of("marie", None).await;
    assert_eq!(marie.get("/").await.location(), "/espaces");
    let page = marie.get("/espaces").await.text();
    for espace in ["Private eSpace", "Weber Bakery", "Friends of the Mill"] {
        assert!(page.contains(espace), "{espace}");
    }
    assert_eq!(marie.post("/espaces", &[("espace", "weber-bakery")]).await.location(), "/procedures");
    let page = marie.get("/procedures").await.text();
    assert!(page.contains("Business permit") && !page.contains("study grant") && page.contains("Change eSpace"));
}

#[tokio::test]
async fn a_procedure_says_what_is_missing_and_what_can_be_done() {
    let desk = Desk::open().await;
    let marie = desk.marie().await;
    let page = marie.get(GRANT).await.text();
    for words in ["In preparation", "1 of 3 required documents still missing", "Attach", "Replace", "2 pages, 1 kB"] {
        assert!(page.contains(words), "{words}");
    }
    assert!(page.contains("Add a supporting document"));
    let types = "<select id=\"document_type\"";
    assert!(!page.contains(types), "types are listed only after 'Add'");
    let choose = marie.get(&format!("{GRANT}/add")).await.text();
    assert!(choose.contains("My computer") && choose.contains("My mobile app") && !choose.contains(types));
    let add = marie.get(&format!("{GRANT}/add/by/app")).await.text();
    assert!(add.contains(types) && add.contains("Rental contract") && add.contains("Generate"));
    let attach = marie.get(&format!("{GRANT}/slots/grant-enrolment/by/app")).await.text();
    assert!(attach.contains("Attach a supporting document") && !attach.contains(types));
}

#[tokio::test]
async fn a_closed_procedure_offers_nothing() {
    let desk = Desk::open().await;
    let marie = desk.marie().await;
    let closed = "/procedures/driving-licence";
    let page = marie.get(closed).await.text();
    assert!(page.contains("This procedure is closed") && page.contains("Download"));
    for label in ["Attach", "Replace", "Add a supporting document", "Generate"] {
        assert!(!page.contains(label), "{label}");
    }
    for path in ["add", "add/by/app", "slots/licence-medical", "slots/licence-medical/by/computer"] {
        assert_eq!(marie.get(&format!("{closed}/{path}")).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    let fields = [("csrf", marie.csrf()), ("slot", "licence-medical")];
    assert_eq!(marie.send(&format!("{closed}/tickets"), &fields).await.status, StatusCode::FORBIDDEN);
    let sent = marie.upload(&format!("{closed}/documents"), &fields, &pdf(1, "")).await;
    assert_eq!(sent.status, StatusCode::FORBIDDEN);
    assert_eq!(desk.app.store.slots("driving-licence").await.expect("slots")[0].version, 1);
}

#[tokio::test]
async fn closing_a_procedure_cancels_its_codes() {
    let desk = Desk::open().await;
    let marie = desk.marie().await;
    let window = marie.generate("grant-enrolment").await;
    desk.app.store.close_procedure("study-grant").await.expect("closes");
    let page = marie.get(&window).await;
    assert!(qr(&page).is_none() && page.text().contains("This code was cancelled."));
    assert_eq!(marie.post(&format!("{window}/renew"), &[]).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_code_is_valid_for_thirty_minutes_and_a_reload_shows_the_same() {
    let desk = Desk::open().await;
    let marie = desk.marie().await;
    let window = marie.generate("grant-enrolment").await;
    let first = marie.get(&window).await;
    assert_eq!(left(&first), limits::TICKET_SECONDS);
    assert!(first.text().contains("30:00"));
    desk.later(29, 59);
    let last = marie.get(&window).await;
    assert_eq!((qr(&last), left(&last)), (qr(&first), 1));
    assert!(offers(&last, "extend"));
    desk.later(0, 2);
    let over = marie.get(&window).await;
    assert!(qr(&over).is_none() && over.text().contains("This code has expired."));
    assert!(!offers(&over, "extend") && offers(&over, "renew"));
    marie.post(&format!("{window}/extend"), &[]).await;
    assert!(qr(&marie.get(&window).await).is_none(), "after expiry only a new code helps");
}

#[tokio::test]
async fn a_code_is_extended_ten_times_to_thirty_minutes_from_now() {
    let desk = Desk::open().await;
    let marie = desk.marie().await;
    let window = marie.generate("grant-enrolment").await;
    let code = qr(&marie.get(&window).await);
    for _ in 0..limits::TICKET_EXTENSIONS {
        desk.later(20, 0);
        assert_eq!(marie.post(&format!("{window}/extend"), &[]).await.status, StatusCode::SEE_OTHER);
        let page = marie.get(&window).await;
        assert_eq!((left(&page), qr(&page)), (limits::TICKET_SECONDS, code.clone()));
    }
    assert!(!offers(&marie.get(&window).await, "extend"));
    desk.later(20, 0);
    marie.post(&format!("{window}/extend"), &[]).await;
    assert_eq!(left(&marie.get(&window).await), 10 * 60);
}

#[tokio::test]
async fn no_code_outlives_the_session() {
    let desk = Desk::open().await;
    let marie = desk.marie().await;
    let absolute = desk.app.config.session.absolute / 60;
    // Kept awake, for an idle session would end before.
    let mut left_to_live = absolute;
    while left_to_live > 90 {
        desk.later(50, 0);
        left_to_live -= 50;
        assert_eq!(marie.get("/procedures").await.status, StatusCode::OK);
    }
    desk.later(left_to_live - 40, 0);
    let window = marie.generate("grant-enrolment").await;
    assert_eq!(left(&marie.get(&window).await), limits::TICKET_SECONDS);
    desk.later(20, 0);
    marie.post(&format!("{window}/extend"), &[]).await;
    let page = marie.get(&window).await;
    assert_eq!(left(&page), 20 * 60, "not a minute longer than the session");
    assert!(!offers(&page, "extend"), "nothing is left to extend");
}

#[tokio::test]
async fn a_new_code_keeps_its_settings() {
    let desk = Desk::open().await;
    let marie = desk.marie().await;
    let fields = [("document_type", "Rental contract"), ("name", "  New flat ")];
    let window = marie.post(&format!("{GRANT}/tickets"), &fields).await.location().to_owned();
    let window = window.trim_end_matches("#window");
    let (_, id) = window.rsplit_once('/').expect("an id");
    let before = desk.app.store.ticket(id, "marie").await.expect("reads").expect("a ticket");
    let old = qr(&marie.get(window).await).expect("a code");
    desk.later(45, 0);
    assert_eq!(marie.post(&format!("{window}/renew"), &[]).await.status, StatusCode::SEE_OTHER);
    let page = marie.get(window).await;
    assert_eq!(left(&page), limits::TICKET_SECONDS);
    assert_ne!(qr(&page).expect("a code"), old);
    assert!(page.text().contains("Rental contract · New flat"), "{}", page.text());
    let after = desk.app.store.ticket(id, "marie").await.expect("reads").expect("a ticket");
    assert_eq!(after.place, before.place);
    assert_eq!(after.place.name.as_deref(), Some("New flat"));
}

#[tokio::test]
async fn logging_out_cancels_codes_that_no_phone_has() {
    let desk = Desk::open().await;
    let marie = desk.marie().await;
    let window = marie.generate("grant-enrolment").await;
    let out = marie.post("/logout", &[]).await;
    assert_eq!(out.location(), "/login");
    assert!(out.cookies().iter().any(|cookie| cookie.starts_with("session=;") && cookie.contains("Max-Age=0")));
    assert_eq!(marie.get("/procedures").await.location(), "/login", "the old cookie opens nothing");

    let again = desk.marie().await;
    let page = again.get(&window).await;
    assert!(qr(&page).is_none() && page.text().contains("This code was cancelled."));
    // A new code of the new session ends with that one.
    again.post(&format!("{window}/renew"), &[]).await;
    assert!(qr(&again.get(&window).await).is_some());
    again.post("/logout", &[]).await;
    assert!(qr(&desk.marie().await.get(&window).await).is_none());
}

/// A phone scans the code that the page shows.
async fn scan(desk: &Desk, page: &Answer, upload: &str) -> UploadId {
    let secret = page.between("http://localhost:7000/t#", "\"").expect("a code");
    let upload = UploadId(upload.to_owned());
    let redemption = Redemption {
        name: TicketName::Secret(portal::keys::hash(&secret)),
        jkt: "phone".into(),
        jti: upload.0.clone(),
        model: "Pixel 8".into(),
        now: desk.app.clock.now(),
        upload: upload.clone(),
        digits: "47".into(),
        credential_hash: upload.0.clone().into_bytes(),
        linked: None,
    };
    desk.app.store.redeem(&redemption).await.expect("answers").expect("redeems");
    upload
}

#[tokio::test]
async fn the_window_says_which_phone_has_the_code_and_can_send_it_away() {
    let desk = Desk::open().await;
    let marie = desk.marie().await;
    let window = marie.generate("grant-enrolment").await;
    assert!(marie.get(&window).await.text().contains("Waiting for your phone"));
    let upload = scan(&desk, &marie.get(&window).await, "first").await;
    let page = marie.get(&window).await;
    // 09:00 UTC is 10:00 in Luxembourg in November.
    assert!(page.text().contains("Phone connected: Pixel 8, 10:00, number 47"), "{}", page.text());
    assert!(qr(&page).is_none() && offers(&page, "disconnect") && !offers(&page, "cancel"));

    desk.app.store.count_pages(&upload, 2, desk.app.clock.now()).await.expect("answers").expect("counts");
    assert!(marie.get(&window).await.text().contains("Taking pictures: page 2"));

    assert_eq!(marie.post(&format!("{window}/disconnect"), &[]).await.status, StatusCode::SEE_OTHER);
    let page = marie.get(&window).await;
    assert!(page.text().contains("The phone is disconnected.") && offers(&page, "renew"));
    let upload = desk.app.store.upload(&upload).await.expect("reads").expect("an upload");
    assert_eq!(upload.status, Status::Ended(Code::Disconnected));
    assert!(marie.get("/activity").await.text().contains("Phone disconnected"));

    // A phone had the old ticket, so the new code is a ticket of its own, for the same place.
    let renewed = marie.post(&format!("{window}/renew"), &[]).await;
    let anew = renewed.location().trim_end_matches("#window");
    assert_ne!(anew, window);
    let page = marie.get(anew).await;
    assert!(qr(&page).is_some() && page.text().contains("Certificate of enrolment · Autumn"));
    let declined = scan(&desk, &page, "second").await;
    desk.app.store.decline(&declined, desk.app.clock.now()).await.expect("answers").expect("declines");
    assert!(marie.get(anew).await.text().contains("The phone said that this is not its document."));
}

#[tokio::test]
async fn logging_out_leaves_a_phone_that_has_redeemed_its_upload() {
    let desk = Desk::open().await;
    let marie = desk.marie().await;
    let window = marie.generate("grant-enrolment").await;
    let upload = scan(&desk, &marie.get(&window).await, "first").await;
    marie.post("/logout", &[]).await;
    let upload = desk.app.store.upload(&upload).await.expect("reads").expect("an upload");
    assert_eq!(upload.status, Status::Open);
}

#[tokio::test]
async fn a_session_ends_when_idle_and_at_its_limit() {
    let desk = Desk::open().await;
    let idle = desk.app.config.session.idle / 60;
    let marie = desk.marie().await;
    desk.later(idle - 1, 0);
    assert_eq!(marie.get("/procedures").await.status, StatusCode::OK);
    desk.later(idle - 1, 0);
    assert_eq!(marie.get("/procedures").await.status, StatusCode::OK, "seen a moment ago");
    desk.later(idle + 1, 0);
    assert_eq!(marie.get("/procedures").await.location(), "/login");
}

#[tokio::test]
async fn another_code_for_the_same_procedure_cancels_the_first() {
    let desk = Desk::open().await;
    let marie = desk.marie().await;
    let first = marie.generate("grant-enrolment").await;
    let second = marie.generate("grant-birth").await;
    assert!(qr(&marie.get(&first).await).is_none());
    assert!(qr(&marie.get(&second).await).is_some());
    assert_eq!(marie.post(&format!("{second}/cancel"), &[]).await.location(), GRANT);
    assert!(qr(&marie.get(&second).await).is_none());
}

#[tokio::test]
async fn a_typed_code_is_shown_once_and_dies_with_a_new_one() {
    let desk = Desk::open().await;
    let marie = desk.marie().await;
    let window = marie.generate("grant-enrolment").await;
    let shown = |page: &Answer| page.between("<b data-typed>", "</b>");
    let page = marie.post(&format!("{window}/typed"), &[]).await;
    let typed = shown(&page).expect("a code");
    assert_eq!((typed.len(), typed.as_bytes()[4]), (9, b'-'), "{typed}");
    protocol::typed_code::TypedCode::read(&typed).expect("reads");
    assert!(shown(&marie.get(&window).await).is_none());
    // Switching the language leads back to an address that can be asked for.
    assert_eq!(page.between("name=\"back\" value=\"", "\"").as_deref(), Some(&*window));
    let again = shown(&marie.post(&format!("{window}/typed"), &[]).await).expect("a code");
    assert_ne!(again, typed);
}

#[tokio::test]
async fn a_name_is_a_line_of_text() {
    let desk = Desk::open().await;
    let marie = desk.marie().await;
    let long = "ä".repeat(limits::DOCUMENT_NAME_CHARS);
    for (name, fine) in [("", true), ("<b>&", true), (&*long, true), ("a\nb", false), (&*format!("{long}a"), false)] {
        let answer = marie.post(&format!("{GRANT}/tickets"), &[("slot", "grant-enrolment"), ("name", name)]).await;
        assert_eq!(answer.status, if fine { StatusCode::SEE_OTHER } else { StatusCode::BAD_REQUEST }, "{name}");
        if name == "<b>&" {
            let page = marie.get(answer.location().trim_end_matches("#window")).await.text();
            assert!(!page.contains("<b>&"), "names are text, never markup");
        }
    }
    for fields in [[("slot", "elsewhere")], [("document_type", "Passport")], [("document_type", "")]] {
        let answer = marie.post(&format!("{GRANT}/tickets"), &fields).await;
        assert!(answer.status.is_client_error(), "{fields:?}");
    }
}

#[tokio::test]
async fn every_page_speaks_three_languages() {
    let desk = Desk::open().await;
    let mut marie = desk.marie().await;
    let window = marie.generate("grant-enrolment").await;
    for (language, procedures, attach) in [
        ("en", "My procedures", "Attach a supporting document"),
        ("fr", "Mes démarches", "Joindre un justificatif"),
        ("de", "Meine Vorgänge", "Einen Beleg anhängen"),
    ] {
        marie.language = language;
        for path in [
            "/login",
            "/espaces",
            "/procedures",
            GRANT,
            "/activity",
            "/documents/doc-birth/receipt",
            &window,
            "/procedures/study-grant/slots/grant-birth/history",
            "/procedures/study-grant/add/by/computer",
            "/procedures/nothing",
        ] {
            let page = marie.get(path).await.text();
            assert!(page.contains(&format!("<html lang=\"{language}\">")), "{language} {path}");
            assert!(!page.contains('…'), "{language} {path}: a text is missing");
            let placeholder = page.split('{').skip(1).any(|rest| rest.starts_with(|c: char| c.is_ascii_lowercase()));
            assert!(!placeholder, "{language} {path}: a placeholder is left");
        }
        assert!(marie.get("/procedures").await.text().contains(procedures));
        assert!(marie.get(&window).await.text().contains(attach));
    }
    // The switch beats the browser's list and comes back to where one was.
    let switched = marie.send("/language", &[("language", "fr"), ("back", GRANT)]).await;
    assert_eq!(switched.location(), GRANT);
    let cookie = switched.cookies()[0].split(';').next().expect("a cookie").to_owned();
    marie.cookies.push(cookie);
    assert!(marie.get(GRANT).await.text().contains("Mes démarches"));
    for elsewhere in ["//evil.example", "https://evil.example", "/\\evil.example", ""] {
        let answer = marie.send("/language", &[("language", "fr"), ("back", elsewhere)]).await;
        assert_eq!(answer.location(), "/", "{elsewhere}");
    }
}

#[tokio::test]
async fn my_computer_files_a_document_with_a_receipt() {
    let desk = Desk::open().await;
    let marie = desk.marie().await;
    let file = pdf(2, "");
    let fields = |csrf| [("csrf", csrf), ("slot", "grant-enrolment"), ("name", "Autumn")];
    let path = format!("{GRANT}/documents");
    assert_eq!(marie.upload(&path, &fields(marie.csrf()), &file).await.location(), GRANT);
    let page = marie.get(GRANT).await.text();
    assert!(page.contains("Nothing is missing") && page.contains("Autumn"));
    let slot = &desk.app.store.slots("study-grant").await.expect("slots")[0];
    let document = slot.document.clone().expect("a document");
    let receipt = marie.get(&format!("/documents/{}/receipt", document.id)).await.text();
    assert!(receipt.contains(&sha256(&file)) && receipt.contains(&document.receipt.number));

    let got = marie.get(&format!("/documents/{}", document.id)).await;
    assert_eq!(got.bytes, file);
    assert_eq!(got.header("content-type"), "application/pdf");
    assert!(got.header("content-disposition").starts_with("attachment; filename=\"Autumn.pdf\""));
    assert!(got.header("content-security-policy").starts_with("sandbox"));

    // 'Replace' keeps the type, and the old document in the history.
    let newer = pdf(1, "");
    assert_eq!(marie.upload(&path, &fields(marie.csrf())[..2], &newer).await.location(), GRANT);
    let history = marie.get(&format!("{GRANT}/slots/grant-enrolment/history")).await.text();
    assert_eq!(history.matches("from the computer").count(), 2);
    assert!(marie.get("/activity").await.text().contains("Document received: Certificate of enrolment"));
}

#[tokio::test]
async fn my_computer_adds_a_document_of_a_type() {
    let desk = Desk::open().await;
    let marie = desk.marie().await;
    let fields = [("csrf", marie.csrf()), ("slot", ""), ("document_type", "Rental contract")];
    assert_eq!(marie.upload(&format!("{GRANT}/documents"), &fields, &pdf(1, "")).await.location(), GRANT);
    let slots = desk.app.store.slots("study-grant").await.expect("slots");
    let new = slots.last().expect("a slot");
    assert_eq!((new.document_type.as_str(), new.required, new.document.is_some()), ("Rental contract", false, true));
}

#[tokio::test]
async fn a_refused_file_is_refused_in_words_and_the_form_is_kept() {
    let desk = Desk::open().await;
    let mut marie = desk.marie().await;
    let large = vec![b' '; limits::DOCUMENT_BYTES as usize + 1];
    let huge = vec![b' '; 60 << 20];
    let mut cut = pdf(1, "");
    cut.truncate(cut.len() - 20);
    for (file, reason) in [
        (&b""[..], "The file is empty."),
        (b"GIF89a, renamed", "It is not a PDF."),
        (&cut, "The PDF is damaged or incomplete."),
        (include_bytes!("../../tests/fixtures/pdf/encrypted.pdf"), "The PDF is protected with a password."),
        (&pdf(101, ""), "It has more than 100 pages."),
        (&large, "It is larger than 50 MB."),
        (&huge, "It is larger than 50 MB."),
    ] {
        let fields = [("csrf", marie.csrf()), ("document_type", "Rental contract"), ("name", "Flat")];
        let page = marie.upload(&format!("{GRANT}/documents"), &fields, file).await;
        assert_eq!(page.status, StatusCode::OK);
        let text = page.text();
        assert!(text.contains("The document was not accepted.") && text.contains(reason), "{reason}");
        assert!(text.contains("value=\"Flat\"") && text.contains("<option selected>Rental contract"), "{reason}");
        let back = page.between("name=\"back\" value=\"", "\"").expect("an address");
        assert_eq!(marie.get(&back).await.status, StatusCode::OK, "{back}");
    }
    assert_eq!(desk.app.store.slots("study-grant").await.expect("slots").len(), 4, "nothing was filed");
    marie.language = "de";
    let fields = [("csrf", marie.csrf()), ("slot", "grant-enrolment")];
    let page = marie.upload(&format!("{GRANT}/documents"), &fields, b"no pdf").await.text();
    assert!(page.contains("Das Dokument wurde nicht angenommen."), "{page}");
}

#[tokio::test]
async fn trouble_is_told_in_the_callers_language_with_a_next_step() {
    let desk = Desk::open().await;
    let mut browser: Browser<'_> = desk.browser();
    browser.language = "fr-LU,fr;q=0.9";
    let page = browser.get("/somewhere").await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    let text = page.text();
    assert!(text.contains("rien ici") && text.contains("Mes démarches") && text.contains("Folio Portal"), "{text}");
    assert!(!text.contains("There is nothing here"));
    // An address that only takes forms is no blank page either.
    assert!(browser.get("/logout").await.text().contains("rien ici"));
}
