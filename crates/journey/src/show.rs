//! The view of a state: what a screen needs, and nothing else.

use crate::{
    Account, App, DraftId, LinkStage, Lock, Locked, Page,
    app::{Asking, Document, Draft, Entry, Screen, Stage, Unlinking},
    view::{
        self, AskedDocument, DraftCard, Face, HomeAccount, LinkSettings, LinkView, LockedView, Notice, OutboxCard,
        PageCard, Picture, ReuseQuestion, Shown, View,
    },
};

/// Longer side, in pixels, of the pictures the screens ask for.
const CARD: u32 = 600;
const LARGE: u32 = 1200;
/// Width of a page of the PDF on 'Confirm'.
const PDF_WIDTH: u32 = 900;

/// Derives what is shown. While locked nothing of the citizen's is inside.
pub fn view(app: &App) -> Shown {
    match &app.lock {
        Lock::Locked(locked) => Shown::Locked(locked_view(app, locked)),
        Lock::Open => Shown::Open {
            view: open(app).unwrap_or_else(|| home(app)),
            notice: app.notice.clone().or_else(|| (!app.receiving.is_empty()).then_some(Notice::Receiving)),
            back: leads_back(app),
        },
    }
}

/// Whether Back leads anywhere: not from home, and not while a lock is made, chosen or given up.
fn leads_back(app: &App) -> bool {
    let linking = app.linking.as_ref().map(|linking| &linking.stage);
    let held = matches!(linking, Some(LinkStage::Password { busy: true, .. } | LinkStage::Biometrics { .. }));
    match app.screen {
        Screen::Home | Screen::Settings { unlinking: Unlinking::Running(_), .. } => false,
        Screen::Link => !held,
        _ => true,
    }
}

/// `None` where the screen names something that is gone.
fn open(app: &App) -> Option<View> {
    let draft = |id: DraftId| app.drafts.get(&id);
    Some(match app.screen {
        Screen::Home => home(app),
        Screen::Intro => View::Intro,
        Screen::ScanQr(Asking { trouble, claim, reading, waiting }) => View::ScanQr {
            trouble,
            busy: claim.is_some() || reading.is_some(),
            waiting: waiting.and_then(|id| Some(draft_card(id, draft(id)?))),
            procedures: waiting.is_some() && app.link.is_some(),
        },
        Screen::EnterCode(Asking { trouble, claim, .. }) => View::EnterCode {
            trouble,
            busy: claim.is_some(),
            portals: app.portals.iter().map(|portal| portal.name.clone()).collect(),
        },
        Screen::Check(id) => {
            let Draft { place, ticket, reuse, .. } = draft(id)?;
            let digits = ticket.as_ref().and_then(|ticket| ticket.digits.clone());
            let other_account = ticket.as_ref().is_some_and(|ticket| ticket.other_account);
            let question = reuse.and_then(draft).map(question);
            View::Check { draft: id, place: place.as_ref()?.context.clone(), digits, other_account, question }
        }
        Screen::Source(id) => {
            let Draft { place, picking, trouble, .. } = draft(id)?;
            View::Source {
                draft: id,
                place: place.as_ref()?.context.clone(),
                busy: picking.is_some(),
                trouble: *trouble,
            }
        }
        Screen::Pages(id) => {
            let draft = draft(id)?;
            View::Pages {
                draft: id,
                place: connected_place(draft),
                pages: draft.pages.iter().map(page_card).collect(),
                bytes: photo_bytes(draft),
                busy: draft.picking.is_some(),
                needs_place: draft.place.is_none(),
                trouble: draft.trouble,
            }
        }
        Screen::Camera { draft: id, retake, trouble } => {
            let pages = &draft(id)?.pages;
            let retaken = retake.and_then(|page| pages.iter().position(|p| p.id == page));
            View::Camera {
                draft: id,
                number: retaken.unwrap_or(pages.len()) as u32 + 1,
                retake: retake.is_some(),
                automatic: app.settings.automatic,
                last: pages.last().map(|page| page_picture(page, CARD)),
                trouble,
            }
        }
        Screen::Edit(id, page) => {
            let pages = &draft(id)?.pages;
            let at = pages.iter().position(|p| p.id == page)?;
            let page = pages.get(at)?;
            View::Edit { draft: id, page: page_card(page), number: at as u32 + 1, faces: faces(page) }
        }
        Screen::Generate { draft: id, asking } => {
            let draft = draft(id)?;
            View::Generate {
                draft: id,
                place: connected_place(draft),
                pages: draft.pages.len() as u32,
                bytes: draft.document.as_ref().map_or_else(|| photo_bytes(draft), |document| document.bytes),
                name: draft.name.clone(),
                asking,
                making: draft.making.is_some(),
                trouble: draft.trouble,
            }
        }
        Screen::Confirm(id) => {
            let draft = draft(id)?;
            let document = draft.document.as_ref()?;
            View::Confirm {
                draft: id,
                place: connected_place(draft),
                pages: pdf_pages(id, document),
                bytes: document.bytes,
                name: draft.name.clone(),
                from_file: document.from_file,
                needs_code: draft.ticket.is_none(),
                needs_place: draft.place.is_none(),
                trouble: draft.trouble,
            }
        }
        Screen::Upload(id) => {
            let entry = app.outbox.get(&id)?;
            View::Upload {
                draft: id,
                place: entry.place.context.clone(),
                name: entry.name.clone(),
                stage: stage(entry),
                sent: entry.sent,
                total: entry.document.bytes,
            }
        }
        Screen::Done(id) => {
            let entry = app.outbox.get(&id)?;
            let Stage::Received(receipt) = &entry.stage else { return None };
            View::Done { draft: id, place: entry.place.context.clone(), receipt: receipt.clone() }
        }
        Screen::Link => View::Link {
            step: link_step(app),
            trouble: app.linking.as_ref().map_or(app.scan_trouble, |linking| linking.trouble),
        },
        Screen::Procedures { espace, trouble, waiting } => {
            let account = app.account.as_ref()?;
            View::Procedures {
                espaces: account.espaces.clone(),
                espace,
                fetched: account.fetched,
                fetching: app.fetching.is_some(),
                busy: app.claims.values().any(|claim| claim.own),
                receipts: account.receipts.clone(),
                waiting: waiting.and_then(|id| Some(draft_card(id, draft(id)?))),
                trouble,
            }
        }
        Screen::ChangePassword => View::ChangePassword {
            judged: app.changing.judged,
            busy: app.changing.busy.is_some(),
            trouble: app.changing.trouble,
            tries_left: app.changing.lockout.map(|lockout| lockout.tries_left),
            retry_at: app.changing.lockout.and_then(|lockout| lockout.retry_at),
        },
        Screen::Settings { unlinking, trouble } => View::Settings {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            drafts: app.drafts.keys().filter(|id| !app.is_on_its_way(**id)).count() as u32,
            link: link_settings(app, unlinking),
            trouble,
        },
    })
}

