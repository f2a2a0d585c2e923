//! Around every page: language, who is signed in, tabs, and how sizes and times are written.

use crate::{
    App,
    caller::{self, Anyone, Member, SignedIn},
    config::Site,
    error::Error,
    store::{devices::Device, model::*},
    texts::Language,
};
use jiff::{Timestamp, tz::TimeZone};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tab {
    None,
    Procedures,
    Devices,
    Activity,
}

pub struct Frame {
    pub language: Language,
    pub site: Site,
    pub heading: String,
    pub path: String,
    pub tab: Tab,
    /// Token for forms; empty where nobody is signed in.
    pub csrf: String,
    /// Name of the citizen; empty where nobody is signed in.
    pub citizen: String,
    /// Name of the eSpace; empty before one is chosen.
    pub espace: String,
    pub several_espaces: bool,
    /// Phones linked before this login, until the citizen has read it.
    pub news: Vec<Device>,
    zone: TimeZone,
}

impl Frame {
    pub fn bare(language: Language, site: &Site, heading: &str) -> Self {
        Self {
            language,
            site: site.clone(),
            heading: if heading.is_empty() { String::new() } else { language.text(heading).to_owned() },
            path: "/".into(),
            tab: Tab::None,
            csrf: String::new(),
            citizen: String::new(),
            espace: String::new(),
            several_espaces: false,
            news: Vec::new(),
            zone: TimeZone::UTC,
        }
    }

    pub fn anyone(anyone: &Anyone, heading: &str) -> Self {
        Self { path: anyone.path.clone(), ..Self::bare(anyone.language, &anyone.site, heading) }
    }

    pub fn signed_in(app: &App, who: &SignedIn, heading: &str) -> Self {
        Self {
            path: who.path.clone(),
            csrf: who.session.csrf.clone(),
            citizen: who.citizen.name.clone(),
            news: who.news.clone(),
            zone: app.zone.clone(),
            ..Self::bare(who.language, &who.site, heading)
        }
    }

    pub fn member(app: &App, member: &Member, heading: &str, tab: Tab) -> Self {
        Self {
            tab,
            espace: member.espace.name.clone(),
            several_espaces: member.several,
            ..Self::signed_in(app, &member.who, heading)
        }
    }

    /// What concerns the account, in whichever eSpace the citizen is.
    pub async fn account(app: &App, who: &SignedIn, heading: &str) -> Result<Self, Error> {
        let (espace, several_espaces) = caller::chosen(app, who).await?;
        let espace = espace.map(|espace| espace.name).unwrap_or_default();
        Ok(Self { tab: Tab::Devices, espace, several_espaces, ..Self::signed_in(app, who, heading) })
    }

    /// The text of a key.
    pub fn t(&self, key: &str) -> &'static str {
        self.language.text(key)
    }

    /// A text with one placeholder.
    pub fn fill(&self, key: &str, name: &str, value: impl ToString) -> String {
        self.language.fill(key, &[(name, &value.to_string())])
    }

    pub fn count(&self, key: &str, count: &u32) -> String {
        self.language.count(key, u64::from(*count), &[])
    }

    /// How many of a procedure's required documents are missing.
    pub fn missing(&self, procedure: &Procedure) -> String {
        let required = procedure.required.to_string();
        match procedure.missing {
            0 => self.t("portal.missing.none").to_owned(),
            missing => self.language.count("portal.missing", u64::from(missing), &[("required", &required)]),
        }
    }

    pub fn tab_is(&self, tab: &str) -> bool {
        let name = match self.tab {
            Tab::None => "",
            Tab::Procedures => "procedures",
            Tab::Devices => "devices",
            Tab::Activity => "activity",
        };
        name == tab
    }

    pub fn speaks(&self, tag: &str) -> bool {
        self.language.tag() == tag
    }

    pub fn languages(&self) -> [(&'static str, &'static str); 3] {
        [("en", "English"), ("fr", "Français"), ("de", "Deutsch")]
    }

    /// Day and minute in the portal's zone.
    pub fn moment(&self, at: &Timestamp) -> String {
        let pattern = if self.language == Language::De { "%d.%m.%Y, %H:%M" } else { "%d/%m/%Y, %H:%M" };
        at.to_zoned_datetime(self.zone.clone()).strftime(pattern).to_string()
    }

    pub fn clock(&self, at: &Timestamp) -> String {
        at.to_zoned_datetime(self.zone.clone()).strftime("%H:%M").to_string()
    }

    pub fn day(&self, at: &Timestamp) -> String {
        let pattern = if self.language == Language::De { "%d.%m.%Y" } else { "%d/%m/%Y" };
        at.to_zoned_datetime(self.zone.clone()).strftime(pattern).to_string()
    }

    /// Decimal units, as phones and computers show them.
    pub fn size(&self, bytes: &u64) -> String {
        let comma = if self.language == Language::En { "." } else { "," };
        let (kilo, mega) = if self.language == Language::Fr { ("ko", "Mo") } else { ("kB", "MB") };
        match bytes {
            0..1_000_000 => format!("{} {kilo}", bytes.div_ceil(1000).max(1)),
            bytes => format!("{:.1} {mega}", *bytes as f64 / 1e6).replace('.', comma),
        }
    }

    pub fn means(&self, entry: &ActivityEntry) -> String {
        let document = entry.data["document"].as_str().unwrap_or_default();
        let model = entry.data["model"].as_str().unwrap_or_default();
        let device = entry.data["device"].as_str().unwrap_or_default();
        let key = format!("portal.activity.{}", entry.kind.key());
        self.language.fill(&key, &[("document", document), ("model", model), ("device", device)])
    }

    /// That a phone was linked, and when.
    pub fn linked(&self, device: &Device) -> String {
        self.language.fill("portal.news.linked", &[("device", &device.name), ("day", &self.day(&device.linked_at))])
    }

    /// The receipt as JSON, for whoever compares both sides.
    pub fn receipt(&self, document: &Document) -> String {
        serde_json::to_string(&document.receipt).unwrap_or_default()
    }
}
