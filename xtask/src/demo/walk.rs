//! The help article, walked step by step: 8 steps on the computer, 14 on the phone.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::{fs, path::Path, process::Command, time::Duration};

use super::{
    story::{Side, Story},
    wait::until,
    webdriver::{Session, quoted},
};

/// The walk's citizen: one private and two professional eSpaces, so that step 2 has something to choose.
pub const CITIZEN: &str = "Marie Weber";
pub const ESPACE: &str = "Private eSpace";
const PROCEDURE: &str = "Application for a study grant";
const DOCUMENT_TYPE: &str = "Certificate of enrolment";
const DOCUMENT_NAME: &str = "Enrolment autumn 2026";
/// A receipt must come within this time of 'Confirm'.
pub const ARRIVAL: Duration = Duration::from_secs(30);

/// The automatic camera takes a picture of somebody's own within this time, or the shutter does.
const OWN_PICTURE: Duration = Duration::from_secs(8);

/// Both windows of the walk.
pub struct Windows<'a> {
    pub portal: &'a Session,
    pub app: &'a Session,
    pub portal_address: &'a str,
    /// How many pictures lie before the simulated camera.
    pub pages: usize,
    /// Pictures of somebody's own may show no page that the automatic camera takes; then the shutter is pressed.
    pub own_pictures: bool,
}

/// Walks the whole article and writes `story.html`, `received.pdf`, `receipt.json` and `walk.png` into `out`. Gives
/// the number of steps.
pub fn walk(windows: &Windows<'_>, axe: &Path, out: &Path) -> Result<usize> {
    let mut story = Story::new(out, axe)?;
    on_the_computer(windows, &mut story, out)?;
    on_the_phone(windows, &mut story, out)?;
    println!("all steps passed in {:.1} s; {}", story.elapsed().as_secs_f32(), out.join("story.html").display());
    story.poster(windows.portal)?;
    Ok(story.steps())
}

fn on_the_computer(windows: &Windows<'_>, story: &mut Story, out: &Path) -> Result<()> {
    let portal = windows.portal;
    let seen = [("portal", portal)];
    story.step(Side::Computer, 1, "Log in", &seen, || {
        portal.goto(windows.portal_address)?;
        portal.control("eID")?;
        portal.click("LuxTrust")?;
        portal.click_xpath(&format!("//button[contains(normalize-space(.), {})]", quoted(CITIZEN)))?;
        portal.control(ESPACE_BUTTON)?;
        Ok(vec![format!("{CITIZEN} logged in through the OpenID Connect provider; several eSpaces are offered")])
    })?;
    story.step(Side::Computer, 2, "Select the desired eSpace", &seen, || {
        portal.click(ESPACE_BUTTON)?;
        portal.text(ESPACE)?;
        Ok(vec![format!("{ESPACE} is shown in the page's head")])
    })?;
    story.step(Side::Computer, 3, "My procedures", &seen, || {
        portal.click("My procedures")?;
        portal.click_xpath(&format!("//main//a[contains(normalize-space(.), {})]", quoted(PROCEDURE)))?;
        portal.text("In preparation")?;
        portal.control("Attach")?;
        portal.control("Replace")?;
        Ok(vec!["an active procedure is open; 'Attach' and 'Replace' are offered".into()])
    })?;
    story.step(Side::Computer, 4, "Add a supporting document", &seen, || {
        portal.click("Add a supporting document")?;
        portal.wait("//h1[normalize-space(.)='Add a supporting document'] | //h2[normalize-space(.)='Add a supporting document']")?;
        Ok(vec!["the window 'Add a supporting document' is shown".into()])
    })?;
    story.step(Side::Computer, 5, "My mobile app", &seen, || {
        portal.control("My computer")?;
        portal.click("My mobile app")?;
        portal.wait("//select")?;
        Ok(vec!["'My computer' and 'My mobile app' were offered".into()])
    })?;
    story.step(Side::Computer, 6, "Select the type of supporting document from the list", &seen, || {
        portal.click_xpath(&format!("//select/option[normalize-space(.)={}]", quoted(DOCUMENT_TYPE)))?;
        Ok(vec![format!("type: {DOCUMENT_TYPE}")])
    })?;
    story.step(Side::Computer, 7, "Specify a name for the document", &seen, || {
        portal.wait("//input[@name='name']")?.type_text(DOCUMENT_NAME)?;
        Ok(vec![format!("name: {DOCUMENT_NAME}")])
    })?;
    story.step(Side::Computer, 8, "Generate", &seen, || {
        portal.click("Generate")?;
        portal.wait("//*[local-name()='svg' and contains(@class, 'qr')]")?;
        let countdown = portal.wait("//*[@data-countdown]")?.text()?;
        ensure!(countdown.starts_with("29:") || countdown == "30:00", "the countdown says {countdown}");
        // What the phone's camera will see: the very pixels of the page.
        fs::write(out.join("code.png"), portal.screenshot()?)?;
        Ok(vec![format!("a QR code, valid for {countdown} minutes")])
    })
}

