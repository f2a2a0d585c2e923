//! The window beside a procedure: from where, which type, the code and what the phone does.

use super::frame::Frame;
use crate::{
    App,
    error::Error,
    store::model::*,
    tickets::{self, PlaceForm},
};
use fast_qr::{ECL, QRBuilder};
use protocol::{Reason, api::Action, limits, typed_code::TypedCode};

/// What the window is to show.
pub enum Window {
    Closed,
    /// 'My computer' or 'My mobile app'.
    Choose {
        slot: Option<Slot>,
    },
    /// Type (for 'Add'), name, then 'Generate'.
    App {
        slot: Option<Slot>,
    },
    /// Type (for 'Add'), name, file.
    Computer {
        slot: Option<Slot>,
    },
    /// The chosen file was refused; the form is kept.
    Refused {
        reason: Reason,
        form: PlaceForm,
    },
    Code(Box<CodeWindow>),
}

impl Window {
    /// Where this window can be asked for.
    pub fn address(&self, procedure: &str) -> String {
        let base = |slot: Option<&str>| match slot {
            None => format!("/procedures/{procedure}/add"),
            Some(slot) => format!("/procedures/{procedure}/slots/{slot}"),
        };
        let of = |slot: &Option<Slot>| base(slot.as_ref().map(|slot| &*slot.id));
        match self {
            Window::Closed => format!("/procedures/{procedure}"),
            Window::Choose { slot } => of(slot),
            Window::App { slot } => of(slot) + "/by/app",
            Window::Computer { slot } => of(slot) + "/by/computer",
            Window::Refused { form, .. } => base(Some(&*form.slot).filter(|slot| !slot.is_empty())) + "/by/computer",
            Window::Code(code) => code.base(),
        }
    }

    pub fn details(by: &str, slot: Option<Slot>) -> Self {
        if by == "computer" { Window::Computer { slot } } else { Window::App { slot } }
    }
}

/// The code and the phone's state.
pub struct CodeWindow {
    pub ticket: Ticket,
    /// An SVG element; absent once the code cannot be redeemed.
    pub qr: Option<String>,
    /// Address of the code, for a browser on the phone itself.
    pub here: Option<String>,
    pub typed: Option<String>,
    /// Seconds until the code expires.
    pub seconds: i64,
    pub may_extend: bool,
}

pub fn code(app: &App, ticket: &Ticket, typed: Option<&TypedCode>) -> Result<CodeWindow, Error> {
    let text = tickets::qr_text(app, ticket);
    let qr = text.as_ref().map(|text| svg(text.expose())).transpose()?;
    let seconds = (ticket.expires.as_second() - app.clock.now().as_second()).max(0);
    let may_extend =
        qr.is_some() && ticket.extensions < limits::TICKET_EXTENSIONS && ticket.expires < ticket.session_ends;
    Ok(CodeWindow {
        ticket: ticket.clone(),
        qr,
        here: text.map(|text| text.expose().clone()),
        typed: typed.map(TypedCode::shown),
        seconds,
        may_extend,
    })
}

/// Modules as one path on white: scanners need the quiet zone and the contrast in dark mode too.
pub(super) fn svg(text: &str) -> Result<String, Error> {
    use std::fmt::Write;
    let code = QRBuilder::new(text).ecl(ECL::M).build().map_err(|_| Error::Internal("the code does not fit"))?;
    let mut path = String::new();
    for row in 0..code.size {
        for column in (0..code.size).filter(|column| code[row][*column].value()) {
            let _ = write!(path, "M{} {}h1v1h-1z", column + 4, row + 4);
        }
    }
    let side = code.size + 8;
    Ok(format!(
        r##"<svg class="qr" viewBox="0 0 {side} {side}" shape-rendering="crispEdges" aria-hidden="true"><rect width="{side}" height="{side}" fill="#fff"/><path fill="#000" d="{path}"/></svg>"##
    ))
}

/// The window as the template reads it.
pub struct Shown {
    pub kind: &'static str,
    /// Heading: 'Add a supporting document' or 'Attach a supporting document'.
    pub heading: &'static str,
    pub document_type: String,
    pub slot: String,
    pub name: String,
    pub types: Vec<String>,
    pub reason: &'static str,
    pub code: Option<Box<CodeWindow>>,
}

impl Shown {
    pub fn new(window: Window, frame: &Frame, types: Vec<String>, slots: &[Slot]) -> Self {
        let of = |kind, slot: Option<Slot>| Shown {
            kind,
            heading: frame.t(if slot.is_some() {
                "label.attach_supporting_document"
            } else {
                "label.add_supporting_document"
            }),
            document_type: slot.as_ref().map(|slot| slot.document_type.clone()).unwrap_or_default(),
            slot: slot.map(|slot| slot.id).unwrap_or_default(),
            name: String::new(),
            types: types.clone(),
            reason: "",
            code: None,
        };
        match window {
            Window::Closed => of("closed", None),
            Window::Choose { slot } => of("choose", slot),
            Window::App { slot } => of("app", slot),
            Window::Computer { slot } => of("computer", slot),
            Window::Refused { reason, form } => {
                let slot = slots.iter().find(|slot| slot.id == form.slot).cloned();
                let mut shown = of("computer", slot);
                shown.name = form.name;
                if shown.slot.is_empty() {
                    shown.document_type = form.document_type;
                }
                shown.reason = frame.t(reason_key(reason));
                shown
            }
            Window::Code(code) => {
                let slot = code.ticket.place.slot.as_ref().and_then(|(id, _)| slots.iter().find(|slot| slot.id == *id));
                let mut shown = of("code", slot.cloned());
                if code.ticket.place.action != Action::Add {
                    shown.heading = frame.t("label.attach_supporting_document");
                }
                shown.document_type = code.ticket.place.document_type.clone();
                shown.name = code.ticket.place.name.clone().unwrap_or_default();
                shown.code = Some(code);
                shown
            }
        }
    }

