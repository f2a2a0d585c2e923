//! The linked account's procedures, and adding to them without a code.

use super::Step;
use crate::{
    Effect, EffectId, Kept, Lock, TicketId, Trouble,
    app::{Asking, Claim, Screen},
    view::Notice,
};
use protocol::{
    api::{MakeTicket, Overview, TicketPlace},
    limits,
};

impl Step<'_> {
    /// 'My procedures'; from a scan, to choose a place for what waits there.
    pub(super) fn open_procedures(&mut self) {
        let waiting = match self.app.screen {
            Screen::Home => None,
            Screen::ScanQr(Asking { waiting: Some(draft), claim: None, .. }) => Some(draft),
            _ => return,
        };
        if self.app.link.is_some() {
            self.app.screen = Screen::Procedures { espace: 0, trouble: None, waiting };
        }
    }

    pub(super) fn choose_espace(&mut self, index: usize) {
        let known = self.app.account.as_ref().map_or(0, |account| account.espaces.len());
        if let Screen::Procedures { espace, .. } = &mut self.app.screen
            && index < known
        {
            *espace = index;
        }
    }

    pub(super) fn refresh_procedures(&mut self) {
        if let Screen::Procedures { trouble, .. } = &mut self.app.screen {
            *trouble = None;
            self.fetch_overview();
        }
    }

    pub(super) fn fetch_overview(&mut self) {
        let effect = EffectId(self.draw());
        let Some(link) = self.app.link.clone() else { return };
        if self.app.lock == Lock::Open && self.app.fetching.is_none() {
            self.app.fetching = Some(effect);
            self.effects.push(Effect::FetchOverview { effect, link });
        }
    }

    pub(super) fn fetched(&mut self, effect: EffectId, overview: Result<Overview, Trouble>) {
        if self.app.fetching != Some(effect) {
            return;
        }
        self.app.fetching = None;
        let overview = match overview {
            Ok(overview) => overview,
            // What was fetched before is still shown, with its age.
            Err(what) => {
                if let Screen::Procedures { trouble, .. } = &mut self.app.screen {
                    *trouble = Some(what);
                }
                return;
            }
        };
        let own = self.app.link.as_ref().map(|link| link.device.clone());
        let Some(account) = &mut self.app.account else { return };
        let first = account.fetched.is_none();
        let new = overview.devices.iter().rev().find(|device| {
            !first && Some(&device.id) != own.as_ref() && account.devices.iter().all(|known| known.id != device.id)
        });
        if let Some(device) = new {
            self.app.notice = Some(Notice::NewDevice { name: device.name.clone(), at: device.linked_at });
        }
        account.owner = overview.owner;
        account.espaces = overview.espaces;
        account.devices = overview.devices;
        account.fetched = Some(self.now);
        let last = account.espaces.len().saturating_sub(1);
        if let Screen::Procedures { espace, trouble, .. } = &mut self.app.screen {
            *espace = (*espace).min(last);
            *trouble = None;
        }
    }

    /// 'Attach' and 'Replace' on this phone.
    pub(super) fn fill_slot(&mut self, procedure: String, slot: String) {
        self.make_ticket(MakeTicket { procedure, place: TicketPlace::Slot(slot), name: None });
    }

    /// 'Add a supporting document' on this phone.
    pub(super) fn add_to_procedure(&mut self, procedure: String, document_type: String, name: &str) {
        let name: String = name.trim().chars().filter(|c| !c.is_control()).take(limits::DOCUMENT_NAME_CHARS).collect();
        let name = Some(name).filter(|name| !name.is_empty());
        self.make_ticket(MakeTicket { procedure, place: TicketPlace::DocumentType(document_type), name });
    }

    fn make_ticket(&mut self, make: MakeTicket) {
        let ticket = TicketId(self.draw());
        let own_under_way = self.app.claims.values().any(|claim| claim.own);
        let Some(link) = self.app.link.clone() else { return };
        let waiting = match &mut self.app.screen {
            Screen::Procedures { trouble, waiting, .. } if !own_under_way => {
                *trouble = None;
                *waiting
            }
            Screen::Home if !own_under_way => {
                self.app.screen = Screen::Procedures { espace: 0, trouble: None, waiting: None };
                None
            }
            _ => return,
        };
        self.app.claims.insert(ticket, Claim { portal: link.portal.clone(), waiting, own: true });
        self.effects.push(Effect::MakeTicket { ticket, link, make });
    }

    /// A document arrived: its receipt is kept with the account, now or when the lock opens.
    pub(super) fn keep_receipt(&mut self, kept: Kept) {
        if self.app.link.is_none() {
            return;
        }
        match &mut self.app.account {
            Some(account) => {
                account.keep(vec![kept]);
                self.fetch_overview();
            }
            None => self.app.arrived.push(kept),
        }
    }
}
