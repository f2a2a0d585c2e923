//! From a link code to a linked phone: whose account, the number, a name, a password, biometrics.

use super::Step;
use crate::{
    Account, Effect, EffectId, Judged, Link, LinkStage, Linking, Trouble, Typed,
    app::{Screen, Unlinking},
    view::Notice,
};
use jiff::Timestamp;
use protocol::{
    limits,
    qr::{self, QrProblem, Scanned},
};

impl Step<'_> {
    /// 'Link your account'.
    pub(super) fn link_account(&mut self) {
        let from_here = matches!(self.app.screen, Screen::Home | Screen::Settings { .. });
        if from_here && self.app.link.is_none() {
            self.app.screen = Screen::Link;
            self.app.linking = None;
            self.app.scan_trouble = None;
        }
    }

    /// A code while a link code is wanted. Only the camera on this screen gets here.
    pub(super) fn link_code_found(&mut self, text: &str) {
        if self.app.linking.is_some() {
            return;
        }
        self.app.scan_trouble = match qr::read(text, &self.app.portals) {
            Ok(Scanned::Link { portal, secret }) => {
                let Some(portal) = self.app.portals.get(portal).map(|portal| portal.origin.to_string()) else { return };
                let id = EffectId(self.draw());
                let stage = LinkStage::Redeeming;
                let name = String::new();
                self.app.linking = Some(Linking { id, portal: portal.clone(), name, stage, trouble: None });
                self.effects.push(Effect::RedeemLink { linking: id, portal, code: secret });
                None
            }
            Ok(Scanned::Ticket { .. }) => Some(Trouble::TicketCode),
            Err(QrProblem::NotACode) => Some(Trouble::NotACode),
            Err(QrProblem::OtherPortal) => Some(Trouble::OtherPortal),
        };
    }

    pub(super) fn link_redeemed(&mut self, id: EffectId, owner: String, espaces: u32) {
        if let Some(linking) = self.linking(id)
            && linking.stage == LinkStage::Redeeming
        {
            linking.stage = LinkStage::Asking { owner, espaces, busy: false };
        }
    }

    /// The answer to 'Link to M… Weber?'.
    pub(super) fn answer_link(&mut self, yes: bool) {
        if self.app.screen != Screen::Link {
            return;
        }
        if !yes {
            return self.give_up_linking();
        }
        let Some(linking) = &mut self.app.linking else { return };
        let LinkStage::Asking { busy: busy @ false, .. } = &mut linking.stage else { return };
        *busy = true;
        linking.trouble = None;
        self.effects.push(Effect::ConfirmLink { linking: linking.id });
    }

    pub(super) fn link_number(&mut self, id: EffectId, number: String, until: Timestamp) {
        if let Some(linking) = self.linking(id)
            && matches!(linking.stage, LinkStage::Asking { .. })
        {
            linking.stage = LinkStage::Picking { number, until };
        }
    }

    pub(super) fn link_matched(&mut self, id: EffectId) {
        if let Some(linking) = self.linking(id)
            && matches!(linking.stage, LinkStage::Picking { .. })
        {
            linking.stage = LinkStage::Naming;
        }
    }

    pub(super) fn name_device(&mut self, name: &str) {
        let Some(linking) = &mut self.app.linking else { return };
        if self.app.screen == Screen::Link && matches!(linking.stage, LinkStage::Naming | LinkStage::Password { .. }) {
            linking.name = name.trim().chars().filter(|c| !c.is_control()).take(limits::DEVICE_NAME_CHARS).collect();
            linking.stage = LinkStage::Password { judging: None, judged: None, busy: false };
        }
    }

    pub(super) fn judge_password(&mut self, password: Typed) {
        let effect = EffectId(self.draw());
        let judging = match (self.app.screen, &mut self.app.linking) {
            (Screen::Link, Some(Linking { stage: LinkStage::Password { judging, busy: false, .. }, .. })) => judging,
            (Screen::ChangePassword, _) => &mut self.app.changing.judging,
            _ => return,
        };
        *judging = Some(effect);
        self.effects.push(Effect::JudgePassword { effect, password });
    }

    pub(super) fn password_judged(&mut self, effect: EffectId, judged: Judged) {
        let changing = &mut self.app.changing;
        if changing.judging == Some(effect) {
            changing.judged = Some(judged);
        }
        if let Some(Linking { stage: LinkStage::Password { judging, judged: known, .. }, .. }) = &mut self.app.linking
            && *judging == Some(effect)
        {
            *known = Some(judged);
        }
    }

    /// Whether it is good enough is the vault's to say.
    pub(super) fn choose_password(&mut self, password: Typed) {
        let Some(linking) = self.app.linking.as_mut().filter(|_| self.app.screen == Screen::Link) else { return };
        let LinkStage::Password { busy: busy @ false, .. } = &mut linking.stage else { return };
        *busy = true;
        linking.trouble = None;
        self.effects.push(Effect::FinishLink { linking: linking.id, name: linking.name.clone(), password });
    }

    /// The phone is linked, whatever the screen: the portal knows it by now.
    pub(super) fn linked(&mut self, id: EffectId, link: Link, account: Account) {
        if self.app.link.is_some() || self.app.linking.as_ref().is_none_or(|linking| linking.id != id) {
            return;
        }
        self.app.link = Some(link);
        self.app.account = Some(account);
        self.app.watch.touched = Some(self.now);
        self.fetch_overview();
        let here = self.app.screen == Screen::Link;
        match self.app.linking.as_mut().filter(|_| here && self.app.has_sensor) {
            Some(linking) => linking.stage = LinkStage::Biometrics { busy: false },
            None => self.end_linking(),
        }
    }

    pub(super) fn link_failed(&mut self, id: EffectId, trouble: Trouble, over: bool) {
        let Some(linking) = self.linking(id) else { return };
        if over {
            self.app.linking = None;
            self.app.scan_trouble = Some(trouble);
            return;
        }
        linking.trouble = Some(trouble);
        match &mut linking.stage {
            LinkStage::Asking { busy, .. } | LinkStage::Password { busy, .. } => *busy = false,
            _ => {}
        }
    }

    /// 'Activate biometrics', while linking or in the settings.
    pub(super) fn set_biometrics(&mut self, on: bool) {
        if self.app.link.is_none() || self.app.setting_biometrics.is_some() {
            return;
        }
        let effect = EffectId(self.draw());
        match (self.app.screen, &mut self.app.linking) {
            (Screen::Link, Some(linking)) if on => {
                let LinkStage::Biometrics { busy } = &mut linking.stage else { return };
                *busy = true;
                linking.trouble = None;
            }
            (Screen::Settings { .. }, _) => self.settings_say(None),
            (_, _) if on && self.app.notice == Some(Notice::BiometricsLost) => self.app.notice = None,
            _ => return,
        }
        self.app.setting_biometrics = Some(effect);
        self.effects.push(Effect::SetBiometrics { effect, on });
    }

    pub(super) fn skip_biometrics(&mut self) {
        let stage = self.app.linking.as_ref().map(|linking| &linking.stage);
        if self.app.screen == Screen::Link && matches!(stage, Some(LinkStage::Biometrics { busy: false })) {
            self.end_linking();
        }
    }

    pub(super) fn biometrics_set(&mut self, effect: EffectId, set: Result<bool, Option<Trouble>>) {
        if self.app.setting_biometrics != Some(effect) {
            return;
        }
        self.app.setting_biometrics = None;
        if let (Ok(on), Some(link)) = (set, &mut self.app.link) {
            link.biometrics = on;
            link.biometrics_lost = false;
        }
        let trouble = set.err().flatten();
        match &mut self.app.linking {
            Some(linking) if matches!(linking.stage, LinkStage::Biometrics { .. }) => {
                linking.stage = LinkStage::Biometrics { busy: false };
                linking.trouble = trouble;
                if set.is_ok() {
                    self.end_linking();
                }
            }
            _ => match (self.app.screen, trouble) {
                (Screen::Settings { .. }, trouble) => self.settings_say(trouble),
                (_, Some(trouble)) => self.app.notice = Some(Notice::Trouble { trouble }),
                _ => {}
            },
        }
    }

    fn end_linking(&mut self) {
        self.app.linking = None;
        self.app.notice = Some(Notice::Linked);
        if self.app.screen == Screen::Link {
            self.app.screen = Screen::Home;
        }
    }

    /// Back and 'No': the code is of no use to anybody any more.
    pub(super) fn give_up_linking(&mut self) {
        let Some(linking) = self.app.linking.take() else { return };
        if self.app.link.is_none() {
            self.effects.push(Effect::DeclineLink { linking: linking.id });
        }
    }

    pub(super) fn settings_say(&mut self, what: Option<Trouble>) {
        if let Screen::Settings { trouble, .. } = &mut self.app.screen {
            *trouble = what;
        }
    }

    /// 'Unlink' in the settings, and the answer to its question.
    pub(super) fn unlink(&mut self, answer: Option<bool>) {
        let effect = EffectId(self.draw());
        let Screen::Settings { unlinking, trouble } = &mut self.app.screen else { return };
        let Some(link) = self.app.link.clone() else { return };
        *unlinking = match (answer, *unlinking) {
            (None, Unlinking::No) => Unlinking::Asking,
            (Some(false), Unlinking::Asking) => Unlinking::No,
            (Some(true), Unlinking::Asking) => {
                *trouble = None;
                self.effects.push(Effect::Unlink { effect, link });
                Unlinking::Running(effect)
            }
            (_, other) => other,
        };
    }

    pub(super) fn unlinked(&mut self, effect: EffectId) {
        if self.app.unlinking() == Some(effect) {
            self.forget_account(Notice::Unlinked);
        }
    }

    pub(super) fn not_unlinked(&mut self, effect: EffectId, what: Trouble) {
        if self.app.unlinking() == Some(effect) {
            self.app.screen = Screen::Settings { unlinking: Unlinking::No, trouble: Some(what) };
        }
    }

    /// The account no longer knows this phone.
    pub(super) fn revoked(&mut self) {
        if self.app.link.is_some() {
            self.forget_account(Notice::Revoked);
        }
    }

    fn linking(&mut self, id: EffectId) -> Option<&mut Linking> {
        self.app.linking.as_mut().filter(|linking| linking.id == id)
    }
}
