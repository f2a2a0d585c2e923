//! Automatic capture on drawn films through the real detector: a film of each of some stories. `--example capture` plays them all,
//! with more seeds and ten minutes of desk.

#[path = "../examples/capture/film/mod.rs"]
mod film;
#[path = "../examples/capture/stories.rs"]
mod stories;
#[expect(dead_code, reason = "the example shows more of it")]
#[path = "../examples/capture/tally.rs"]
mod tally;

use film::sheet::Library;
use std::error::Error;
use stories::{Story, WITH_PAPER, WITHOUT_PAPER, tell};
use tally::{Tally, play};

const SEED: u64 = 1;

#[test]
fn a_page_is_taken_soon_once_and_sharp() -> Result<(), Box<dyn Error>> {
    let library = Library::draw()?;
    let stories = ["approaches", "turns the page", "focus hunts", "swapped in place", "hand passes over"];
    let mut all = Tally::default();
    for teller in WITH_PAPER.into_iter().filter(|(name, _)| stories.contains(name)) {
        all.add(play(&tell(teller, &library, SEED), &library, |_| {})?);
    }
    assert_eq!(all.stories, stories.len());
    assert_eq!((all.duplicates, all.blurred, all.hidden, all.nothing), (0, 0, 0, 0), "{all:?}");
    assert!(all.waits.len() >= stories.len() && all.missed <= 1, "{all:?}");
    assert!(all.wait(0.5).is_some_and(|wait| wait <= 1.2), "{all:?}");
    Ok(())
}

#[test]
fn a_desk_without_paper_is_not_taken() -> Result<(), Box<dyn Error>> {
    let library = Library::draw()?;
    let story = Story { seconds: 20.0, ..tell(WITHOUT_PAPER, &library, SEED) };
    let tally = play(&story, &library, |_| {})?;
    assert!(tally.nothing == 0 && tally.waits.is_empty(), "{tally:?}");
    Ok(())
}
