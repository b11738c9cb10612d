//! What is read first among changes of the same effect: where tasks may run and who may start them, what they may use, then what
//! keeps a bad result out, then the rest.

use taskclass_source::{Path, path::Segment};

/// Where a field stands in the order of attention, of a class and of a policy alike. Of several that fit the longest counts.
const WEIGHTS: [(&[&str], u8); 14] = [
    // What no rule judges, and a document as a whole.
    (&[], 0),
    (&["repositories"], 1),
    (&["base_ref"], 2),
    (&["paths"], 3),
    (&["validation", "paths"], 3),
    (&["callers"], 4),
    (&["model"], 5),
    (&["models"], 5),
    (&["budget"], 6),
    (&["maxima"], 6),
    (&["free_reach"], 6),
    (&["approvals"], 7),
    (&["validation"], 7),
    (&["repositories", "require"], 7),
];
/// All else.
const REST: u8 = 8;

/// The place of a field in the order of attention: the lower, the sooner it is told.
pub(crate) fn weight(path: &Path) -> u8 {
    let is_below = |names: &[&str]| {
        let mut segments = path.segments().iter();
        names.iter().all(|name| matches!(segments.next(), Some(Segment::Key(key)) if **key == **name))
    };
    let fitting = WEIGHTS.iter().filter(|(names, _)| is_below(names) && (!names.is_empty() || path.is_root()));
    fitting.max_by_key(|(names, _)| names.len()).map_or(REST, |(_, weight)| *weight)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reach_and_money_come_before_checks_and_these_before_the_rest() {
        let order = [
            "",
            "repositories.allow[1]",
            "base_ref.allow",
            "validation.paths.allow",
            "callers.allow[0]",
            "model.allowed",
            "budget.per_task",
            "validation.required_checks[0]",
            "limits.timeouts.run",
        ];
        let path = |text: &str| if text.is_empty() { Path::root() } else { text.parse().unwrap() };
        let weights: Vec<u8> = order.iter().map(|text| weight(&path(text))).collect();
        assert!(weights.is_sorted_by(|a, b| a < b), "{weights:?}");
        assert_eq!(weight(&path("repositories.require.firewall")), weight(&path("validation.max_files")));
        assert_eq!(weight(&path("policy")), REST);
    }
}
