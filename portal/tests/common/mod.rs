//! A whole portal in this process, on a port of its own, with a clock that stands still; and phones to call it.

#![allow(dead_code, reason = "each test file uses its part")]

pub mod desk;
pub mod linking;
pub mod nets;

use bytes::Bytes;
use client::{Client, ClientError, Https, Net, Pass, ProofKey, Stamp};
use jiff::{SignedDuration, Timestamp};
use portal::{
    App, Config,
    clock::ManualClock,
    files::Files,
    keys,
    store::{
        Store,
        model::{Maker, NewTicket, Place, Seed},
    },
};
use protocol::{
    Portal, Secret,
    api::{Action, Complete, RedeemBy, Redeemed, UploadState},
};
use rand_core::{TryCryptoRng, TryRng};
use sha2::{Digest, Sha256};
use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::net::TcpListener;
use url::Url;

/// The program that looks at documents: the portal itself.
pub const GATE: &str = env!("CARGO_BIN_EXE_portal");
pub const CITIZEN: &str = "mia";
pub const PROCEDURE: &str = "permit";
pub const SLOT: &str = "permit-plan";
/// 2026-11-24 09:00 UTC.
pub const START: i64 = 1_795_510_800;

pub struct TestPortal {
    pub app: App,
    pub clock: Arc<ManualClock>,
    pub origin: Url,
    pub folder: PathBuf,
    counter: AtomicU64,
    _kept: tempfile::TempDir,
}

impl TestPortal {
    pub async fn start() -> Self {
        Self::start_with(GATE.as_ref(), None).await
    }

    /// `files` stands in for the folder below the portal's data.
    pub async fn with_files(files: Files) -> Self {
        Self::start_with(GATE.as_ref(), Some(files)).await
    }

    /// `gate` looks at documents instead of the portal's own program.
    pub async fn with_gate(gate: &Path) -> Self {
        Self::start_with(gate, None).await
    }

    async fn start_with(gate: &Path, files: Option<Files>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("binds");
        let port = listener.local_addr().expect("address").port();
        let kept = tempfile::tempdir().expect("folder");
        let folder = kept.path().join("data");
        let clock = Arc::new(ManualClock::at(Timestamp::from_second(START).expect("time")));
        let config = Config { gate_program: Some(gate.into()), ..config(folder.clone(), port) };
        let app = App::open_with(config, clock.clone(), Arc::new(portal::rng::SystemRng), files).await.expect("opens");
        app.store.seed(&seed()).await.expect("seeds");
        let service = portal::router::router(app.clone()).into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, service).await });
        tokio::spawn(portal::intake::run(app.clone()));
        let origin = app.config.public_origin.clone();
        Self { app, clock, origin, folder, counter: AtomicU64::new(0), _kept: kept }
    }

    pub fn advance(&self, by: SignedDuration) {
        self.clock.advance(by);
    }

    /// A ticket for a new document.
    pub async fn ticket(&self) -> Ticket {
        let n = self.counter.fetch_add(1, Ordering::SeqCst);
        ticket(&*self.app.store, n, add(), Timestamp::from_second(START).expect("time")).await
    }

    /// A ticket for the slot as it is now.
    pub async fn ticket_for_slot(&self) -> Ticket {
        let n = self.counter.fetch_add(1, Ordering::SeqCst);
        let slots = self.app.store.slots(PROCEDURE).await.expect("slots");
        let slot = slots.into_iter().find(|slot| slot.id == SLOT).expect("slot");
        let action = if slot.document.is_some() { Action::Replace } else { Action::Attach };
        let place = Place { action, slot: Some((slot.id, slot.version)), document_type: slot.document_type, ..add() };
        ticket(&*self.app.store, n, place, Timestamp::from_second(START).expect("time")).await
    }

    pub fn phone(&self, seed: u64) -> Phone {
        Phone::new(&self.origin, seed)
    }

    /// A phone that has redeemed a fresh ticket.
    pub async fn connected(&self, seed: u64) -> (Phone, Pass) {
        let ticket = self.ticket().await;
        let phone = self.phone(seed);
        let pass = phone.redeem(&ticket).await.expect("redeems").1;
        (phone, pass)
    }
}

