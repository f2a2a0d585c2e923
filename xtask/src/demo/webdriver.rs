//! As much of the W3C WebDriver protocol as the walk needs; one client for WebKitWebDriver and chromedriver.
//!
//! Source: W3C WebDriver (Recommendation 2018), endpoints of section 6.

use anyhow::{Context, Result, bail};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use std::time::Duration;

use super::wait::until;

/// Key under which a reply names an element (fixed by the standard).
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";
/// How long a page or screen may take to show what is waited for.
const PATIENCE: Duration = Duration::from_secs(20);

/// One browser or app window. Ends its session when dropped.
pub struct Session {
    base: String,
    agent: ureq::Agent,
    /// For messages: "portal" or "app".
    name: &'static str,
}

impl Session {
    /// `driver`: address of a running WebDriver server, `capabilities`: its `alwaysMatch`.
    pub fn open(name: &'static str, driver: &str, capabilities: Value) -> Result<Self> {
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .timeout_global(Some(Duration::from_secs(60)))
            .http_status_as_error(false)
            .build()
            .into();
        let mut session = Self { base: driver.to_owned(), agent, name };
        let reply = session.post("/session", &json!({ "capabilities": { "alwaysMatch": capabilities } }))?;
        let id = reply["sessionId"].as_str().context("a session without an id")?;
        session.base = format!("{driver}/session/{id}");
        Ok(session)
    }

    pub fn goto(&self, url: &str) -> Result<()> {
        self.post("/url", &json!({ "url": url })).map(drop)
    }

    /// Sets the window's size, in CSS pixels.
    pub fn resize(&self, (width, height): (u32, u32)) -> Result<()> {
        self.post("/window/rect", &json!({ "width": width, "height": height })).map(drop)
    }

    /// PNG of what is visible.
    pub fn screenshot(&self) -> Result<Vec<u8>> {
        let png = self.get("/screenshot")?;
        Ok(STANDARD.decode(png.as_str().context("no picture")?)?)
    }

    /// Waits until the XPath finds a visible element.
    pub fn wait(&self, xpath: &str) -> Result<Element<'_>> {
        until(PATIENCE, || Ok(self.all(xpath)?.into_iter().find(|element| element.is_displayed().unwrap_or(false))))
            .with_context(|| format!("the {} never showed {xpath}", self.name))
    }

    /// Whether the XPath finds anything now, visible or not.
    pub fn has(&self, xpath: &str) -> Result<bool> {
        Ok(!self.all(xpath)?.is_empty())
    }

    fn all(&self, xpath: &str) -> Result<Vec<Element<'_>>> {
        let found = self.post("/elements", &json!({ "using": "xpath", "value": xpath }))?;
        let ids = found.as_array().into_iter().flatten().filter_map(|element| element[ELEMENT].as_str());
        Ok(ids.map(|id| Element { session: self, id: id.to_owned() }).collect())
    }

    /// Waits for a button, link or other control whose text, name or title is exactly `label`.
    pub fn control(&self, label: &str) -> Result<Element<'_>> {
        self.wait(&control_xpath(label))
    }

    /// Waits for a control and clicks it; a control that a re-render replaced in between is looked up again.
    pub fn click(&self, label: &str) -> Result<()> {
        self.click_xpath(&control_xpath(label))
    }

    pub fn click_xpath(&self, xpath: &str) -> Result<()> {
        until(PATIENCE, || Ok(self.wait(xpath)?.click().ok()))
            .with_context(|| format!("{xpath} of the {} could not be clicked", self.name))
    }

    /// Waits for an element whose text contains `text`.
    pub fn text(&self, text: &str) -> Result<Element<'_>> {
        self.wait(&format!("//*[not(self::script)][text()[contains(normalize-space(.), {})]]", quoted(text)))
    }

    /// Waits until nothing moves any more and the last change has been painted.
    pub fn settle(&self) -> Result<()> {
        let script =
            "const ends = (a) => a.playState === 'running' && a.effect.getComputedTiming().endTime !== Infinity;
            for (let moving; (moving = document.getAnimations().filter(ends)).length > 0;) {
                await Promise.allSettled(moving.map((a) => a.finished));
                for (let frames = 0; frames < 2; frames++) await new Promise(requestAnimationFrame);
            }
            for (let frames = 0; frames < 2; frames++) await new Promise(requestAnimationFrame);";
        self.run_async(script, json!([])).map(drop)
    }

    pub fn run(&self, script: &str, arguments: Value) -> Result<Value> {
        self.post("/execute/sync", &json!({ "script": script, "args": arguments }))
    }

    /// Runs an async function body; `arguments` arrive as `arguments[0..]`, the promise's value comes back.
    pub fn run_async(&self, body: &str, arguments: Value) -> Result<Value> {
        let script = format!(
            "const done = arguments[arguments.length - 1]; const args = [...arguments].slice(0, -1); \
             (async () => {{ {body} }})().then(v => done({{ok: v ?? null}}), e => done({{error: String(e?.message ?? JSON.stringify(e))}}));"
        );
        let reply = self.post("/execute/async", &json!({ "script": script, "args": arguments }))?;
        match reply.get("error").and_then(Value::as_str) {
            Some(error) => bail!("{error} in the {}", self.name),
            None => Ok(reply["ok"].clone()),
        }
    }

    /// A command of the Chrome DevTools protocol (chromedriver only).
    pub fn devtools(&self, command: &str, parameters: Value) -> Result<Value> {
        self.post("/goog/cdp/execute", &json!({ "cmd": command, "params": parameters }))
    }

    fn get(&self, path: &str) -> Result<Value> {
        reply(self.agent.get(format!("{}{path}", self.base)).call(), path)
    }

    fn post(&self, path: &str, body: &Value) -> Result<Value> {
        reply(self.agent.post(format!("{}{path}", self.base)).send_json(body), path)
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // The server is ended next; a session that is gone already is fine.
        let _ = self.agent.delete(&self.base).call();
    }
}

