//! What must be true of every review, whatever two registries hold.

mod behaviour;
mod classes;
mod coverage;
mod drawn_in;
mod edits;
mod ordered;
mod printed;
mod world;
mod yaml;

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use taskclass_diff::{Cause, Change, Diff, Document, Effect, Kind, Status};
use taskclass_source::{Files, Path, RegistryPath};

use self::world::{Pair, built, document, pair, reviewed, state};

/// So many cases, the same every time; `PROPTEST_CASES=2560` tries ten times as many.
pub(super) fn cases(number: u32) -> ProptestConfig {
    let default = ProptestConfig::default();
    let cases = (number * default.cases / 256).max(1);
    ProptestConfig { cases, failure_persistence: None, rng_seed: RngSeed::Fixed(4), max_shrink_iters: 3000, ..default }
}

proptest! {
    #![proptest_config(cases(40))]

    #[test]
    fn nothing_differs_from_itself(state in state()) {
        let diff = reviewed(&state.files(), &state.files(), None);
        prop_assert!(diff.documents.is_empty(), "{diff:#?}");
        prop_assert_eq!(diff.effect(), None);
    }

    /// Another layout, other comments, another order of keys: no change that anybody could notice.
    #[test]
    fn layout_is_neutral(state in state(), layout in 1..1000_u64) {
        let mut after = state.clone();
        after.layout = layout;
        let diff = reviewed(&state.files(), &after.files(), None);
        for document in &diff.documents {
            prop_assert!(document.unreadable.is_empty(), "{:#?}", document.unreadable);
            prop_assert_eq!(document.effect(), Effect::Neutral, "{:#?}", document);
            prop_assert!(digests_are_equal(document), "{document:#?}");
        }
    }

    /// What git says about which files differ only spares work.
    #[test]
    fn what_git_says_changes_nothing(pair in pair()) {
        let (before, after) = (pair.before.files(), pair.after.files());
        let mut paths: BTreeSet<RegistryPath> = BTreeSet::new();
        for files in [&before, &after] {
            paths.extend(files.list(&RegistryPath::root()).unwrap());
        }
        paths.retain(|path| before.read(path).unwrap() != after.read(path).unwrap());
        let by_git = reviewed(&before, &after, Some(&paths));
        prop_assert_eq!(format!("{:?}", by_git.documents), format!("{:?}", pair.diff().documents));
    }
}

/// Whether the digest before is the one after.
fn digests_are_equal(document: &Document) -> bool {
    let digest = |version: &Option<taskclass_diff::Version>| version.as_ref().and_then(|version| version.digest);
    digest(&document.before) == digest(&document.after)
}