pub fn config(data: PathBuf, port: u16) -> Config {
    let issuer = Url::parse("http://127.0.0.1:1").expect("url");
    let config = portal::demo::config(data, port, issuer).expect("config");
    Config { gate_program: Some(GATE.into()), ..config }
}

#[derive(Debug, Clone)]
pub struct Ticket {
    pub id: String,
    pub secret: Secret<String>,
}

pub fn add() -> Place {
    Place {
        procedure: PROCEDURE.into(),
        action: Action::Add,
        document_type: "Certificate of enrolment".into(),
        slot: None,
        name: Some("Autumn".into()),
    }
}

pub async fn ticket(store: &dyn Store, n: u64, place: Place, now: Timestamp) -> Ticket {
    let secret =
        base64::Engine::encode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, Sha256::digest(n.to_be_bytes()));
    let ticket = Ticket { id: format!("ticket-{n}"), secret: Secret::new(secret) };
    let row = NewTicket {
        id: ticket.id.clone(),
        secret: keys::hash(ticket.secret.expose()),
        sealed: Some(vec![1]),
        citizen: CITIZEN.into(),
        // A session of its own: a session's new ticket for a procedure cancels the one before.
        maker: Maker::Session { id: n.to_be_bytes().to_vec(), ends: now + SignedDuration::from_hours(10) },
        place,
        created: now,
        expires: now + SignedDuration::from_secs(protocol::limits::TICKET_SECONDS),
    };
    store.make_ticket(&row).await.expect("makes a ticket");
    ticket
}

pub fn seed() -> Seed {
    serde_json::from_value(serde_json::json!({
        "citizens": [
            { "id": CITIZEN, "iss": "https://id.example", "sub": "1", "name": "Mia Weber" },
            { "id": "tom", "iss": "https://id.example", "sub": "2", "name": "Tom Klein" },
        ],
        "espaces": [{
            "id": "private", "name": "Private eSpace", "kind": "private",
            "editors": [CITIZEN], "readers": ["tom"],
            "procedures": [{
                "id": PROCEDURE, "title": "Building permit", "active": true,
                "document_types": ["Certificate of enrolment"],
                "slots": [{ "id": SLOT, "document_type": "Site plan", "required": true }],
            }],
        }],
    }))
    .expect("seed")
}

/// Chance from a seed (SplitMix64): enough to be different, never enough to be secret.
pub struct Seeded(pub u64);

impl Seeded {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

impl TryRng for Seeded {
    type Error = std::convert::Infallible;
    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        Ok(self.next() as u32)
    }
    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        Ok(self.next())
    }
    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Self::Error> {
        for chunk in bytes.chunks_mut(8) {
            chunk.copy_from_slice(&self.next().to_le_bytes()[..chunk.len()]);
        }
        Ok(())
    }
}
impl TryCryptoRng for Seeded {}

/// A phone's clock and chance. The clock may be anything.
pub struct PhoneStamp {
    pub iat: AtomicI64,
    rng: Mutex<Seeded>,
}

impl Stamp for PhoneStamp {
    fn iat(&self) -> i64 {
        self.iat.load(Ordering::SeqCst)
    }
    fn jti(&self) -> [u8; 16] {
        let mut jti = [0; 16];
        let mut rng = self.rng.lock().expect("lock");
        rng.try_fill_bytes(&mut jti).unwrap_or_else(|never| match never {});
        jti
    }
}

pub struct Phone {
    pub client: Client,
    pub key: ProofKey,
    pub stamp: Arc<PhoneStamp>,
}