    /// Address of the window without its last choice.
    pub fn base(&self, procedure: &str) -> String {
        if self.slot.is_empty() {
            format!("/procedures/{procedure}/add")
        } else {
            format!("/procedures/{procedure}/slots/{}", self.slot)
        }
    }
}

impl CodeWindow {
    /// Address of the ticket.
    pub fn base(&self) -> String {
        format!("/procedures/{}/tickets/{}", self.ticket.place.procedure, self.ticket.id)
    }

    /// A code that nobody has scanned yet and that still can be.
    pub fn waits(&self) -> bool {
        self.qr.is_some()
    }

    /// Whether a phone is at work that the citizen can still send away.
    pub fn busy(&self) -> bool {
        matches!(self.state(), "open" | "checking" | "slot_changed")
    }

    /// Minutes and seconds that are left.
    pub fn countdown(&self) -> String {
        format!("{:02}:{:02}", self.seconds / 60, self.seconds % 60)
    }

    pub fn connected(&self) -> bool {
        self.ticket.upload.as_ref().is_some_and(|upload| upload.state != "ended")
    }

    /// Text key of what ended it, where something did.
    pub fn ended(&self) -> &'static str {
        let upload = self.ticket.upload.as_ref();
        match (self.ticket.state, upload.map(|upload| (&*upload.state, upload.cause.as_deref().unwrap_or_default()))) {
            (_, Some(("ended", "disconnected"))) => "portal.live.disconnected",
            (_, Some(("ended", "device_revoked"))) => "portal.live.device_revoked",
            (_, Some(("ended", "declined"))) => "portal.live.declined",
            (_, Some(("ended", "right_lost"))) => "portal.live.right_lost",
            (_, Some(("ended", _))) => "portal.live.ended",
            (TicketState::Cancelled, None) => "portal.live.cancelled",
            (TicketState::Expired, None) => "portal.live.expired",
            (TicketState::New, None) if self.seconds == 0 => "portal.live.expired",
            _ => "",
        }
    }

    /// State of the upload, or empty.
    pub fn state(&self) -> &str {
        self.ticket.upload.as_ref().map_or("", |upload| &upload.state)
    }

    /// Text key of the reason of a refusal.
    pub fn refusal(&self) -> &'static str {
        let cause = self.ticket.upload.as_ref().and_then(|upload| upload.cause.clone()).unwrap_or_default();
        serde_json::from_value(serde_json::Value::String(cause)).map_or("reason.damaged", reason_key)
    }

    /// Which phone, since when, and the digits it shows too.
    pub fn phone(&self, frame: &Frame) -> String {
        self.ticket.upload.as_ref().map_or_else(String::new, |upload| {
            let time = frame.clock(&upload.since);
            let known = upload.device.as_deref();
            let values = [
                ("model", known.unwrap_or(&upload.model)),
                ("time", &time),
                ("digits", upload.digits.as_deref().unwrap_or_default()),
            ];
            frame
                .language
                .fill(if known.is_some() { "portal.live.connected_own" } else { "portal.live.connected" }, &values)
        })
    }

    /// Where things stand, in a sentence for who cannot see them change. Percents would be noise.
    pub fn say(&self, frame: &Frame) -> String {
        if !self.ended().is_empty() {
            return frame.t(self.ended()).to_owned();
        }
        match (self.state(), self.pages()) {
            ("", _) => frame.t("portal.live.waiting").to_owned(),
            ("open", _) if self.sending() => frame.t("portal.live.send").to_owned(),
            ("open", 0) => self.phone(frame),
            ("open", pages) => frame.fill("portal.live.page", "page", pages),
            ("checking", _) => frame.t("portal.live.checking").to_owned(),
            ("refused", _) => format!("{} {}", frame.t("portal.refused"), frame.t(self.refusal())),
            ("slot_changed", _) => frame.t("portal.live.slot_changed").to_owned(),
            _ => frame.t("portal.received").to_owned(),
        }
    }

    pub fn pages(&self) -> u32 {
        self.ticket.upload.as_ref().map_or(0, |upload| upload.page_count)
    }

    /// Whole percent of the bytes that arrived.
    pub fn percent(&self) -> u64 {
        let Some(upload) = &self.ticket.upload else { return 0 };
        upload.length.filter(|length| *length > 0).map_or(0, |length| 100 * upload.offset / length)
    }

    /// Every byte has arrived.
    pub fn sent(&self) -> bool {
        self.connected() && self.state() != "open"
    }

    pub fn sending(&self) -> bool {
        self.state() == "open" && self.ticket.upload.as_ref().is_some_and(|upload| upload.length.is_some())
    }
}

fn reason_key(reason: Reason) -> &'static str {
    match reason {
        Reason::Empty => "reason.empty",
        Reason::TooLarge => "reason.too_large",
        Reason::DigestMismatch => "reason.digest_mismatch",
        Reason::NotPdf => "reason.not_pdf",
        Reason::Damaged => "reason.damaged",
        Reason::Encrypted => "reason.encrypted",
        Reason::NoPages => "reason.no_pages",
        Reason::TooManyPages => "reason.too_many_pages",
        Reason::ActiveContent => "reason.active_content",
    }
}
