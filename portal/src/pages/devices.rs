//! 'Linked devices', the window of a link code, and the question before unlinking.

use super::{frame::Frame, html, window};
use crate::{
    App,
    caller::SignedIn,
    devices,
    error::Error,
    store::{
        devices::Device,
        links::{Link, LinkEnd, Stage},
        model::Means,
    },
};
use askama::Template;
use axum::response::Response;

#[derive(Template)]
#[template(path = "devices.html")]
struct DevicesPage {
    frame: Frame,
    devices: Vec<Device>,
    /// By which the citizen has to log in again before linking; empty where the login is fresh.
    means: Vec<Means>,
}

pub async fn list(app: &App, who: &SignedIn, devices: Vec<Device>, means: Vec<Means>) -> Result<Response, Error> {
    let frame = Frame::account(app, who, "portal.devices.title").await?;
    html(&DevicesPage { frame, devices, means })
}

#[derive(Template)]
#[template(path = "unlink.html")]
struct UnlinkPage {
    frame: Frame,
    device: Device,
}

pub async fn unlink(app: &App, who: &SignedIn, device: Device) -> Result<Response, Error> {
    let mut frame = Frame::account(app, who, "").await?;
    frame.heading = frame.fill("portal.devices.unlink_ask", "device", &device.name);
    html(&UnlinkPage { frame, device })
}

#[derive(Template)]
#[template(path = "link.html")]
struct LinkPage {
    frame: Frame,
    link: Link,
    stage: &'static str,
    /// An SVG element and its text, while a phone may show the code.
    qr: Option<String>,
    text: String,
    /// Left in this stage.
    seconds: i64,
}

pub async fn link(app: &App, who: &SignedIn, link: Link) -> Result<Response, Error> {
    let text = devices::qr_text(app, &link);
    let page = LinkPage {
        frame: Frame::account(app, who, "label.link_device").await?,
        stage: link.stage.key(),
        qr: text.as_ref().map(|text| window::svg(text.expose())).transpose()?,
        text: text.map(|text| text.expose().clone()).unwrap_or_default(),
        seconds: (link.expires.as_second() - app.clock.now().as_second()).max(0),
        link,
    };
    html(&page)
}

impl LinkPage {
    fn base(&self) -> String {
        format!("/devices/links/{}", self.link.id.0)
    }

    /// Minutes and seconds that are left.
    fn countdown(&self) -> String {
        format!("{:02}:{:02}", self.seconds / 60, self.seconds % 60)
    }

    /// How it stands, in a sentence.
    fn say(&self) -> String {
        let frame = &self.frame;
        let device = self.link.device.as_deref().unwrap_or(&self.link.model);
        match self.link.stage {
            Stage::New => frame.t("portal.live.waiting").to_owned(),
            Stage::Asked => frame.fill("portal.link.asked", "model", &self.link.model),
            Stage::Picking => frame.t("portal.link.pick").to_owned(),
            Stage::Matched => frame.t("portal.link.matched").to_owned(),
            Stage::Finished => frame.fill("portal.link.finished", "device", device),
            Stage::Ended(end) => frame.t(ended(end)).to_owned(),
        }
    }
}

fn ended(end: LinkEnd) -> &'static str {
    match end {
        LinkEnd::Expired => "portal.link.expired",
        LinkEnd::WrongNumber => "portal.link.wrong",
        LinkEnd::NoneOfThese => "portal.link.none_picked",
        LinkEnd::Declined => "portal.link.declined",
        LinkEnd::Cancelled => "portal.link.cancelled",
    }
}
