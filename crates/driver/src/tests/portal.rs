//! A portal in memory behind the `Net` port: enough of the protocol for one phone, and faults where a test wants them.

use bytes::Bytes;
use client::{Net, NetError, Sending};
use http::{Method, Request, Response, StatusCode};
use protocol::{
    Code, Problem, Reason,
    api::{Complete, Receipt, Redeem, SlotAnswer, SlotChoice, UploadState},
};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::sync::{
    Mutex,
    atomic::{AtomicUsize, Ordering},
};
use tokio::sync::Notify;

/// What happens to one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It never arrives.
    Unreachable,
    /// It arrives, and the answer is lost.
    LostReply,
    /// Nothing comes back, ever; before or after it has arrived.
    Hangs { arrived: bool },
    /// Somebody else answers.
    HotelPage,
}

#[derive(Debug, Default)]
struct State {
    /// Key of the phone that redeemed the ticket.
    holder: Option<String>,
    redeems: usize,
    length: Option<u64>,
    received: Vec<u8>,
    decided: Option<UploadState>,
    pages: Vec<u32>,
    declined: bool,
    /// What `complete` decides.
    verdict: Verdict,
    /// A refusal for every call of the holder.
    ended: Option<Code>,
    accepted: usize,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Verdict {
    #[default]
    Accept,
    Refuse(Reason),
    SlotChanged,
}

/// Asked for every request, by number.
type Plan = Box<dyn Fn(usize, &str) -> Option<Fault> + Send + Sync>;

pub struct FakePortal {
    state: Mutex<State>,
    requests: AtomicUsize,
    plan: Mutex<Plan>,
    /// Told when a request hangs.
    pub hanging: Notify,
}

impl Default for FakePortal {
    fn default() -> Self {
        Self {
            state: Mutex::default(),
            requests: AtomicUsize::new(0),
            plan: Mutex::new(Box::new(|_, _| None)),
            hanging: Notify::new(),
        }
    }
}

impl FakePortal {
    pub fn plan(&self, plan: impl Fn(usize, &str) -> Option<Fault> + Send + Sync + 'static) {
        *self.plan.lock().unwrap() = Box::new(plan);
    }

    pub fn decide(&self, verdict: Verdict) {
        self.state.lock().unwrap().verdict = verdict;
    }

    pub fn end(&self, code: Code) {
        self.state.lock().unwrap().ended = Some(code);
    }

    pub fn stored(&self) -> Vec<u8> {
        self.state.lock().unwrap().received.clone()
    }

    pub fn accepted(&self) -> usize {
        self.state.lock().unwrap().accepted
    }

    pub fn declined(&self) -> bool {
        self.state.lock().unwrap().declined
    }

    pub fn told_pages(&self) -> Vec<u32> {
        self.state.lock().unwrap().pages.clone()
    }

    pub fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }

    fn answer(&self, request: &Request<Bytes>) -> Response<Bytes> {
        let mut state = self.state.lock().unwrap();
        let path = request.uri().path();
        if path == "/api/v1/tickets/redeem" {
            return redeem(&mut state, request);
        }
        let credential = request.headers().get("authorization").and_then(|value| value.to_str().ok());
        if credential != Some(&format!("DPoP credential-{}", state.redeems)) {
            return problem(Code::CredentialInvalid);
        }
        if let Some(code) = state.ended {
            return problem(code);
        }
        let Some(tail) = path.strip_prefix("/api/v1/uploads/one") else { return problem(Code::NotFound) };
        match (request.method(), tail) {
            (&Method::GET, "") => json_reply(&state.upload()),
            (&Method::POST, "/decline") => {
                state.declined = true;
                empty(StatusCode::NO_CONTENT)
            }
            (&Method::POST, "/pages") => {
                let pages: protocol::api::Pages = serde_json::from_slice(request.body()).unwrap();
                state.pages.push(pages.count);
                empty(StatusCode::NO_CONTENT)
            }
            (&Method::POST, "/file") => {
                state.length = Some(header(request, "upload-length"));
                empty(StatusCode::CREATED)
            }
            (&Method::DELETE, "/file") => {
                (state.length, state.received) = (None, Vec::new());
                empty(StatusCode::NO_CONTENT)
            }
            (&Method::HEAD, "/file") if state.length.is_none() => empty(StatusCode::NOT_FOUND),
            (&Method::HEAD, "/file") => offset(&state),
            (&Method::PATCH, "/file") if header(request, "upload-offset") != state.received.len() as u64 => {
                problem(Code::OffsetMismatch)
            }
            (&Method::PATCH, "/file") => {
                state.received.extend_from_slice(request.body());
                offset(&state)
            }
            (&Method::POST, "/complete") => {
                let complete: Complete = serde_json::from_slice(request.body()).unwrap();
                state.complete(&complete)
            }
            (&Method::POST, "/slot") => {
                let answer: SlotAnswer = serde_json::from_slice(request.body()).unwrap();
                state.decided = Some(match answer.choice {
                    SlotChoice::Replace => state.accept(2),
                    SlotChoice::Discard => UploadState::Ended { code: Code::UploadEnded },
                });
                json_reply(&state.upload())
            }
            other => panic!("no such route: {other:?}"),
        }
    }
}

