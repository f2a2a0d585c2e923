//! The lock: when it closes, what opens it, and what a forgotten password costs.

use super::Step;
use crate::{
    Account, Changing, Effect, EffectId, Lock, LockTrouble, Locked, Trouble, Typed, Watch,
    account::{IDLE, IDLE_WARNING},
    app::{App, Screen, Stage, Unlinking},
    event::{LockOut, UnlockBy},
    view::Notice,
};
use jiff::Timestamp;

/// When the journey wants to be woken although nothing happens: to warn, or to lock.
pub fn wakes_at(app: &App) -> Option<Timestamp> {
    if app.link.is_none() || app.lock != Lock::Open {
        return None;
    }
    let idle = app.watch.touched.map(|touched| touched + if app.watch.warned { IDLE } else { IDLE - IDLE_WARNING });
    let away =
        app.watch.away.filter(|_| !is_asked_by_the_system(app)).map(|away| away + app.settings.auto_lock.after());
    idle.into_iter().chain(away).min()
}

/// The system's file dialog and its sheet for biometrics hide the app: answering them is not leaving.
fn is_asked_by_the_system(app: &App) -> bool {
    app.setting_biometrics.is_some() || app.drafts.values().any(|draft| draft.picking.is_some())
}

impl Step<'_> {
    /// What may be asked of a locked phone; everything else changes nothing.
    pub(super) fn locked_intent(&mut self, intent: crate::Intent) {
        use crate::Intent;
        match intent {
            Intent::Unlock { password } => self.unlock(UnlockBy::Password(password)),
            Intent::UnlockWithBiometrics => self.unlock(UnlockBy::Biometrics),
            Intent::ForgotPassword => self.forgot(None),
            Intent::AnswerForgot { yes } => self.forgot(Some(yes)),
            Intent::Dismiss => {
                if let Lock::Locked(locked) = &mut self.app.lock {
                    locked.trouble = None;
                    locked.forgetting = false;
                }
            }
            Intent::Background => self.app.watch.away = Some(self.now),
            Intent::Foreground => self.app.watch.away = None,
            _ => {}
        }
    }

    fn unlock(&mut self, by: UnlockBy) {
        let effect = EffectId(self.draw());
        let biometrics = self.app.link.as_ref().is_some_and(|link| link.biometrics);
        let Lock::Locked(locked) = &mut self.app.lock else { return };
        if locked.trying.is_some() || by == UnlockBy::Biometrics && !biometrics {
            return;
        }
        locked.trying = Some(effect);
        locked.trouble = None;
        self.effects.push(Effect::Unlock { effect, by });
    }

    pub(super) fn unlocked(&mut self, effect: EffectId, account: Account) {
        let Lock::Locked(locked) = &self.app.lock else { return };
        if locked.trying != Some(effect) {
            return;
        }
        self.app.lock = Lock::Open;
        // Whoever answered the sensor's sheet, which hides the app, is here.
        self.app.watch = Watch { touched: Some(self.now), ..Watch::default() };
        let mut account = account;
        account.keep(std::mem::take(&mut self.app.arrived));
        let ended = self.app.outbox.values().any(|entry| entry.stage == Stage::Failed(Trouble::DeviceRevoked));
        let stale = ended || account.fetched.is_none_or(|at| at + crate::account::FRESH < self.now || at > self.now);
        self.app.account = Some(account);
        if stale {
            self.fetch_overview();
        }
        if self.app.link.as_ref().is_some_and(|link| link.biometrics_lost) {
            self.app.notice = Some(Notice::BiometricsLost);
        }
    }

    pub(super) fn not_unlocked(&mut self, effect: EffectId, why: Option<LockTrouble>, lockout: Option<LockOut>) {
        let Lock::Locked(locked) = &mut self.app.lock else { return };
        if locked.trying != Some(effect) {
            return;
        }
        locked.trying = None;
        locked.trouble = why;
        locked.lockout = lockout.or(locked.lockout);
        if why == Some(LockTrouble::BiometricsLost)
            && let Some(link) = &mut self.app.link
        {
            link.biometrics = false;
            link.biometrics_lost = true;
        }
    }

    /// Known before anybody has tried.
    pub(super) fn waits(&mut self, lockout: LockOut) {
        if let Lock::Locked(locked) = &mut self.app.lock
            && locked.lockout.is_none()
        {
            locked.trouble = Some(LockTrouble::Wait);
            locked.lockout = Some(lockout);
        }
    }

    /// 'Forgotten password' and the answer to its question.
    fn forgot(&mut self, answer: Option<bool>) {
        let Lock::Locked(locked) = &mut self.app.lock else { return };
        match answer {
            None => locked.forgetting = true,
            Some(false) => locked.forgetting = false,
            Some(true) if locked.forgetting => self.forget_account(Notice::Unlinked),
            Some(true) => {}
        }
    }

    /// A closed lock shows no notice: it says itself what could not be saved.
    pub(super) fn not_saved(&mut self, trouble: Trouble) {
        let Lock::Locked(locked) = &mut self.app.lock else {
            self.app.notice = Some(Notice::Trouble { trouble });
            return;
        };
        // The question has its answer, which was undone: it would only hide why.
        locked.forgetting = false;
        locked.trouble =
            Some(if trouble == Trouble::StorageFull { LockTrouble::StorageFull } else { LockTrouble::StorageFailed });
    }

    pub(super) fn lock(&mut self) {
        if self.app.link.is_none() || self.app.lock != Lock::Open {
            return;
        }
        // A phone that is being linked has just shown who holds it; its last question can be answered in the settings.
        if self.app.screen == Screen::Link {
            self.app.linking = None;
            self.app.screen = Screen::Home;
        }
        self.app.lock = Lock::Locked(Locked::default());
        self.app.account = None;
        self.app.changing = Changing::default();
        self.app.fetching = None;
        self.app.setting_biometrics = None;
        self.app.notice = None;
        if let Screen::Settings { unlinking: unlinking @ Unlinking::Asking, .. } = &mut self.app.screen {
            *unlinking = Unlinking::No;
        }
        self.effects.push(Effect::Lock);
    }

    pub(super) fn background(&mut self) {
        if self.app.link.is_none() {
            return;
        }
        self.app.watch.away = Some(self.now);
        if self.app.settings.auto_lock.after().is_zero() && !is_asked_by_the_system(&self.app) {
            self.lock();
        }
    }

    /// Timers rest while a phone sleeps, so the time away is looked at anew. A clock that was set back locks.
    pub(super) fn foreground(&mut self) {
        let Some(away) = self.app.watch.away.take() else { return };
        let long = self.now < away || self.now >= away + self.app.settings.auto_lock.after();
        if long && !is_asked_by_the_system(&self.app) {
            self.lock();
        }
    }

    /// Somebody is there.
    pub(super) fn touched(&mut self) {
        if self.app.link.is_none() {
            return;
        }
        self.app.watch.touched = Some(self.now);
        if std::mem::take(&mut self.app.watch.warned) && matches!(self.app.notice, Some(Notice::Idle { .. })) {
            self.app.notice = None;
        }
    }

    /// The moment that [`wakes_at`] named has come.
    pub(super) fn woken(&mut self, at: Timestamp) {
        if wakes_at(&self.app) != Some(at) {
            return;
        }
        let idle = self.app.watch.touched.is_some_and(|touched| touched + IDLE - IDLE_WARNING == at);
        if idle && !self.app.watch.warned {
            self.app.watch.warned = true;
            self.app.notice = Some(Notice::Idle { until: at + IDLE_WARNING });
        } else {
            self.lock();
        }
    }

    pub(super) fn open_change_password(&mut self) {
        if matches!(self.app.screen, Screen::Settings { .. }) && self.app.link.is_some() {
            self.app.changing = Changing::default();
            self.app.screen = Screen::ChangePassword;
        }
    }

    pub(super) fn change_password(&mut self, old: Typed, new: Typed) {
        let effect = EffectId(self.draw());
        if self.app.screen == Screen::ChangePassword && self.app.changing.busy.is_none() {
            self.app.changing.busy = Some(effect);
            self.app.changing.trouble = None;
            self.effects.push(Effect::ChangePassword { effect, old, new });
        }
    }

    pub(super) fn password_changed(&mut self, effect: EffectId) {
        if self.app.changing.busy == Some(effect) {
            self.app.changing = Changing::default();
            self.app.notice = Some(Notice::PasswordChanged);
            if self.app.screen == Screen::ChangePassword {
                self.app.screen = Screen::settings();
            }
        }
    }

    pub(super) fn not_changed(&mut self, effect: EffectId, why: LockTrouble, lockout: Option<LockOut>) {
        let changing = &mut self.app.changing;
        if changing.busy == Some(effect) {
            changing.busy = None;
            changing.trouble = Some(why);
            changing.lockout = lockout.or(changing.lockout);
        }
    }

    /// Unlinked, revoked or forgotten: what belongs to the account goes, what the citizen made stays.
    pub(super) fn forget_account(&mut self, notice: Notice) {
        let Some(link) = self.app.link.take() else { return };
        self.app.account = None;
        self.app.arrived.clear();
        self.app.fetching = None;
        self.app.setting_biometrics = None;
        self.app.changing = Changing::default();
        let tell = matches!(self.app.lock, Lock::Locked(_));
        self.app.lock = Lock::Open;
        self.app.notice = Some(notice);
        self.app.claims.retain(|_, claim| !claim.own);
        self.app.linking = None;
        self.app.screen = match self.app.screen {
            Screen::Link | Screen::Procedures { .. } | Screen::ChangePassword => Screen::Home,
            Screen::Settings { unlinking: Unlinking::Running(_), .. } => Screen::Home,
            Screen::Settings { .. } => Screen::settings(),
            other => other,
        };
        self.effects.push(Effect::ForgetAccount { link, tell });
    }
}
