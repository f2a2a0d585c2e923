//! A finger or face in place of the password.

use crate::gate;
use anyhow::{Result, ensure};
use driver::journey::{Intent, LockTrouble, View, view::Notice};
use tests::{
    Computer, Phone, Sensor,
    linking::{PASSWORD, links, unlocks},
    steps::marie,
};

async fn linked_with_a_finger() -> Result<(Computer, Phone)> {
    let (computer, phone) = marie(gate()).await?;
    phone.sensor_is(Sensor::Yes);
    let phone = phone.killed().await?;
    links(&computer, &phone, true).await?;
    Ok((computer, phone.killed().await?))
}

async fn says(phone: &Phone, why: LockTrouble) -> Result<()> {
    tests::words::refuse(why)?;
    phone.locked("a refusal", |view| (!view.busy && view.trouble == Some(why)).then_some(())).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_finger_opens_the_lock_and_a_wrong_or_closed_one_does_not() -> Result<()> {
    let (_computer, phone) = linked_with_a_finger().await?;
    phone.locked("the offer", |view| view.biometrics.then_some(())).await?;
    phone.sensor_is(Sensor::No);
    phone.does(Intent::UnlockWithBiometrics);
    says(&phone, LockTrouble::NotRecognised).await?;
    phone.sensor_is(Sensor::Cancelled);
    phone.does(Intent::UnlockWithBiometrics);
    phone.locked("no trouble", |view| (!view.busy && view.trouble.is_none() && view.biometrics).then_some(())).await?;
    phone.sensor_is(Sensor::Yes);
    phone.does(Intent::UnlockWithBiometrics);
    phone.sees("an open phone", |view| matches!(view, View::Home { account: Some(_), .. }).then_some(())).await?;
    phone.does(Intent::LockNow);
    unlocks(&phone, PASSWORD).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_changed_enrolment_needs_the_password_and_offers_to_activate_again() -> Result<()> {
    let (_computer, phone) = linked_with_a_finger().await?;
    phone.sensor_is(Sensor::Changed);
    phone.does(Intent::UnlockWithBiometrics);
    says(&phone, LockTrouble::BiometricsLost).await?;
    phone.locked("no offer", |view| (!view.biometrics).then_some(())).await?;
    phone.sensor_is(Sensor::Yes);
    phone.does(Intent::UnlockWithBiometrics);
    phone.does(Intent::Unlock { password: PASSWORD.to_owned().into() });
    phone.notices(Notice::BiometricsLost).await?;
    phone.does(Intent::ActivateBiometrics);
    phone.does(Intent::OpenSettings);
    let there = |view: &View| matches!(view, View::Settings { link: Some(link), .. } if link.biometrics == Some(true) && !link.busy);
    phone.sees("the switch", |view| there(view).then_some(())).await?;
    phone.does(Intent::LockNow);
    phone.locked("the offer", |view| view.biometrics.then_some(())).await?;
    phone.does(Intent::UnlockWithBiometrics);
    phone.sees("an open phone", |_| Some(())).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn biometrics_are_switched_off_and_on_in_the_settings() -> Result<()> {
    let (_computer, phone) = linked_with_a_finger().await?;
    phone.does(Intent::UnlockWithBiometrics);
    phone.sees("an open phone", |_| Some(())).await?;
    phone.does(Intent::OpenSettings);
    let switched = async |on: bool| {
        let there = |view: &View| matches!(view, View::Settings { link: Some(link), .. } if link.biometrics == Some(on) && !link.busy);
        phone.sees("the switch", |view| there(view).then_some(())).await
    };
    switched(true).await?;
    phone.does(Intent::DeactivateBiometrics);
    switched(false).await?;
    phone.does(Intent::LockNow);
    phone.locked("no offer", |view| (!view.biometrics).then_some(())).await?;
    let view = unlocks(&phone, PASSWORD).await?;
    ensure!(matches!(view, View::Settings { .. }));
    phone.sensor_is(Sensor::Cancelled);
    phone.does(Intent::ActivateBiometrics);
    switched(false).await?;
    phone.sensor_is(Sensor::Yes);
    phone.does(Intent::ActivateBiometrics);
    switched(true).await
}

/// What opens by the sensor is gone, whatever the sensor says to that.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn biometrics_are_switched_off_although_the_sensor_fails() -> Result<()> {
    let (_computer, phone) = linked_with_a_finger().await?;
    phone.does(Intent::UnlockWithBiometrics);
    phone.sees("an open phone", |_| Some(())).await?;
    phone.does(Intent::OpenSettings);
    phone.sensor_is(Sensor::Broken);
    phone.does(Intent::DeactivateBiometrics);
    let off = |view: &View| matches!(view, View::Settings { link: Some(link), .. } if link.biometrics == Some(false) && !link.busy);
    phone.sees("the switch", |view| off(view).then_some(())).await?;
    // The secret that the sensor still has opens nothing.
    phone.sensor_is(Sensor::Yes);
    let phone = phone.killed().await?;
    phone.locked("no offer", |view| (!view.biometrics).then_some(())).await
}