impl State {
    fn upload(&self) -> UploadState {
        self.decided.clone().unwrap_or(UploadState::Open {
            offset: self.received.len() as u64,
            length: self.length,
            expires: jiff::Timestamp::from_second(2_000_000_000).unwrap(),
        })
    }

    fn accept(&mut self, pages: u32) -> UploadState {
        self.accepted += 1;
        let received_at = jiff::Timestamp::from_second(1_900_000_000).unwrap();
        let (bytes, sha256) = (self.received.len() as u64, hex(&self.received));
        UploadState::Accepted { receipt: Receipt { number: "K7M2-94QD".into(), received_at, pages, bytes, sha256 } }
    }

    fn complete(&mut self, complete: &Complete) -> Response<Bytes> {
        if self.decided.is_none() {
            if self.length != Some(self.received.len() as u64) {
                return problem(Code::Incomplete);
            }
            if complete.sha256 != hex(&self.received) {
                return problem(Code::DigestMismatch);
            }
            self.decided = Some(match self.verdict {
                Verdict::Accept => self.accept(complete.pages),
                Verdict::Refuse(reason) => UploadState::Refused { reason },
                Verdict::SlotChanged => UploadState::SlotChanged,
            });
            // The check takes a moment: the first answer never knows.
            return json_reply(&UploadState::Checking);
        }
        json_reply(&self.upload())
    }
}

fn redeem(state: &mut State, request: &Request<Bytes>) -> Response<Bytes> {
    let redeem: Redeem = serde_json::from_slice(request.body()).unwrap();
    assert_eq!(redeem.device.model, "Test phone");
    let proof = request.headers()["dpop"].to_str().unwrap();
    let head = base64_json(proof.split('.').next().unwrap());
    let key = head["jwk"].to_string();
    if state.holder.as_ref().is_some_and(|holder| *holder != key) {
        return problem(Code::TicketUsed);
    }
    state.holder = Some(key);
    state.redeems += 1;
    json_reply(&json!({
        "upload": "one",
        "credential": format!("credential-{}", state.redeems),
        "context": {
            "owner": "M… Weber", "espace": "Private", "procedure": "Study grant",
            "action": "attach", "document": "Certificate", "name": null,
        },
        "limits": { "bytes": 50 << 20, "pages": 100 },
        "match": "47",
        "expires": "2033-05-18T03:33:20Z",
    }))
}

impl Net for FakePortal {
    fn send(&self, request: Request<Bytes>) -> Sending<'_> {
        Box::pin(async move {
            let number = self.requests.fetch_add(1, Ordering::SeqCst);
            let fault = (self.plan.lock().unwrap())(number, request.uri().path());
            match fault {
                None => Ok(self.answer(&request)),
                Some(Fault::Unreachable) => Err(NetError::Unreachable),
                Some(Fault::LostReply) => {
                    self.answer(&request);
                    Err(NetError::TimedOut)
                }
                Some(Fault::HotelPage) => Ok(Response::new(Bytes::from_static(b"<html>Welcome to the hotel"))),
                Some(Fault::Hangs { arrived }) => {
                    if arrived {
                        self.answer(&request);
                    }
                    self.hanging.notify_one();
                    std::future::pending().await
                }
            }
        })
    }
}

pub fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn header(request: &Request<Bytes>, name: &str) -> u64 {
    request.headers()[name].to_str().unwrap().parse().unwrap()
}

fn base64_json(text: &str) -> serde_json::Value {
    use base64::Engine;
    serde_json::from_slice(&base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(text).unwrap()).unwrap()
}

fn json_reply(value: &impl serde::Serialize) -> Response<Bytes> {
    Response::new(Bytes::from(serde_json::to_vec(value).unwrap()))
}

fn empty(status: StatusCode) -> Response<Bytes> {
    let mut reply = Response::new(Bytes::new());
    *reply.status_mut() = status;
    reply
}

fn offset(state: &State) -> Response<Bytes> {
    let mut reply = empty(StatusCode::NO_CONTENT);
    reply.headers_mut().insert("upload-offset", (state.received.len() as u64).into());
    reply
}

fn problem(code: Code) -> Response<Bytes> {
    let status = code.status();
    let title = "No".to_owned();
    let problem = Problem {
        kind: "about:blank".into(),
        title,
        status: status.as_u16(),
        code,
        detail: None,
        reference: "R1".into(),
    };
    let mut reply = json_reply(&problem);
    *reply.status_mut() = status;
    reply
}
