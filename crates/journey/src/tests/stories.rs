//! Whole stories: events in, what was shown and asked for out.

use super::*;
use crate::{Sending, Trouble};
use scan::Turn;
use std::fmt::Write;

struct Story {
    world: World,
    text: String,
}

impl Story {
    fn new() -> Self {
        let mut story = Self { world: World::new(), text: String::new() };
        story.note("start");
        story
    }

    fn note(&mut self, what: &str) {
        let shown = serde_json::to_string(&self.world.view()).unwrap();
        writeln!(self.text, "## {what}\n{shown}").unwrap();
        for effect in &self.world.effects {
            let effect = format!("{effect:?}");
            writeln!(self.text, "→ {}", effect.split([' ', '(']).next().unwrap()).unwrap();
        }
    }

    fn then(mut self, what: &str, go: impl FnOnce(World) -> World) -> Self {
        self.world = go(self.world);
        self.note(what);
        self
    }

    fn tell(self, intent: Intent) -> Self {
        let debug = format!("{intent:?}");
        let name = debug.split([' ', '(']).next().unwrap();
        self.then(&snake_case(name), |world| world.tell(intent))
    }
}

/// As the screens write an intent's name.
fn snake_case(name: &str) -> String {
    let lower = |c: char| if c.is_ascii_uppercase() { format!("_{}", c.to_ascii_lowercase()) } else { c.to_string() };
    name.chars().map(lower).collect::<String>().trim_start_matches('_').to_owned()
}

#[test]
fn two_pages_by_the_article() {
    let story = Story::new()
        .tell(Intent::AddDocument)
        .tell(Intent::Continue)
        .tell(code(0))
        .then("redeemed", |world| world.redeemed("Certificate"))
        .tell(Intent::Continue)
        .tell(Intent::TakePicture)
        .tell(Intent::AddPicture)
        .then("photo by itself", |world| world.capture(Shutter::Automatic))
        .then("photo by hand", |world| world.capture(Shutter::Manual))
        .tell(Intent::Back)
        .tell(Intent::End)
        .tell(Intent::Generate)
        .tell(Intent::MakePdf { yes: true })
        .then("made", World::made)
        .tell(Intent::Confirm)
        .then("accepted", World::accepted)
        .tell(Intent::GoHome);
    insta::assert_snapshot!(story.text);
}

#[test]
fn a_file_goes_as_it_is() {
    let story = Story::new()
        .then("source", |_| World::source())
        .tell(Intent::SelectFile)
        .then("picked", |world| {
            let (draft, effect) = world.picking();
            world.hear(Outcome::Picked { effect, draft, picked: Picked::Pdf(document(effect, 4, true)) })
        })
        .tell(Intent::Confirm)
        .then("accepted", World::accepted)
        .tell(Intent::AddAnother);
    insta::assert_snapshot!(story.text);
}

#[test]
fn an_ended_upload_goes_on_with_a_new_code() {
    let story = Story::new()
        .then("uploading", |_| World::uploading())
        .then("killed", World::restart)
        .then("ended", |world| {
            let ticket = world.ticket();
            world.hear(Outcome::Ended { ticket, trouble: Trouble::UploadEnded })
        })
        .tell(Intent::NewCode)
        .tell(code(1))
        .then("redeemed, same place", |world| world.redeemed("Certificate"))
        .tell(Intent::Continue)
        .tell(Intent::Confirm)
        .then("accepted", World::accepted);
    insta::assert_snapshot!(story.text);
}

#[test]
fn waiting_pages_are_used_elsewhere() {
    let story = Story::new()
        .then("two pages, then home", |_| World::with_pages(2).tell(Intent::GoHome))
        .tell(code(1))
        .then("redeemed, another place", |world| world.redeemed("Invoice"))
        .tell(Intent::UseWaitingPages { yes: true })
        .tell(Intent::Continue);
    insta::assert_snapshot!(story.text);
}

#[test]
fn a_photo_that_says_which_way_it_is_read_starts_upright_and_is_turned_by_hand_from_there() {
    let world = World::camera();
    let aim = world.app.aim().unwrap();
    let photo = NewPhoto { upright: Turn::Half, ..photo(1) };
    let shutter = Shutter::Manual;
    let world = world.hear(Outcome::Captured { draft: aim.draft, replaces: aim.replaces, photo, shutter });
    let page = world.pages()[0];
    let turn = |world: &World| world.app.page(page).unwrap().faces[0].recipe.turn;
    assert_eq!(turn(&world), Turn::Half);
    let world = world.tell(Intent::RotateRight { page });
    assert_eq!(turn(&world), Turn::Left);
    assert_eq!(turn(&world.tell(Intent::ResetPage { page })), Turn::Half, "reset is as it was found");
}

#[test]
fn what_goes_on_by_itself_is_counted_and_nothing_else() {
    let world = World::uploading();
    let (effect, draft) = (world.run(), world.draft());
    assert_eq!(sending(&World::confirm().app), None);
    let half = world.clone().hear(Outcome::Sent { effect, draft, bytes: 450_000 });
    assert_eq!(sending(&half.app), Some(Sending { documents: 1, sent: 450_000, total: 900_000 }));
    for on in [Outcome::NoNetwork { effect, draft }, Outcome::Checking { effect, draft }] {
        assert!(sending(&world.clone().hear(on).app).is_some());
    }
    let ticket = world.ticket();
    for over in
        [Outcome::SlotChanged { draft, ticket }, Outcome::NotSent { effect, draft, trouble: Trouble::StorageFailed }]
    {
        assert_eq!(sending(&world.clone().hear(over).app), None, "waits for the citizen");
    }
    assert_eq!(sending(&world.clone().tell(Intent::PauseUpload).app), None);
    assert_eq!(sending(&world.accepted().app), None);
}