const ESPACE_BUTTON: &str = ESPACE;

fn on_the_phone(windows: &Windows<'_>, story: &mut Story, out: &Path) -> Result<()> {
    let (portal, app) = (windows.portal, windows.app);
    let phone = [("app", app)];
    let both = [("app", app), ("portal", portal)];
    story.step(Side::Phone, 1, "Open the app", &phone, || {
        app.control("Add a document")?;
        Ok(vec!["the home screen is shown".into()])
    })?;
    story.step(Side::Phone, 2, "Unlock the app if your account is linked", &phone, || {
        ensure!(!app.has("//input[@type='password']")?, "an unlinked phone asks for no password");
        Ok(vec!["not linked: the app asks for no password, everything works without".into()])
    })?;
    story.step(Side::Phone, 3, "Add a document", &phone, || {
        app.click("Add a document")?;
        app.control("Continue")?;
        Ok(vec!["the app says what is needed".into()])
    })?;
    story.step(Side::Phone, 4, "Continue", &phone, || {
        app.click("Continue")?;
        app.control("Enter the code instead")?;
        Ok(vec!["the camera looks for a code".into()])
    })?;
    story.step(Side::Phone, 5, "Scan the QR code displayed on your computer", &both, || {
        tester(app, json!({ "code_picture": out.join("code.png") }))?;
        app.text(PROCEDURE)?;
        app.text(DOCUMENT_TYPE)?;
        let digits = app.wait("//*[contains(@class, 'digits')]")?.text()?;
        portal.text(&format!("number {digits}")).context("the computer shows the same two digits")?;
        portal.control("Not my phone: disconnect")?;
        Ok(vec![format!("read from the page's pixels; both sides show {digits}; the computer offers to disconnect")])
    })?;
    story.step(Side::Phone, 6, "Take a picture", &phone, || {
        app.click("Continue")?;
        app.control("Select a file")?;
        app.click("Take a picture")?;
        app.control("Add a picture")?;
        Ok(vec!["'Take a picture' and 'Select a file' were offered".into()])
    })?;
    story.step(Side::Phone, 7, "Add a picture", &phone, || {
        app.click("Add a picture")?;
        app.wait("//*[@role='switch' and @aria-checked='true' and contains(., 'Automatic')]")?;
        let mut checks = vec!["the camera is on, automatic mode is on by default".to_owned()];
        if !windows.own_pictures {
            app.wait("//*[local-name()='polygon']")?;
            checks.push("the page is found and outlined in the camera's picture".into());
        }
        Ok(checks)
    })?;
    story.step(Side::Phone, 8, "Hold your device still and follow the instructions on the screen", &both, || {
        let pressed = take_pictures(windows)?;
        let last = format!("page {}", windows.pages);
        portal.text(&last).context("the computer follows")?;
        let automatic = windows.pages - pressed;
        let mut checks = vec![
            format!("{automatic} of {} taken by the automatic camera, nothing touched", windows.pages),
            format!("the computer says '{last}'"),
        ];
        if pressed > 0 {
            checks.push(format!("{pressed} by the shutter: in these the automatic camera saw no page it would take"));
        }
        Ok(checks)
    })?;
    story.step(Side::Phone, 9, "Crop and/or rotate the picture", &phone, || {
        app.click_xpath("//button[contains(@class, 'done')]")?;
        app.click_xpath("(//*[@data-page]//button)[1] | (//button[@data-page])[1]")?;
        app.click("Rotate right")?;
        app.click("Rotate left")?;
        app.text("Whole picture")?;
        app.click("Back")?;
        Ok(vec!["rotated and turned back; corners, 'Whole picture' and reset are offered".into()])
    })?;
    story.step(Side::Phone, 10, "End", &phone, || {
        app.control("Add a picture")?;
        app.click("End")?;
        app.control("Generate")?;
        Ok(vec![format!("pages: {}", windows.pages)])
    })?;
    story.step(Side::Phone, 11, "Generate", &phone, || {
        app.click("Generate")?;
        app.text(&format!("Make a PDF of {} page", windows.pages))?;
        Ok(vec!["the app asks first".into()])
    })?;
    story.step(Side::Phone, 12, "Confirm that you want to generate a PDF file", &phone, || {
        app.click_xpath("//dialog//button[1]")?;
        app.control("Confirm")?;
        let rendered =
            "return [...document.querySelectorAll('main img')].filter(i => i.complete && i.naturalWidth > 0).length";
        until(ARRIVAL, || Ok((app.run(rendered, json!([]))? == json!(windows.pages)).then_some(())))
            .context("the PDF's pages, rendered from its bytes")?;
        Ok(vec!["the PDF is shown page by page, rendered from its own bytes".into()])
    })?;
    story.step(Side::Phone, 13, "Confirm", &both, || {
        app.click("Confirm")?;
        until(ARRIVAL, || Ok(app.has("//button[normalize-space(.)='Return to home screen']")?.then_some(())))?;
        Ok(vec!["sent and accepted".into()])
    })?;
    story.step(Side::Phone, 14, "Return to home screen", &both, || {
        let checks = compare_receipts(windows, out)?;
        app.click("Return to home screen")?;
        app.control("Add a document")?;
        Ok(checks)
    })
}