impl Phone {
    pub fn new(origin: &Url, seed: u64) -> Self {
        Self::with_net(origin, seed, Arc::new(Https::with_loopback().expect("client")))
    }

    pub fn with_net(origin: &Url, seed: u64, net: Arc<dyn Net>) -> Self {
        let stamp = Arc::new(PhoneStamp { iat: AtomicI64::new(START), rng: Mutex::new(Seeded(seed)) });
        let portal = Portal { name: "Test".into(), origin: origin.clone(), link_origin: origin.clone() };
        Self {
            client: Client::new(portal, net, stamp.clone(), "0.1.0"),
            key: ProofKey::draw(&mut Seeded(seed ^ 0xfeed)),
            stamp,
        }
    }

    pub async fn redeem(&self, ticket: &Ticket) -> Result<(Redeemed, Pass), ClientError> {
        self.redeem_by(RedeemBy::Ticket(ticket.secret.clone())).await
    }

    pub async fn redeem_by(&self, by: RedeemBy) -> Result<(Redeemed, Pass), ClientError> {
        let redeemed = self.client.redeem(by, "Pixel 8", &self.key, None).await?;
        let pass =
            Pass { upload: redeemed.upload.clone(), credential: redeemed.credential.clone(), key: self.key.clone() };
        Ok((redeemed, pass))
    }

    /// Sends the document in pieces and hands it in.
    pub async fn send(&self, pass: &Pass, document: &[u8], piece: usize) -> Result<UploadState, ClientError> {
        let mut offset = self.client.begin(pass, document.len() as u64).await? as usize;
        while offset < document.len() {
            let end = document.len().min(offset + piece);
            offset =
                self.client.patch(pass, offset as u64, Bytes::copy_from_slice(&document[offset..end])).await? as usize;
        }
        self.client.complete(pass, &complete(document)).await
    }

    /// The state once the check is over.
    pub async fn settled(&self, pass: &Pass) -> UploadState {
        within(async {
            loop {
                match self.client.state(pass).await.expect("answers") {
                    UploadState::Checking => tokio::task::yield_now().await,
                    state => return state,
                }
            }
        })
        .await
    }

    /// Sends, hands in, and waits for the answer.
    pub async fn deliver(&self, pass: &Pass, document: &[u8]) -> UploadState {
        self.send(pass, document, 300).await.expect("sends");
        self.settled(pass).await
    }
}

pub fn complete(document: &[u8]) -> Complete {
    Complete { sha256: sha256(document), pages: 1 }
}

pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// No test hangs for ever.
pub async fn within<T>(work: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(60), work).await.expect("came to an end within a minute")
}

/// A PDF of about so many bytes.
pub fn padded_pdf(bytes: usize) -> Vec<u8> {
    pdf(1, &format!("/Padding ({})", "x".repeat(bytes)))
}

/// A PDF of so many pages, and a `Trailer` entry of the test's own.
pub fn pdf(pages: usize, trailer: &str) -> Vec<u8> {
    let kids: Vec<String> = (0..pages).map(|page| format!("{} 0 R", page + 3)).collect();
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        format!("<< /Type /Pages /Count {pages} /Kids [{}] >>", kids.join(" ")),
    ];
    objects.extend((0..pages).map(|_| "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>".to_owned()));
    let mut pdf = String::from("%PDF-1.7\n");
    let mut offsets = Vec::new();
    for (number, object) in objects.iter().enumerate() {
        offsets.push(pdf.len());
        pdf += &format!("{} 0 obj\n{object}\nendobj\n", number + 1);
    }
    let start = pdf.len();
    pdf += &format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for offset in offsets {
        pdf += &format!("{offset:010} 00000 n \n");
    }
    pdf += &format!("trailer\n<< /Size {} /Root 1 0 R {trailer} >>\nstartxref\n{start}\n%%EOF\n", objects.len() + 1);
    pdf.into_bytes()
}
