//! A phone whose clock is wrong: nothing that the two say to each other depends on it.

use crate::{ENROLMENT, gate};
use anyhow::Result;
use driver::journey::View;
use jiff::SignedDuration;
use tests::steps::{arrived, generates, marie, photographs, scans, sends};

const YEAR: SignedDuration = SignedDuration::from_hours(366 * 24);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clock_that_is_a_year_off_costs_nothing() -> Result<()> {
    // The last one is set right, and wrong again, in the middle of it all.
    for (before, after) in [(YEAR, YEAR), (-YEAR, -YEAR), (YEAR, -YEAR)] {
        let (computer, phone) = marie(gate()).await?;
        phone.clock_is_off_by(before);
        let (window, text) = computer.generate(ENROLMENT).await?;
        scans(&computer, &phone, &window, text).await?;
        photographs(&phone, 2).await?;
        phone.clock_is_off_by(after);
        let phone = phone.killed().await?;
        let kept = |view: &View| matches!(view, View::Pages { pages, .. } if pages.len() == 2).then_some(());
        phone.sees("both pages", kept).await?;
        generates(&phone, 2).await?;
        let receipt = sends(&phone).await?;
        arrived(&computer, ENROLMENT.procedure, &receipt).await?;
    }
    Ok(())
}