/// Holds the phone above one paper after the other. Gives how often the shutter had to be pressed.
fn take_pictures(windows: &Windows<'_>) -> Result<usize> {
    let app = windows.app;
    let count = "return Number(document.querySelector('.done b')?.textContent ?? 0)";
    let edges = "//h1[starts-with(normalize-space(.), 'Edit page')]";
    let mut pressed = 0;
    for page in 1..=windows.pages {
        let taken = || Ok((app.run(count, json!([]))? == json!(page)).then_some(()));
        let patience = if windows.own_pictures { OWN_PICTURE } else { ARRIVAL };
        let Err(error) = until(patience, taken) else { continue };
        ensure!(windows.own_pictures, "page {page} by the automatic camera: {error:#}");
        app.click("Take the picture")?;
        pressed += 1;
        until(ARRIVAL, || if app.has(edges)? { Ok(Some(())) } else { taken() })
            .with_context(|| format!("page {page} by the shutter"))?;
        if app.has(edges)? {
            // No edges were found, so the app asks for them; the whole picture will do here.
            app.click("Done")?;
            app.click("Add a picture")?;
            until(ARRIVAL, taken).with_context(|| format!("page {page} after its edges were asked for"))?;
        }
    }
    Ok(pressed)
}

/// The receipt on the phone, the one on the computer and the stored file must agree.
fn compare_receipts(windows: &Windows<'_>, out: &Path) -> Result<Vec<String>> {
    let phone = receipt_shown(windows.app)?;
    windows.portal.text("Received")?;
    let (computer, file) = download(windows)?;
    let pdf = out.join("received.pdf");
    fs::write(&pdf, &file)?;
    let digest = Sha256::digest(&file).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    for (side, receipt) in [("phone", &phone), ("computer", &computer)] {
        ensure!(receipt["sha256"] == json!(digest), "the {side}'s receipt has another SHA-256 than the stored file");
        ensure!(receipt["bytes"] == json!(file.len()), "the {side}'s receipt has another size than the stored file");
        ensure!(receipt["pages"] == json!(windows.pages), "the {side}'s receipt counts {} pages", receipt["pages"]);
    }
    ensure!(phone == computer, "the receipts differ: {phone} and {computer}");
    let both = json!({ "phone": phone, "computer": computer });
    fs::write(out.join("receipt.json"), serde_json::to_vec_pretty(&both)?)?;
    let qpdf = Command::new("qpdf").arg("--check").arg(&pdf).output().context("qpdf")?;
    ensure!(qpdf.status.success(), "qpdf --check: {}", String::from_utf8_lossy(&qpdf.stdout));
    Ok(vec![
        "the document is in the procedure's list on the computer".into(),
        format!("SHA-256 {digest} on the phone, on the computer and of the stored file"),
        "qpdf --check finds nothing".into(),
    ])
}

/// A receipt as its page shows it: elements that carry `data-receipt-FIELD`.
fn receipt_shown(session: &Session) -> Result<Value> {
    session.wait("//*[@data-receipt]")?;
    session.run("return JSON.parse(document.querySelector('[data-receipt]').dataset.receipt)", json!([]))
}

/// The newest document as the computer's browser gets it, with the receipt of its page.
fn download(windows: &Windows<'_>) -> Result<(Value, Vec<u8>)> {
    let portal = windows.portal;
    let row = format!("//*[@data-document][contains(., {})]", quoted(DOCUMENT_NAME));
    portal.wait(&row)?;
    let script = "const row = [...document.querySelectorAll('[data-document]')].find(r => r.textContent.includes(args[0]));
        const file = await fetch(row.querySelector('a[data-download]').href);
        if (!file.ok) throw new Error('download: ' + file.status);
        const bytes = new Uint8Array(await file.arrayBuffer());
        let text = ''; for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
        return [btoa(text), JSON.parse(row.dataset.receipt)];";
    let got = portal.run_async(script, json!([DOCUMENT_NAME]))?;
    let bytes =
        base64::Engine::decode(&base64::engine::general_purpose::STANDARD, got[0].as_str().context("no file")?)?;
    Ok((got[1].clone(), bytes))
}

/// Sets something in the app's tester panel, as a tester would by hand.
pub fn tester(app: &Session, change: Value) -> Result<()> {
    app.run_async("return await window.__TAURI_INTERNALS__.invoke('tester_set', { change: args[0] });", json!([change]))
        .map(drop)
}
