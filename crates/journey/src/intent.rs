//! What a citizen can ask for. An intent that makes no sense on the current screen changes nothing.

use crate::{AutoLock, DraftId, PageId, PhotoId, Typed};
use protocol::api::SlotChoice;
use scan::{Filter, Quad};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Deserialize, ts_rs::TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Intent {
    /// One step back; loses nothing.
    Back,
    /// 'Return to home screen'.
    GoHome,
    OpenSettings,
    /// 'Add a document' on the home screen, 'Add another document' after a receipt.
    AddDocument,
    /// A waiting draft on the home screen: go on where it was.
    OpenDraft {
        draft: DraftId,
    },
    /// Remove a draft with its pages, for good.
    DiscardDraft {
        draft: DraftId,
    },
    /// A document on its way on the home screen: show it.
    OpenUpload {
        draft: DraftId,
    },
    /// 'Continue' on `intro`, `check` and `enter_code` has its own data where needed.
    Continue,
    /// 'Enter the code instead'.
    EnterCodeInstead,
    /// A code was read by the camera or the QR plugin.
    CodeFound {
        text: String,
    },
    /// 'Choose a picture of the code'.
    ChooseCodePicture,
    /// `portal` is an index into the view's portals.
    CodeTyped {
        code: String,
        portal: usize,
    },
    /// 'No, this is not mine'.
    NotMine,
    /// Answer to 'Use your 3 pages here?'.
    UseWaitingPages {
        yes: bool,
    },
    /// 'Take a picture'.
    TakePicture,
    /// 'Select a file': a PDF or pictures.
    SelectFile,
    /// The blue 'Add a picture'.
    AddPicture,
    /// 'done' on the camera screen.
    CameraDone,
    SetAutomatic {
        on: bool,
    },
    /// The camera could not start or stopped; the permission was refused.
    CameraTrouble {
        denied: bool,
    },
    EditPage {
        page: PageId,
    },
    SetQuad {
        page: PageId,
        photo: PhotoId,
        quad: Option<Quad>,
    },
    RotateLeft {
        page: PageId,
    },
    RotateRight {
        page: PageId,
    },
    SetFilter {
        page: PageId,
        filter: Filter,
    },
    SetFilterForAll {
        filter: Filter,
    },
    /// Back to what was found by itself.
    ResetPage {
        page: PageId,
    },
    /// Take this page's photo again.
    Retake {
        page: PageId,
    },
    /// 'Keep anyway' under a page with a warning.
    KeepPage {
        page: PageId,
    },
    /// Put the page where it is number `to` (0-based) afterwards; the others close up.
    MovePage {
        page: PageId,
        to: usize,
    },
    DeletePage {
        page: PageId,
    },
    UndoDelete,
    /// 'End'.
    End,
    /// 'Generate': asks 'Make a PDF of 3 pages?'.
    Generate,
    /// The answer to that question.
    MakePdf {
        yes: bool,
    },
    NameDocument {
        name: String,
    },
    /// 'Confirm': send it.
    Confirm,
    PauseUpload,
    ResumeUpload,
    /// 'Use other screens': go home while sending goes on.
    LeaveUpload,
    /// The document was refused or cannot arrive any more: back to the pages, which are kept.
    BackToPages,
    /// Somebody else filled the place.
    AnswerSlot {
        choice: SlotChoice,
    },
    /// The draft's upload has ended; scan a new code and continue with the same pages.
    NewCode,
    AddAnother,
    SetLanguage {
        language: Option<Language>,
    },
    SetAppearance {
        appearance: Appearance,
    },
    /// 'Link your account': scan a link code.
    LinkAccount,
    /// The answer to 'Link to M… Weber?'.
    AnswerLink {
        yes: bool,
    },
    NameDevice {
        name: String,
    },
    /// What a password would be worth; said while it is typed.
    JudgePassword {
        password: Typed,
    },
    ChoosePassword {
        password: Typed,
    },
    /// 'Activate biometrics', while linking or in the settings.
    ActivateBiometrics,
    /// 'Skip this step'.
    SkipBiometrics,
    DeactivateBiometrics,
    Unlock {
        password: Typed,
    },
    /// 'Use biometrics'.
    UnlockWithBiometrics,
    /// 'Forgotten password': asks whether to unlink and start again.
    ForgotPassword,
    AnswerForgot {
        yes: bool,
    },
    LockNow,
    /// The app went out of sight, or came back.
    Background,
    Foreground,
    /// Somebody touches the phone.
    Active,
    SetAutoLock {
        after: AutoLock,
    },
    OpenChangePassword,
    ChangePassword {
        old: Typed,
        new: Typed,
    },
    /// 'Unlink' in the settings: asks first.
    Unlink,
    AnswerUnlink {
        yes: bool,
    },
    /// 'My procedures'.
    OpenProcedures,
    /// `espace` is an index into the view's eSpaces.
    ChooseEspace {
        espace: usize,
    },
    RefreshProcedures,
    /// 'Attach' or 'Replace' without a code.
    FillSlot {
        procedure: String,
        slot: String,
    },
    /// 'Add a supporting document' without a code.
    AddToProcedure {
        procedure: String,
        document_type: String,
        name: String,
    },
    /// Forget every draft and setting on this phone.
    DeleteEverything,
    /// The question or notice on top of the screen was closed.
    Dismiss,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    En,
    Fr,
    De,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Appearance {
    System,
    Light,
    Dark,
}