/// What is on its way by itself, for whoever keeps the app running meanwhile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sending {
    pub documents: u32,
    /// Bytes that are safe at their portals, of `total`.
    pub sent: u64,
    pub total: u64,
}

/// `None`: nothing goes on unless the citizen does something about it.
pub fn sending(app: &App) -> Option<Sending> {
    let goes_on = |stage: &Stage| matches!(stage, Stage::Sending | Stage::WaitingForNetwork | Stage::Checking);
    let under_way = app.outbox.values().filter(|entry| goes_on(&entry.stage));
    let none = Sending { documents: 0, sent: 0, total: 0 };
    let all = under_way.fold(none, |all, entry| Sending {
        documents: all.documents + 1,
        sent: all.sent + entry.sent,
        total: all.total + entry.document.bytes,
    });
    (all.documents > 0).then_some(all)
}

fn home(app: &App) -> View {
    let mut drafts: Vec<_> = app.drafts.iter().filter(|(id, _)| !app.is_on_its_way(**id)).collect();
    drafts.sort_by_key(|(_, draft)| std::cmp::Reverse(draft.since));
    View::Home {
        drafts: drafts.into_iter().map(|(id, draft)| draft_card(*id, draft)).collect(),
        outbox: app.outbox.iter().map(|(id, entry)| outbox_card(*id, entry)).collect(),
        account: app.account.as_ref().map(home_account),
    }
}

/// Documents shown on the home screen that procedures ask for.
const ASKED: usize = 3;

fn home_account(account: &Account) -> HomeAccount {
    let procedures =
        account.espaces.iter().flat_map(|espace| &espace.procedures).filter(|procedure| procedure.editable);
    let mut asked: Vec<AskedDocument> = procedures
        .flat_map(|procedure| procedure.slots.iter().map(move |slot| (procedure, slot)))
        .filter(|(_, slot)| slot.required && !slot.filled)
        .map(|(procedure, slot)| AskedDocument {
            procedure: procedure.id.clone(),
            title: procedure.title.clone(),
            slot: slot.id.clone(),
            document_type: slot.document_type.clone(),
            deadline: procedure.deadline,
        })
        .collect();
    asked.sort_by_key(|asked| (asked.deadline.is_none(), asked.deadline));
    asked.truncate(ASKED);
    HomeAccount { owner: account.owner.clone(), asked }
}

