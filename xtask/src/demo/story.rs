//! What the walk saw: every step of the article with its label, pictures of both sides, and what was checked.

use anyhow::{Context, Result};
use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use super::{wait::now, webdriver::Session};

/// Where a step of the article happens.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Computer,
    Phone,
}

impl Side {
    fn name(self) -> &'static str {
        match self {
            Side::Computer => "On your computer",
            Side::Phone => "On your smartphone or tablet",
        }
    }
}

struct Step {
    side: Side,
    number: u32,
    label: &'static str,
    checks: Vec<String>,
    pictures: Vec<String>,
    took: Duration,
    failure: Option<String>,
}

/// Collects steps and writes `story.html`.
pub struct Story {
    folder: PathBuf,
    started: Instant,
    steps: Vec<Step>,
}

impl Story {
    pub fn new(folder: &Path) -> Result<Self> {
        fs::create_dir_all(folder.join("pictures"))?;
        Ok(Self { folder: folder.to_owned(), started: now(), steps: Vec::new() })
    }

    /// Walks one step and takes its pictures, light and dark, of each side given. `act` says what it checked.
    pub fn step(
        &mut self,
        side: Side,
        number: u32,
        label: &'static str,
        seen: &[(&str, &Session)],
        act: impl FnOnce() -> Result<Vec<String>>,
    ) -> Result<()> {
        let started = now();
        let outcome = act().with_context(|| format!("{}, step {number} ({label})", side.name()));
        let mut step = Step {
            side,
            number,
            label,
            checks: outcome.as_ref().map(Clone::clone).unwrap_or_default(),
            pictures: Vec::new(),
            took: started.elapsed(),
            failure: outcome.as_ref().err().map(|error| format!("{error:#}")),
        };
        for (name, session) in seen {
            for dark in [false, true] {
                // A failed step is shown as far as its windows still answer.
                match self.picture(&step, name, session, dark) {
                    Ok(file) => step.pictures.push(file),
                    Err(error) if step.failure.is_none() => return Err(error),
                    Err(_) => {}
                }
            }
        }
        let mark = if step.failure.is_some() { "FAILED" } else { "ok" };
        println!("{:>6.1} s  {:<28} {:>2}  {label}: {mark}", started.elapsed().as_secs_f32(), side.name(), number);
        self.steps.push(step);
        self.write()?;
        outcome.map(drop)
    }

    pub fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    fn picture(&self, step: &Step, name: &str, session: &Session, dark: bool) -> Result<String> {
        show_theme(name, session, dark)?;
        let png = session.screenshot()?;
        if dark {
            show_theme(name, session, false)?;
        }
        let side = if step.side == Side::Computer { "computer" } else { "phone" };
        let mode = if dark { "dark" } else { "light" };
        let file = format!("pictures/{side}-{:02}-{name}-{mode}.png", step.number);
        fs::write(self.folder.join(&file), png)?;
        Ok(file)
    }

    fn write(&self) -> Result<()> {
        let mut html = String::from(HEAD);
        for side in [Side::Computer, Side::Phone] {
            let _ = write!(html, "<h2>{}</h2>", side.name());
            for step in self.steps.iter().filter(|step| step.side == side) {
                let class = if step.failure.is_some() { " class=failed" } else { "" };
                let _ = write!(
                    html,
                    "<section{class}><h3>{}. {} <small>{:.1} s</small></h3><ul>",
                    step.number,
                    escape(step.label),
                    step.took.as_secs_f32()
                );
                for check in &step.checks {
                    let _ = write!(html, "<li>{}</li>", escape(check));
                }
                if let Some(failure) = &step.failure {
                    let _ = write!(html, "<li class=bad>{}</li>", escape(failure));
                }
                html.push_str("</ul><div class=pictures>");
                for picture in &step.pictures {
                    let _ = write!(
                        html,
                        "<a href=\"{picture}\"><img loading=lazy alt=\"{picture}\" src=\"{picture}\"></a>"
                    );
                }
                html.push_str("</div></section>");
            }
        }
        fs::write(self.folder.join("story.html"), html).context("story.html")
    }
}

/// The portal follows the system (emulated), the app its own setting's attribute.
fn show_theme(name: &str, session: &Session, dark: bool) -> Result<()> {
    let theme = if dark { "dark" } else { "light" };
    if name == "portal" {
        let features = serde_json::json!({ "features": [{ "name": "prefers-color-scheme", "value": theme }] });
        session.devtools("Emulation.setEmulatedMedia", features)?;
    } else {
        session.run("document.documentElement.dataset.theme = arguments[0]", serde_json::json!([theme]))?;
    }
    Ok(())
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

const HEAD: &str = r#"<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Folio: the walk</title>
<style>
:root{color-scheme:light dark;font:16px/1.45 system-ui,sans-serif;--line:#8884}
body{max-width:1200px;margin:0 auto;padding:24px}
section{border-top:1px solid var(--line);padding:12px 0}
.failed h3,.bad{color:#d33}
small{font-weight:400;opacity:.7}
.pictures{display:flex;gap:12px;flex-wrap:wrap;align-items:flex-start}
img{height:360px;border:1px solid var(--line);border-radius:8px}
</style>
<h1>Folio: the walk</h1>
<p>Every step of the help article, walked on the real portal in a browser and the real app in its window; each picture light and dark.</p>
"#;
