//! What the walk saw: every step of the article with its label, pictures of both sides, and what was checked.

use anyhow::{Context, Result, bail, ensure};
use serde_json::json;
use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use super::{wait::now, webdriver::Session};

/// What a window is judged by: WCAG 2.2 AA and axe's own experience.
const RULES: [&str; 6] = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

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
    /// The source of axe-core, which looks at every window that is shown.
    axe: String,
    started: Instant,
    steps: Vec<Step>,
}

impl Story {
    /// `axe`: the file of axe-core for browsers.
    pub fn new(folder: &Path, axe: &Path) -> Result<Self> {
        fs::create_dir_all(folder.join("pictures"))?;
        let axe = fs::read_to_string(axe).with_context(|| format!("{}", axe.display()))?;
        Ok(Self { folder: folder.to_owned(), axe, started: now(), steps: Vec::new() })
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
                    Err(error) if step.failure.is_none() => step.failure = Some(format!("{error:#}")),
                    Err(_) => {}
                }
            }
        }
        let failure = step.failure.clone();
        let mark = if failure.is_some() { "FAILED" } else { "ok" };
        println!("{:>6.1} s  {:<28} {:>2}  {label}: {mark}", started.elapsed().as_secs_f32(), side.name(), number);
        self.steps.push(step);
        self.write()?;
        match failure {
            Some(failure) => bail!(failure),
            None => Ok(()),
        }
    }

    pub fn steps(&self) -> usize {
        self.steps.len()
    }

    pub fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    fn picture(&self, step: &Step, name: &str, session: &Session, dark: bool) -> Result<String> {
        show_theme(name, session, dark)?;
        session.settle()?;
        let png = session.screenshot()?;
        let side = if step.side == Side::Computer { "computer" } else { "phone" };
        let mode = if dark { "dark" } else { "light" };
        let file = format!("pictures/{side}-{:02}-{name}-{mode}.png", step.number);
        fs::write(self.folder.join(&file), png)?;
        let barriers = self.barriers(session)?;
        ensure!(barriers.is_empty(), "axe finds on the {name}, {mode}:\n{}", barriers.join("\n"));
        if dark {
            show_theme(name, session, false)?;
        }
        Ok(file)
    }

    /// What axe finds in a window.
    fn barriers(&self, session: &Session) -> Result<Vec<String>> {
        if session.run("return typeof window.axe === 'undefined'", json!([]))? == json!(true) {
            session.run(&self.axe, json!([]))?;
        }
        // While the picture was taken something may have begun to move, and what fades in has little contrast.
        session.settle()?;
        let script = "const { violations } = await window.axe.run(document, { runOnly: args[0], resultTypes: ['violations'] });
            return violations.map(({ id, nodes }) => id + ': ' + nodes.map((node) => node.target.join(' ') + ' ' + (node.any[0]?.message ?? '')).join('; '));";
        let found = session.run_async(script, json!([RULES]))?;
        Ok(found.as_array().into_iter().flatten().filter_map(|line| line.as_str().map(str::to_owned)).collect())
    }

    /// One picture of the whole walk, drawn by the browser of the computer's side: `walk.png`.
    pub fn poster(&self, portal: &Session) -> Result<()> {
        let page = self.folder.join("poster.html");
        fs::write(&page, POSTER)?;
        portal.goto(&format!("file://{}", page.display()))?;
        portal.settle()?;
        fs::write(self.folder.join("walk.png"), portal.screenshot()?)?;
        Ok(fs::remove_file(page)?)
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
        let features = json!({ "features": [{ "name": "prefers-color-scheme", "value": theme }] });
        session.devtools("Emulation.setEmulatedMedia", features)?;
    } else {
        session.run("document.documentElement.dataset.theme = arguments[0]", json!([theme]))?;
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

/// Both sides: the code on the computer, and the phone's way from it to the receipt.
const POSTER: &str = r#"<!doctype html><html lang="en"><meta charset="utf-8"><title>Folio</title>
<style>
body{margin:0;background:#e7e9e4;height:100vh;overflow:hidden;position:relative}
img{position:absolute;box-shadow:0 10px 40px #0004}
.computer{left:24px;top:24px;width:940px;border-radius:10px}
.phone{width:254px;border-radius:30px;border:7px solid #111;bottom:24px}
</style>
<img class="computer" alt="" src="pictures/phone-08-portal-light.png">
<img class="phone" alt="" style="left:430px" src="pictures/phone-07-app-light.png">
<img class="phone" alt="" style="left:710px" src="pictures/phone-12-app-light.png">
<img class="phone" alt="" style="left:990px" src="pictures/phone-13-app-dark.png">
"#;