fn locked_view(app: &App, locked: &Locked) -> LockedView {
    LockedView {
        device: app.link.as_ref().map(|link| link.name.clone()).unwrap_or_default(),
        biometrics: app.link.as_ref().is_some_and(|link| link.biometrics),
        busy: locked.trying.is_some(),
        trouble: locked.trouble,
        tries_left: locked.lockout.map(|lockout| lockout.tries_left),
        retry_at: locked.lockout.and_then(|lockout| lockout.retry_at),
        offer_unlink: locked.lockout.is_some_and(|lockout| lockout.offer_unlink),
        forgetting: locked.forgetting,
        sending: app.outbox.values().filter(|entry| matches!(entry.stage, Stage::Sending | Stage::Checking)).count()
            as u32,
    }
}

fn link_step(app: &App) -> LinkView {
    let Some(linking) = &app.linking else { return LinkView::Scan { busy: false } };
    match &linking.stage {
        LinkStage::Redeeming => LinkView::Scan { busy: true },
        LinkStage::Asking { owner, espaces, busy } => {
            LinkView::Ask { owner: owner.clone(), espaces: *espaces, busy: *busy }
        }
        LinkStage::Picking { number, until } => LinkView::Number { number: number.clone(), until: *until },
        LinkStage::Naming => LinkView::Name { name: linking.name.clone() },
        LinkStage::Password { judged, busy, .. } => LinkView::Password { judged: *judged, busy: *busy },
        LinkStage::Biometrics { busy } => LinkView::Biometrics { busy: *busy },
    }
}

fn link_settings(app: &App, unlinking: Unlinking) -> Option<LinkSettings> {
    let (link, account) = (app.link.as_ref()?, app.account.as_ref()?);
    let portal = app.portals.iter().find(|portal| portal.origin.as_str() == link.portal);
    Some(LinkSettings {
        device: link.name.clone(),
        owner: account.owner.clone(),
        portal: portal.map(|portal| portal.name.clone()).unwrap_or_default(),
        biometrics: app.has_sensor.then_some(link.biometrics),
        busy: app.setting_biometrics.is_some(),
        unlinking: unlinking != Unlinking::No,
        unlinking_busy: matches!(unlinking, Unlinking::Running(_)),
    })
}

fn draft_card(id: DraftId, draft: &Draft) -> DraftCard {
    let pages = draft.document.as_ref().map_or(draft.pages.len() as u32, |document| document.pages);
    let of_pages = draft.pages.first().map(|page| page_picture(page, CARD));
    let cover = of_pages.or_else(|| pdf_pages(id, draft.document.as_ref()?).into_iter().next());
    DraftCard { draft: id, title: draft.name.clone(), pages, cover, connected: draft.ticket.is_some() }
}

fn outbox_card(id: DraftId, entry: &Entry) -> OutboxCard {
    let total = entry.document.bytes;
    OutboxCard { draft: id, title: entry.name.clone(), stage: stage(entry), sent: entry.sent, total }
}

fn stage(entry: &Entry) -> view::Stage {
    match entry.stage {
        Stage::Sending => view::Stage::Sending,
        Stage::WaitingForNetwork => view::Stage::WaitingForNetwork,
        Stage::Paused => view::Stage::Paused,
        Stage::Checking => view::Stage::Checking,
        Stage::SlotChanged => view::Stage::SlotChanged,
        Stage::Failed(trouble) => view::Stage::Failed { trouble },
        Stage::Received(_) => view::Stage::Received,
    }
}

/// A place is shown as the document's only while the portal still takes it.
fn connected_place(draft: &Draft) -> Option<protocol::api::Context> {
    draft.ticket.as_ref().and(draft.place.as_ref()).map(|place| place.context.clone())
}

fn question(other: &Draft) -> ReuseQuestion {
    let pages = other.document.as_ref().map_or(other.pages.len() as u32, |document| document.pages);
    ReuseQuestion { pages, from: Some(other.name.clone()).filter(|name| !name.is_empty()) }
}

fn photo_bytes(draft: &Draft) -> u64 {
    draft.pages.iter().flat_map(|page| &page.faces).map(|photo| photo.bytes).sum()
}

fn page_card(page: &Page) -> PageCard {
    let recipe = page.faces.first().map(|photo| photo.recipe).unwrap_or_default();
    let picture = page_picture(page, CARD);
    PageCard { page: page.id, picture, warning: page.warning, turn: recipe.turn, filter: recipe.filter }
}

fn page_picture(page: &Page, side: u32) -> Picture {
    Picture(format!("page/{}?v={:016x}&side={side}", page.id, page.look()))
}

fn faces(page: &Page) -> Vec<Face> {
    let face = |photo: &crate::Photo| Face {
        photo: photo.id,
        picture: Picture(format!("photo/{}?side={LARGE}", photo.id)),
        quad: photo.recipe.quad,
    };
    page.faces.iter().map(face).collect()
}

fn pdf_pages(draft: DraftId, document: &Document) -> Vec<Picture> {
    let picture = |n| Picture(format!("pdf/{draft}/{n}?v={}&width={PDF_WIDTH}", document.id));
    (0..document.pages).map(picture).collect()
}