pub struct Element<'a> {
    session: &'a Session,
    id: String,
}

impl Element<'_> {
    /// Scrolls to it first, as a hand would: a driver only looks whether it is in the window, not what covers it.
    pub fn click(&self) -> Result<()> {
        let script = "arguments[0].scrollIntoView({ block: 'center', behavior: 'instant' })";
        self.session.run(script, json!([{ ELEMENT: self.id }]))?;
        self.session.post(&format!("/element/{}/click", self.id), &json!({})).map(drop)
    }

    pub fn type_text(&self, text: &str) -> Result<()> {
        self.session.post(&format!("/element/{}/value", self.id), &json!({ "text": text })).map(drop)
    }

    /// Empties a field.
    pub fn clear(&self) -> Result<()> {
        self.session.post(&format!("/element/{}/clear", self.id), &json!({})).map(drop)
    }

    pub fn text(&self) -> Result<String> {
        let text = self.session.get(&format!("/element/{}/text", self.id))?;
        Ok(text.as_str().unwrap_or_default().trim().to_owned())
    }

    fn is_displayed(&self) -> Result<bool> {
        Ok(self.session.get(&format!("/element/{}/displayed", self.id))?.as_bool().unwrap_or(false))
    }
}

fn reply(sent: Result<ureq::http::Response<ureq::Body>, ureq::Error>, path: &str) -> Result<Value> {
    let mut response = sent.with_context(|| format!("WebDriver {path}"))?;
    let body: Value = response.body_mut().with_config().limit(64 << 20).read_json().context("WebDriver's reply")?;
    let value = body["value"].clone();
    if response.status().is_success() {
        Ok(value)
    } else {
        bail!("{}: {}", value["error"].as_str().unwrap_or("error"), value["message"].as_str().unwrap_or_default())
    }
}

fn control_xpath(label: &str) -> String {
    let label = quoted(label);
    // A choice has its label as a title above an explanation.
    let named = format!(
        "normalize-space(.)={label} or @aria-label={label} or (self::input and @value={label}) or .//*[normalize-space(.)={label}]"
    );
    format!(
        "//*[self::button or self::a or self::summary or self::input or self::label or @role='button' or @role='switch'][not(@disabled)][{named}]"
    )
}

/// An XPath string literal; XPath 1.0 knows no escapes.
pub fn quoted(text: &str) -> String {
    if text.contains('\'') { format!("\"{text}\"") } else { format!("'{text}'") }
}
