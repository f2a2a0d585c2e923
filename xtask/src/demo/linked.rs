//! The linked phone, walked in the app's own window: link, unlock, locked out, changed, a document without a code, unlinked
//! from either side, forgotten.

use anyhow::{Context, Result, ensure};
use serde_json::json;
use std::{fs, path::Path};

use super::{
    story::{Side, Story},
    wait::until,
    walk::{ARRIVAL, CITIZEN, ESPACE, tester},
    webdriver::{Session, quoted},
};

const PASSWORD: &str = "vélo orange 7 lampadaires";
const NEW_PASSWORD: &str = "un autre vélo, tout vert";
const DEVICE: &str = "Phone of the walk";

/// Both windows; the app can be ended and started again on what it had saved.
pub struct Windows<'a> {
    pub portal: &'a Session,
    pub portal_address: &'a str,
    pub open_app: &'a dyn Fn() -> Result<Session>,
}

/// Walks it and writes `story.html` into `out`. Gives the number of steps.
pub fn walk(windows: &Windows<'_>, axe: &Path, out: &Path) -> Result<usize> {
    let mut story = Story::new(out, axe)?;
    let portal = windows.portal;
    let app = (windows.open_app)()?;
    story.step(Side::Computer, 1, "Link your device", &[("portal", portal)], || {
        portal.goto(windows.portal_address)?;
        portal.click("LuxTrust")?;
        portal.click_xpath(&format!("//button[contains(normalize-space(.), {})]", quoted(CITIZEN)))?;
        portal.click(ESPACE)?;
        shows_code(portal, out)?;
        Ok(vec!["after a fresh login a code that is valid for five minutes".into()])
    })?;
    story.step(Side::Phone, 1, "Link to M… Weber?", &[("app", &app), ("portal", portal)], || {
        scans(&app, out)?;
        Ok(vec!["read from the page's pixels; the phone says whose account it is; yes and no are alike".into()])
    })?;
    story.step(Side::Phone, 2, "Pick this number on your computer", &[("app", &app), ("portal", portal)], || {
        let number = says_yes(&app)?;
        portal.wait(&format!("//*[@data-number={}]", quoted(&number)))?;
        let three = portal.run("return document.querySelectorAll('[data-number]').length", json!([]))?;
        ensure!(three == json!(3), "the computer shows {three} numbers");
        Ok(vec![format!("{number} is one of three on the computer")])
    })?;
    story.step(Side::Phone, 3, "Choose an app password", &[("app", &app)], || {
        picks_and_names(&app, portal)?;
        types(&app, 1, "password123")?;
        app.text("Too easy to guess")?;
        Ok(vec!["password123 is not taken, and the screen says why".into()])
    })?;
    story.step(Side::Phone, 4, "Activate biometrics", &[("app", &app)], || {
        chooses_password(&app)?;
        app.control("Skip this step")?;
        Ok(vec!["the phone is linked; biometrics are offered and can be skipped".into()])
    })?;
    story.step(Side::Phone, 5, "Linked", &[("app", &app), ("portal", portal)], || {
        app.click("Activate biometrics")?;
        app.text("This phone is linked to your account")?;
        app.control("My procedures")?;
        portal.text(&format!("Linked: {DEVICE}"))?;
        Ok(vec!["the home screen greets the owner and says what is asked for".into()])
    })?;
    drop(app);
    let app = (windows.open_app)()?;
    story.step(Side::Phone, 6, "Unlock by biometrics", &[("app", &app)], || {
        // The simulated finger is asked for once by itself and says yes.
        app.control("My procedures")?;
        Ok(vec!["after a restart the phone was locked; a finger opened it".into()])
    })?;
    story.step(Side::Phone, 7, "Unlock by the password", &[("app", &app)], || {
        locks(&app)?;
        types(&app, 1, PASSWORD)?;
        app.click("Unlock")?;
        app.control("Lock now")?;
        Ok(vec!["back on the screen where it was locked".into()])
    })?;
    story.step(Side::Phone, 8, "Too many wrong tries", &[("app", &app)], || {
        app.click("Lock now")?;
        for wrong in 1..=5 {
            types(&app, 1, &format!("wrong {wrong}"))?;
            app.click("Unlock")?;
            let said = if wrong < 5 { "This password is not right" } else { "You can try again in" };
            app.text(said)?;
            if wrong < 5 {
                let left = format!("{} more tr", 5 - wrong);
                app.text(&left)?;
            }
        }
        app.wait("//input[@type='password' and @disabled]")?;
        Ok(vec!["after five wrong passwords none is taken for a minute, and the screen counts down".into()])
    })?;
    story.step(Side::Phone, 9, "Change the password", &[("app", &app)], || {
        app.click("Use biometrics")?;
        app.click("Change the password")?;
        types(&app, 1, PASSWORD)?;
        types(&app, 2, NEW_PASSWORD)?;
        types(&app, 3, NEW_PASSWORD)?;
        app.click_xpath("//button[@type='submit']")?;
        app.text("Your password is changed")?;
        app.click("Lock now")?;
        types(&app, 1, NEW_PASSWORD)?;
        app.click("Unlock")?;
        app.control("Lock now")?;
        Ok(vec!["the old one was asked for; the new one opens the lock".into()])
    })?;
    story.step(Side::Phone, 10, "My procedures", &[("app", &app)], || {
        app.click("Back")?;
        app.click("My procedures")?;
        app.text("As of")?;
        Ok(vec!["the eSpaces with their active procedures and what they ask for".into()])
    })?;
    story.step(Side::Phone, 11, "Attach", &[("app", &app), ("portal", portal)], || {
        attaches(&app)?;
        Ok(vec!["a document without a code: photographed, made a PDF, sent, received".into()])
    })?;
    story.step(Side::Computer, 2, "Unlink", &[("portal", portal), ("app", &app)], || {
        unlinks_on_the_computer(portal, windows.portal_address)?;
        app.click("Return to home screen")?;
        app.click("My procedures")?;
        app.click("Refresh")?;
        app.text("This phone is no longer linked")?;
        app.control("Link your account")?;
        Ok(vec!["the phone learns it on its next call and has forgotten the account; pages would be kept".into()])
    })?;
    story.step(Side::Phone, 12, "Forgotten password", &[("app", &app)], || {
        links(&app, portal, windows.portal_address, out)?;
        locks(&app)?;
        app.click("Forgotten password")?;
        app.text("Unlink and start again?")?;
        Ok(vec!["linked once more; the question says what goes and what stays".into()])
    })?;
    story.step(Side::Phone, 13, "Unlink and start again", &[("app", &app), ("portal", portal)], || {
        app.click_xpath("//dialog//button[normalize-space(.)='Unlink and start again']")?;
        app.text("This phone is unlinked")?;
        app.control("Link your account")?;
        is_gone(portal, windows.portal_address)?;
        Ok(vec!["the phone is nobody's, where it was, and the portal knows".into()])
    })?;
    story.step(Side::Phone, 14, "Unlink this phone", &[("app", &app), ("portal", portal)], || {
        app.click("Close")?;
        links(&app, portal, windows.portal_address, out)?;
        app.click("Settings")?;
        app.click("Unlink this phone")?;
        app.click_xpath("//dialog//button[normalize-space(.)='Unlink this phone']")?;
        app.text("This phone is unlinked")?;
        is_gone(portal, windows.portal_address)?;
        Ok(vec!["unlinked from the phone; the portal shows no device any more".into()])
    })?;
    println!("the linked phone: all steps passed in {:.1} s", story.elapsed().as_secs_f32());
    Ok(story.steps())
}

