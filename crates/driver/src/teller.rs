//! Tells the portal how many pages there are: best effort, the newest count only, at most once a second.

use crate::{trouble, works::Works};
use journey::{Outcome, TicketId};
use std::{collections::BTreeMap, sync::Arc, time::Duration};
use tokio::{sync::mpsc, task::JoinSet, time::sleep};

const BREATH: Duration = Duration::from_secs(1);

pub(crate) struct Teller(mpsc::UnboundedSender<(TicketId, u32)>);

impl Teller {
    pub fn start(tasks: &mut JoinSet<()>, works: Arc<Works>) -> Self {
        let (tells, mut told) = mpsc::unbounded_channel();
        tasks.spawn(async move {
            while let Some(first) = told.recv().await {
                let mut counts = BTreeMap::from([first]);
                while let Ok(newer) = told.try_recv() {
                    counts.extend([newer]);
                }
                for (ticket, count) in counts {
                    works.tell_pages(ticket, count).await;
                }
                sleep(BREATH).await;
            }
        });
        Self(tells)
    }

    pub fn tell(&self, ticket: TicketId, count: u32) {
        // The task ends only with the mind.
        let _ = self.0.send((ticket, count));
    }
}

impl Works {
    async fn tell_pages(&self, ticket: TicketId, count: u32) {
        let Ok(Some(record)) = self.record(ticket).await else { return };
        let (Some(client), Some(pass)) = (self.client(&record.portal), record.pass()) else { return };
        if let Err(error) = client.pages(&pass, count).await
            && trouble::ends_ticket(&error)
        {
            self.report(Outcome::Ended { ticket, trouble: trouble::of_client(&error) });
        }
    }
}
