//! What must hold of a review and of its formats, whatever was compared.

use serde_json::Value;
use taskclass_diff::{Change, Diff, render};

use super::{inside, shows_all};

/// GitHub takes no longer comment.
const MAX_COMMENT: usize = 65_536;

/// Every change lies in its text and says something; every format keeps its bounds and hides nothing.
pub(crate) fn review(diff: &Diff) {
    for document in &diff.documents {
        document.changes.iter().for_each(change);
        for pair in document.changes.windows(2) {
            if let [first, second] = pair {
                assert!(first.sort_key() <= second.sort_key(), "out of order: {first:?}, {second:?}");
            }
        }
        let lists = document.reach.iter().flat_map(|reach| &reach.added.lists);
        for list in lists {
            let widens =
                document.changes.iter().any(|change| change.effect.is_widening() && change.cause == list.cause);
            assert!(
                widens
                    || document.before.is_none()
                    || !document.unreadable.is_empty()
                    || !document.unreadable_before.is_empty(),
                "{list:?} let repositories in without a change"
            );
        }
    }
    printed(diff);
}

fn change(change: &Change) {
    assert!(!change.what.is_empty() && !change.what.contains('\n'), "says nothing, or several lines: {change:?}");
    shows_all(&change.what, "what a change does");
    for side in change.before.iter().chain(&change.after) {
        inside(&side.place.source, side.place.span, "a change");
    }
}

/// The lines that are not source in a fence, each of which is closed.
fn outside_code(comment: &str) -> String {
    let mut fence: Option<&str> = None;
    let mut around = String::new();
    for line in comment.lines() {
        let ticks = &line[..line.len() - line.trim_start_matches('`').len()];
        match fence {
            Some(open) if line == open => fence = None,
            Some(_) => {}
            None if ticks.len() >= 3 => fence = Some(ticks),
            None => around.extend([line, "\n"]),
        }
    }
    assert!(fence.is_none(), "a fence is left open: {comment}");
    around
}

fn printed(diff: &Diff) {
    let how = |colour, width| render::Human { colour, width };
    for width in [200, 100, 20] {
        shows_all(&render::human(diff, how(false, width)), "the review for people");
    }
    shows_all(&super::without_colours(&render::human(diff, how(true, 100))), "the review with colours");
    let comment = render::markdown(diff);
    assert!(comment.chars().count() <= MAX_COMMENT, "a comment of {} characters", comment.chars().count());
    shows_all(&comment, "the comment");
    let around = outside_code(&comment);
    let count = |tag: &str| around.matches(tag).count();
    assert_eq!(count("<details>"), count("</details>"), "folds are left open: {comment}");
    assert_eq!(count("<!--"), count("-->"), "a comment within the comment is left open: {comment}");
    let text = render::json(diff);
    let Ok(value) = serde_json::from_str::<Value>(&text) else { unreachable!("the JSON does not parse: {text}") };
    assert_eq!(
        value["documents"].as_array().map(Vec::len),
        Some(diff.documents.len()),
        "a document is missing: {text}"
    );
}
