//! The generators reach what the laws are about: a law that holds of nothing holds always.

use std::collections::BTreeMap;

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use taskclass_diff::{Cause, Effect, Kind, Status};

use super::cases;
use super::world::pair;

const CASES: u32 = 300;

#[test]
fn every_effect_and_every_kind_of_document_is_met_often() {
    let mut runner = TestRunner::new(cases(1));
    let mut met: BTreeMap<&str, u32> = BTreeMap::new();
    for _ in 0..CASES {
        let pair = pair().new_tree(&mut runner).unwrap().current();
        let diff = pair.diff();
        let mut here: Vec<&str> = Vec::new();
        for document in &diff.documents {
            here.extend(document.changes.iter().map(|change| change.effect.word()));
            here.extend(document.changes.iter().map(|change| match change.cause {
                Cause::Own => "of itself",
                Cause::Policy => "by the policy",
                Cause::File(_) => "by a file",
            }));
            here.push(match document.effect() {
                Effect::Widens => "widens in all",
                Effect::MayWiden => "may widen in all",
                Effect::Rewrites => "rewrites in all",
                Effect::Narrows => "narrows in all",
                Effect::Neutral => "neutral in all",
            });
            here.push(match document.kind {
                Kind::Policy => "policy",
                _ if document.status == Status::Reached => "reached",
                _ => "class",
            });
            let reach = document.reach.as_ref();
            here.extend(reach.filter(|reach| reach.added.count > 0).map(|_| "new repositories"));
            here.extend(reach.filter(|reach| reach.removed.count > 0).map(|_| "lost repositories"));
            here.extend(
                (!document.unreadable.is_empty() || !document.unreadable_before.is_empty()).then_some("unreadable"),
            );
            here.extend((!document.examples.is_empty()).then_some("examples"));
        }
        here.sort_unstable();
        here.dedup();
        here.into_iter().for_each(|what| *met.entry(what).or_default() += 1);
    }
    let least = [
        ("widens", 30),
        ("may widen", 5),
        ("narrows", 30),
        ("rewrites", 8),
        ("neutral", 5),
        ("widens in all", 25),
        ("may widen in all", 3),
        ("narrows in all", 10),
        ("rewrites in all", 4),
        ("neutral in all", 2),
        ("of itself", 70),
        ("by the policy", 10),
        ("by a file", 5),
        ("policy", 20),
        ("class", 50),
        ("reached", 5),
        ("new repositories", 6),
        ("lost repositories", 6),
        ("unreadable", 2),
        ("examples", 5),
    ];
    for (what, percent) in least {
        let count = met.get(what).copied().unwrap_or(0);
        assert!(count * 100 >= percent * CASES, "`{what}` is met in {count} of {CASES} cases: {met:#?}");
    }
}