proptest! {
    #![proptest_config(cases(160))]

    /// The heart of it: whatever is possible after and was not before is said to widen, and said where.
    #[test]
    fn what_was_not_possible_before_is_said_to_widen(pair in pair()) {
        let diff = pair.diff();
        let (before, after) = (built(&pair.before.files()), built(&pair.after.files()));
        for (name, class) in &after.1 {
            let Some(old) = before.1.get(name) else { continue };
            let new = behaviour::of_class(class).beyond(&behaviour::of_class(old));
            holds_all(&diff, document(&diff, Kind::TaskClass, name), &new)?;
        }
        if let (Some(old), Some(policy)) = (&before.0, &after.0) {
            let new = behaviour::of_policy(policy).beyond(&behaviour::of_policy(old));
            holds_all(&diff, document(&diff, Kind::Policy, "policy"), &new)?;
        }
    }

    /// A class that could not be run and can be run is not narrower, and nothing is proved of what cannot be read.
    #[test]
    fn what_cannot_be_run_on_a_side_may_widen(pair in pair()) {
        let diff = pair.diff();
        let (before, after) = (built(&pair.before.files()).1, built(&pair.after.files()).1);
        for name in after.keys().filter(|name| !before.contains_key(*name)) {
            let found = document(&diff, Kind::TaskClass, name);
            prop_assert!(found.is_some_and(|document| document.effect().is_widening()), "{name}: {found:#?}");
        }
    }

    /// The reach is exactly what the model says, repository by repository; each new one is under a change said to widen on
    /// the list that kept it away.
    #[test]
    fn the_reach_is_exact_and_each_new_repository_has_its_change(pair in pair()) {
        let diff = pair.diff();
        let (before, after) = (built(&pair.before.files()).1, built(&pair.after.files()).1);
        for document in diff.documents.iter().filter(|document| document.kind == Kind::TaskClass) {
            let (Some(old), Some(new)) = (before.get(&document.name), after.get(&document.name)) else { continue };
            let reach = document.reach.as_ref().expect("there is an inventory");
            let inventory = world::inventory();
            let both: Vec<_> = inventory.iter().map(|name| (name, old.reaches(name).is_ok(), new.reaches(name).is_ok())).collect();
            prop_assert_eq!(reach.before, both.iter().filter(|(_, old, _)| *old).count());
            prop_assert_eq!(reach.after, both.iter().filter(|(_, _, new)| *new).count());
            let names = |moved: &taskclass_diff::Moved| moved.named.iter().map(|one| one.repository.clone()).collect::<BTreeSet<_>>();
            let those = |old: bool, new: bool| both.iter().filter(|one| (one.1, one.2) == (old, new)).map(|one| one.0.clone()).collect();
            prop_assert_eq!(names(&reach.added), those(false, true));
            prop_assert_eq!(names(&reach.removed), those(true, false));
            // The inventory has no more than are named.
            prop_assert_eq!((reach.added.count, reach.removed.count), (reach.added.named.len(), reach.removed.named.len()));
            for one in &reach.added.named {
                let responsible = document.changes.iter().any(|change| {
                    change.effect.is_widening() && change.cause == one.cause && within(&change.path, &one.path)
                });
                prop_assert!(responsible, "{one:?} has no change: {:#?}", document.changes);
            }
        }
    }

    /// Equal digests: nothing changed but the layout. Other digests: something did, and everything that did is told.
    #[test]
    fn every_difference_is_told_and_the_digest_agrees(pair in pair()) {
        let diff = pair.diff();
        let before = &pair.before;
        for (name, class) in &before.classes {
            let found = document(&diff, Kind::TaskClass, name);
            every_difference(found, class, &pair.after.classes[name])?;
            // The digest draws the texts in.
            let (old, new) = (built(&before.files()).1, built(&pair.after.files()).1);
            if let (Some(old), Some(new)) = (old.get(*name), new.get(*name)) {
                let same = old.digest().digest == new.digest().digest;
                let own = found.map_or(0, |document| document.changes.iter().filter(|change| change.cause != Cause::Policy && !layout(change)).count());
                prop_assert_eq!(same, own == 0, "{:#?}", found);
                prop_assert!(found.is_none_or(|document| digests_are_equal(document) == same));
            }
        }
        every_difference(document(&diff, Kind::Policy, "policy"), &before.policy, &pair.after.policy)?;
    }

    /// There and back again: what narrows one way widens the other.
    #[test]
    fn what_narrows_widens_on_the_way_back(pair in pair()) {
        let there = pair.diff();
        let back = Pair { before: pair.after.clone(), after: pair.before.clone() }.diff();
        prop_assert_eq!(there.documents.len(), back.documents.len());
        for one in &there.documents {
            let Some(other) = document(&back, one.kind, &one.name) else {
                return Err(TestCaseError::fail(format!("{} is not told on the way back", one.name)));
            };
            prop_assert_eq!(one.changes.len(), other.changes.len(), "{:#?} and {:#?}", one.changes, other.changes);
            for change in &one.changes {
                let same = other.changes.iter().find(|back| {
                    let came_and_went = |one: &Change, other: &Change| one.before.is_some() == other.after.is_some();
                    let mirrored = came_and_went(change, back) && came_and_went(back, change);
                    back.path == change.path && back.cause == change.cause && mirrored
                });
                let Some(same) = same else {
                    return Err(TestCaseError::fail(format!("{} is not told on the way back: {other:#?}", change.path)));
                };
                // What is beside a list can take a change's meaning away on one side; it never turns it round.
                let narrows = [change.effect, same.effect] == [Effect::Narrows; 2];
                prop_assert!(!narrows, "{change:#?} narrows, and back {same:#?}");
                if change.effect == Effect::Rewrites {
                    prop_assert!(same.effect != Effect::Narrows, "{:#?}, back {:#?}", change, same);
                }
            }
        }
    }
}

/// A change of nothing but the text's form.
fn layout(change: &taskclass_diff::Change) -> bool {
    change.effect == Effect::Neutral
        && change.before.as_ref().map(|side| &side.value) == change.after.as_ref().map(|side| &side.value)
}

/// Whether one of the two places is the other or within it.
fn within(path: &Path, other: &Path) -> bool {
    path.segments().iter().zip(other.segments()).all(|(one, other)| one == other)
}

/// Whatever is new has a widening change in its area.
fn holds_all(
    diff: &Diff,
    document: Option<&Document>,
    new: &std::collections::BTreeMap<&'static str, String>,
) -> Result<(), TestCaseError> {
    for (area, what) in new {
        let Some(document) = document else {
            return Err(TestCaseError::fail(format!(
                "{area}: {what} is possible, and the document is not told of: {diff:#?}"
            )));
        };
        let told = document.changes.iter().any(|change| {
            let path = change.path.to_string();
            change.effect.is_widening() && behaviour::places(area).iter().any(|place| path.starts_with(place))
        });
        prop_assert!(
            told || !document.unreadable.is_empty() || document.status == Status::Added,
            "{}: `{}` is possible, and no change widens there: {:#?}",
            area,
            what,
            document.changes
        );
    }
    Ok(())
}

/// Each place that differs lies within a change, or has one within it.
fn every_difference(
    document: Option<&Document>,
    before: &serde_json::Value,
    after: &serde_json::Value,
) -> Result<(), TestCaseError> {
    for place in edits::differences(before, after) {
        let Some(document) = document else {
            return Err(TestCaseError::fail(format!("{place} differs, and the document is not told of")));
        };
        let told = document.changes.iter().any(|change| change.cause == Cause::Own && within(&change.path, &place));
        prop_assert!(told || !document.unreadable.is_empty(), "{} differs untold: {:#?}", place, document);
    }
    Ok(())
}
