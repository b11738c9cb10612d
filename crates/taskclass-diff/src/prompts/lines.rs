//! The difference of two texts by lines.

use similar::{Algorithm, DiffTag, capture_diff_slices};

use super::{Hunk, LineDiff, Tag};

/// How many lines around a difference are shown.
const AROUND: usize = 3;
/// The most pairs of lines that are weighed against each other. What differs beyond that is said to be replaced as a whole, so
/// that no text makes a review slow.
const MAX_PAIRS: usize = 4_000_000;

/// What differs between two texts.
pub(crate) fn difference<'t>(before: &'t str, after: &'t str) -> LineDiff {
    if before == after {
        return LineDiff::default();
    }
    let (a, b): (Vec<&str>, Vec<&str>) = (lines(before), lines(after));
    let head = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let tail = a[head..].iter().rev().zip(b[head..].iter().rev()).take_while(|(a, b)| a == b).count();
    let (mid_a, mid_b) = (&a[head..a.len() - tail], &b[head..b.len() - tail]);
    let mut tagged: Vec<(Tag, &str)> = a[..head].iter().map(|line| (Tag::Same, *line)).collect();
    let mut put = |tag: Tag, lines: &[&'t str]| tagged.extend(lines.iter().map(|line| (tag, *line)));
    if mid_a.len().saturating_mul(mid_b.len()) > MAX_PAIRS {
        put(Tag::Gone, mid_a);
        put(Tag::New, mid_b);
    } else {
        for op in capture_diff_slices(Algorithm::Myers, mid_a, mid_b) {
            let (old, new) = (&mid_a[op.old_range()], &mid_b[op.new_range()]);
            if op.tag() == DiffTag::Equal {
                put(Tag::Same, old);
            } else {
                put(Tag::Gone, old);
                put(Tag::New, new);
            }
        }
    }
    put(Tag::Same, &a[a.len() - tail..]);
    LineDiff { hunks: hunks(&tagged) }
}

/// The lines. A last line with an end and one without are told apart by an empty line behind.
fn lines(text: &str) -> Vec<&str> {
    if text.is_empty() { Vec::new() } else { text.split('\n').collect() }
}

/// The pieces with a difference and what stands around it; pieces that touch are one.
fn hunks(tagged: &[(Tag, &str)]) -> Vec<Hunk> {
    let mut hunks: Vec<Hunk> = Vec::new();
    let (mut before, mut after) = (1, 1);
    // How many lines behind the last difference still belong to its piece, and whether the line before did.
    let (mut left, mut inside) = (0_usize, false);
    for (at, (tag, line)) in tagged.iter().enumerate() {
        let soon = tagged[at..].iter().take(AROUND + 1).any(|(tag, _)| *tag != Tag::Same);
        let belongs = soon || left > 0;
        if belongs && !inside {
            hunks.push(Hunk { before, after, lines: Vec::new() });
        }
        if let Some(hunk) = hunks.last_mut().filter(|_| belongs) {
            hunk.lines.push((*tag, (*line).to_owned()));
        }
        left = if *tag == Tag::Same { left.saturating_sub(1) } else { AROUND };
        inside = belongs;
        before += usize::from(*tag != Tag::New);
        after += usize::from(*tag != Tag::Gone);
    }
    hunks
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The text after, from the one before and what differs.
    fn applied(before: &str, difference: &LineDiff) -> String {
        let a = lines(before);
        let (mut out, mut at) = (Vec::new(), 0);
        for hunk in &difference.hunks {
            out.extend_from_slice(&a[at..hunk.before - 1]);
            at = hunk.before - 1;
            assert_eq!(out.len() + 1, hunk.after);
            for (tag, line) in &hunk.lines {
                if *tag != Tag::New {
                    assert_eq!(a[at], line);
                    at += 1;
                }
                if *tag != Tag::Gone {
                    out.push(line);
                }
            }
        }
        out.extend_from_slice(&a[at..]);
        out.join("\n")
    }

    #[test]
    fn a_difference_has_three_lines_around_it() {
        let before: Vec<String> = (1..=20).map(|number| number.to_string()).collect();
        let mut after = before.clone();
        after[9] = "ten".to_owned();
        let difference = difference(&before.join("\n"), &after.join("\n"));
        let [hunk] = &difference.hunks[..] else { panic!("{difference:?}") };
        assert_eq!((hunk.before, hunk.after, hunk.lines.len()), (7, 7, 8));
        assert_eq!(hunk.lines[3..5], [(Tag::Gone, "10".to_owned()), (Tag::New, "ten".to_owned())]);
    }

    #[test]
    fn pieces_that_touch_are_one() {
        let text = |gap: usize, end: &str| format!("{end}\n{}{end}", "same\n".repeat(gap));
        for (gap, pieces) in [(5, 1), (6, 1), (7, 2)] {
            assert_eq!(difference(&text(gap, "a"), &text(gap, "b")).hunks.len(), pieces, "{gap}");
        }
    }

    #[test]
    fn what_is_too_much_to_weigh_is_replaced_as_a_whole() {
        let text = |from: u32| (from..from + 2500).map(|number| format!("{number}\n")).collect::<String>();
        let (before, after) = (format!("same\n{}", text(0)), format!("same\n{}", text(10_000)));
        let difference = difference(&before, &after);
        assert_eq!(difference.hunks.len(), 1);
        assert_eq!(applied(&before, &difference), after);
    }

    proptest! {
        #[test]
        fn what_differs_leads_from_one_text_to_the_other(before in "([ab]?\n?){0,30}", after in "([ab]?\n?){0,30}") {
            let difference = difference(&before, &after);
            prop_assert_eq!(difference.hunks.is_empty(), before == after);
            prop_assert_eq!(applied(&before, &difference), after);
        }
    }
}