/// 'Linked devices', 'Link your device': the code as the phone's camera will see it.
fn shows_code(portal: &Session, out: &Path) -> Result<()> {
    portal.click("Linked devices")?;
    portal.click("Link your device")?;
    portal.wait("//*[@id='link-qr']")?;
    Ok(fs::write(out.join("code.png"), portal.screenshot()?)?)
}

fn scans(app: &Session, out: &Path) -> Result<()> {
    app.click("Link your account")?;
    tester(app, json!({ "code_picture": out.join("code.png") }))?;
    app.text("Link to M… Weber?").map(drop)
}

fn says_yes(app: &Session) -> Result<String> {
    app.click("Yes")?;
    app.wait("//*[contains(@class, 'number')]")?.text()
}

fn picks_and_names(app: &Session, portal: &Session) -> Result<()> {
    let number = app.wait("//*[contains(@class, 'number')]")?.text()?;
    portal.click_xpath(&format!("//*[@data-number={}]", quoted(&number)))?;
    app.wait("//input[@maxlength='40']")?.type_text(DEVICE)?;
    app.click("Continue")?;
    app.wait("(//input[@type='password'])[2]").map(drop)
}

fn chooses_password(app: &Session) -> Result<()> {
    types(app, 1, PASSWORD)?;
    types(app, 2, PASSWORD)?;
    app.click("Continue")
}

/// The whole of linking, without a look at every step; biometrics are skipped.
fn links(app: &Session, portal: &Session, address: &str, out: &Path) -> Result<()> {
    portal.goto(&format!("{address}/devices"))?;
    shows_code(portal, out)?;
    scans(app, out)?;
    says_yes(app)?;
    picks_and_names(app, portal)?;
    chooses_password(app)?;
    app.click("Skip this step")?;
    app.control("My procedures")?;
    // What the app has to say lies above the way to the settings until it is read.
    app.click("Close")
}

fn locks(app: &Session) -> Result<()> {
    app.click("Settings")?;
    app.click("Lock now")?;
    app.control("Unlock").map(drop)
}

/// Replaces what stands in a password's field.
fn types(app: &Session, number: u32, text: &str) -> Result<()> {
    let xpath = format!("(//input[@type='password'])[{number}][not(@disabled) and not(@readonly)]");
    let field = app.wait(&xpath)?;
    field.clear()?;
    field.type_text(text)
}

fn attaches(app: &Session) -> Result<()> {
    app.click_xpath("//button[contains(@aria-label, 'Attach: Certificate of enrolment')]")?;
    app.click("Take a picture")?;
    app.click("Add a picture")?;
    let count = "return Number(document.querySelector('.done b')?.textContent ?? 0)";
    until(ARRIVAL, || Ok((app.run(count, json!([]))? == json!(1)).then_some(())))
        .context("a page by the automatic camera")?;
    app.click_xpath("//button[contains(@class, 'done')]")?;
    app.click("End")?;
    app.click("Generate")?;
    app.click_xpath("//dialog//button[1]")?;
    app.click("Confirm")?;
    until(ARRIVAL, || Ok(app.has("//button[normalize-space(.)='Return to home screen']")?.then_some(())))
        .context("the receipt")
}

fn unlinks_on_the_computer(portal: &Session, address: &str) -> Result<()> {
    portal.goto(&format!("{address}/devices"))?;
    portal.click_xpath("//*[@data-device]//a")?;
    portal.click_xpath("//main//form//button")?;
    is_gone(portal, address)
}

fn is_gone(portal: &Session, address: &str) -> Result<()> {
    let none = "No phone is linked to your account";
    until(ARRIVAL, || {
        portal.goto(&format!("{address}/devices"))?;
        Ok(portal.has(&format!("//*[contains(normalize-space(.), {})]", quoted(none)))?.then_some(()))
    })
    .context("the portal's list of devices is empty")
}
