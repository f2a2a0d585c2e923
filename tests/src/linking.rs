//! The steps of linking a phone, as citizens take them when nothing goes wrong.

use crate::{Computer, Phone};
use anyhow::{Context, Result, ensure};
use driver::journey::{
    Intent, View,
    view::{LinkView, Notice},
};

/// Good enough for every store: 10 characters, and nobody's first guess.
pub const PASSWORD: &str = "vélo orange 7 lampadaires";

impl Computer {
    /// 'Link your device': the address of the window and the text of its QR code.
    pub async fn link_code(&self) -> Result<(String, String)> {
        let window = self.submit("/devices/links", &[]).await?;
        let page = self.page(&window).await?;
        Ok((window, between(&page, "data-code=\"", "\"")?.to_owned()))
    }

    /// The three numbers among which the citizen picks the phone's.
    pub async fn numbers(&self, window: &str) -> Result<Vec<String>> {
        let page = self.page(window).await?;
        let numbers = page.split("data-number=\"").skip(1).filter_map(|rest| rest.split('"').next());
        Ok(numbers.map(str::to_owned).collect())
    }

    pub async fn picks(&self, window: &str, number: &str) -> Result<()> {
        self.submit(&format!("{window}/pick"), &[("number", number)]).await.map(drop)
    }

    /// Ids of the phones on the page 'Linked devices'.
    pub async fn devices(&self) -> Result<Vec<String>> {
        let page = self.page("/devices").await?;
        let ids = page.split("data-device=\"").skip(1).filter_map(|rest| rest.split('"').next());
        Ok(ids.map(str::to_owned).collect())
    }

    /// 'Unlink' and its question.
    pub async fn unlinks(&self, device: &str) -> Result<()> {
        let path = format!("/devices/{device}/unlink");
        self.page(&path).await?;
        self.submit(&path, &[]).await.map(drop)
    }
}

/// What of the screen of linking.
pub async fn step<T>(phone: &Phone, what: &str, wanted: impl Fn(&LinkView) -> Option<T>) -> Result<T> {
    let of_link = |view: &View| match view {
        View::Link { step, .. } => wanted(step),
        _ => None,
    };
    phone.sees(what, of_link).await
}

/// Up to the question whose account it is.
pub async fn scans_link(phone: &Phone, text: String) -> Result<String> {
    phone.does(Intent::LinkAccount);
    step(phone, "the scanner", |step| matches!(step, LinkView::Scan { busy: false }).then_some(())).await?;
    phone.does(Intent::CodeFound { text });
    step(phone, "whose account", |step| match step {
        LinkView::Ask { owner, .. } => Some(owner.clone()),
        _ => None,
    })
    .await
}

/// 'Yes': the number that both sides show.
pub async fn says_yes(phone: &Phone) -> Result<String> {
    phone.does(Intent::AnswerLink { yes: true });
    step(phone, "the number", |step| match step {
        LinkView::Number { number, .. } => Some(number.clone()),
        _ => None,
    })
    .await
}

/// From the home screen to the linked phone, without biometrics unless the phone offers and `biometrics` asks for them.
pub async fn links(computer: &Computer, phone: &Phone, biometrics: bool) -> Result<()> {
    let (window, text) = computer.link_code().await?;
    let owner = scans_link(phone, text).await?;
    ensure!(owner == "M… Weber" || owner == "P… Schmit", "the owner is masked: {owner}");
    let number = says_yes(phone).await?;
    let numbers = computer.numbers(&window).await?;
    ensure!(numbers.len() == 3 && numbers.contains(&number), "{number} among {numbers:?}");
    computer.picks(&window, &number).await?;
    step(phone, "the name", |step| matches!(step, LinkView::Name { .. }).then_some(())).await?;
    phone.does(Intent::NameDevice { name: "Phone of the story".into() });
    step(phone, "the password", |step| matches!(step, LinkView::Password { busy: false, .. }).then_some(())).await?;
    phone.does(Intent::ChoosePassword { password: PASSWORD.to_owned().into() });
    if phone.has_sensor() {
        step(phone, "biometrics", |step| matches!(step, LinkView::Biometrics { busy: false }).then_some(())).await?;
        phone.does(if biometrics { Intent::ActivateBiometrics } else { Intent::SkipBiometrics });
    }
    let home = phone.notices(Notice::Linked).await?;
    ensure!(matches!(home, View::Home { account: Some(_), .. }), "{home:?}");
    phone.does(Intent::Dismiss);
    Ok(())
}

/// Types the password on the locked phone and waits until it is open.
pub async fn unlocks(phone: &Phone, password: &str) -> Result<View> {
    phone.locked("the lock", |view| (!view.busy).then_some(())).await?;
    phone.does(Intent::Unlock { password: password.to_owned().into() });
    phone.sees("an open phone", |view| Some(view.clone())).await
}

fn between<'a>(page: &'a str, before: &str, after: &str) -> Result<&'a str> {
    let (_, rest) = page.split_once(before).with_context(|| format!("no {before} on the page"))?;
    Ok(rest.split(after).next().unwrap_or_default())
}
