//! The differences of texts by lines, as many of them as one comparison shows.
//!
//! No text makes a review slow or large: whoever compares has one effort and one room for all that it compares.

use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    ops::Range,
    rc::Rc,
};

use similar::{Algorithm, DiffTag, capture_diff_slices};

use super::{Hunk, LineDiff, Tag};

/// How many lines around a difference are shown.
const AROUND: usize = 3;
/// The most lines, on both sides together, that are weighed against each other at once. What differs in more is said to be
/// replaced as a whole.
const MAX_LINES: usize = 4_000;
/// What may be spent on weighing, in steps of the algorithm (a fraction of a second). When it is used up, whatever differs is
/// said to be replaced as a whole.
const EFFORT: usize = 100_000_000;
/// From how many steps on what was weighed is kept for the next who asks: one partial says the same in every class.
const WORTH_KEEPING: usize = 10_000;
/// How many are kept.
const MAX_KEPT: usize = 64;
/// How many bytes of lines are told. What is beyond is counted.
const ROOM: usize = 64 * 1024 * 1024;
/// What a line takes beside its bytes.
const OF_A_LINE: usize = 64;

/// What one comparison, or one rendering, works out of differences.
pub(crate) struct Differences {
    effort: Cell<usize>,
    room: Cell<usize>,
    /// By what is left of two texts without the lines that they begin and end with alike.
    known: RefCell<HashMap<Texts, Rc<[Op]>>>,
}

/// Two texts, before and after.
type Texts = (Box<str>, Box<str>);

/// A run of lines of the two sides that are the same, or of which one stands in the place of the other.
struct Op {
    same: bool,
    before: Range<usize>,
    after: Range<usize>,
}

impl Default for Differences {
    fn default() -> Self {
        Self::within(EFFORT, ROOM)
    }
}

impl Differences {
    fn within(effort: usize, room: usize) -> Self {
        Self { effort: Cell::new(effort), room: Cell::new(room), known: RefCell::default() }
    }

    /// What differs between two texts.
    pub(crate) fn of(&self, before: &str, after: &str) -> LineDiff {
        if before == after {
            return LineDiff::default();
        }
        let (a, b): (Vec<&str>, Vec<&str>) = (lines(before), lines(after));
        let head = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
        let tail = a[head..].iter().rev().zip(b[head..].iter().rev()).take_while(|(a, b)| a == b).count();
        let (mid_a, mid_b) = (&a[head..a.len() - tail], &b[head..b.len() - tail]);
        let mut tagged: Vec<(Tag, &str)> = a[..head].iter().map(|line| (Tag::Same, *line)).collect();
        for op in self.weighed(mid_a, mid_b).iter() {
            let (old, new) = (&mid_a[op.before.clone()], &mid_b[op.after.clone()]);
            if op.same {
                tagged.extend(old.iter().map(|line| (Tag::Same, *line)));
            } else {
                tagged.extend(old.iter().map(|line| (Tag::Gone, *line)));
                tagged.extend(new.iter().map(|line| (Tag::New, *line)));
            }
        }
        tagged.extend(a[a.len() - tail..].iter().map(|line| (Tag::Same, *line)));
        self.told(hunks(&tagged))
    }

    /// Which lines of one side are those of the other.
    fn weighed(&self, a: &[&str], b: &[&str]) -> Rc<[Op]> {
        let whole = || Rc::from([Op { same: false, before: 0..a.len(), after: 0..b.len() }]);
        let all = a.len() + b.len();
        if a.is_empty() || b.is_empty() || all > MAX_LINES {
            return whole();
        }
        // Only lines without their ends differ between a text and its lines, and those are alike.
        let key = (all * all >= WORTH_KEEPING).then(|| (a.join("\n").into_boxed_str(), b.join("\n").into_boxed_str()));
        if let Some(known) = key.as_ref().and_then(|key| self.known.borrow().get(key).cloned()) {
            return known;
        }
        if self.effort.get() == 0 {
            return whole();
        }
        let ops = capture_diff_slices(Algorithm::Myers, a, b).into_iter();
        let op = |op: similar::DiffOp| {
            let same = op.tag() == DiffTag::Equal;
            Op { same, before: op.old_range(), after: op.new_range() }
        };
        let ops: Rc<[Op]> = ops.map(op).collect();
        // The algorithm takes as many steps as there are lines, for each that differs.
        let differing: usize = ops.iter().filter(|op| !op.same).map(|op| op.before.len() + op.after.len()).sum();
        let steps = all * (differing + 1);
        self.effort.set(self.effort.get().saturating_sub(steps));
        if let Some(key) = key.filter(|_| steps >= WORTH_KEEPING) {
            let mut known = self.known.borrow_mut();
            if known.len() >= MAX_KEPT {
                known.clear();
            }
            known.insert(key, Rc::clone(&ops));
        }
        ops
    }

    /// The pieces as far as there is room, and how many lines are left out.
    fn told(&self, mut hunks: Vec<Hunk>) -> LineDiff {
        let mut left_out = 0;
        for hunk in &mut hunks {
            let fits = |(_, line): &(Tag, String)| {
                let left = self.room.get().checked_sub(line.len() + OF_A_LINE);
                self.room.set(left.unwrap_or(0));
                left.is_some()
            };
            let shown = hunk.lines.iter().take_while(|line| fits(line)).count();
            left_out += hunk.lines.len() - shown;
            hunk.lines.truncate(shown);
            hunk.lines.shrink_to_fit();
        }
        hunks.retain(|hunk| !hunk.lines.is_empty());
        LineDiff { hunks, left_out }
    }
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

    fn difference(before: &str, after: &str) -> LineDiff {
        Differences::default().of(before, after)
    }

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

    /// 500 lines, in an order of their own for each number.
    fn shuffled(number: usize) -> String {
        (0..500).map(|line| format!("{}\n", (line * 7 * number + line) % 503)).collect()
    }

    #[test]
    fn what_was_weighed_is_not_weighed_again_wherever_it_stands() {
        let differences = Differences::default();
        let text = |name: usize, middle: usize| format!("class {name}\n{}the end {name}\n", shuffled(middle));
        differences.of(&text(0, 1), &text(0, 2));
        let left = differences.effort.get();
        assert!(left < EFFORT);
        for name in 1..1_000 {
            let (before, after) = (text(name, 1), text(name, 2));
            let again = differences.of(&before, &after);
            assert_eq!(applied(&before, &again), after);
        }
        assert_eq!((differences.effort.get(), differences.known.borrow().len()), (left, 1));
    }

    #[test]
    fn one_effort_is_spent_on_all_texts() {
        let differences = Differences::within(300_000, ROOM);
        let mut pieces = Vec::new();
        for number in 1..100 {
            let (before, after) = (shuffled(number), shuffled(number + 1));
            let difference = differences.of(&before, &after);
            assert_eq!(applied(&before, &difference), after);
            pieces
                .push(difference.hunks.iter().flat_map(|hunk| &hunk.lines).filter(|line| line.0 == Tag::Same).count());
        }
        assert_eq!(differences.effort.get(), 0);
        assert!(differences.known.borrow().len() <= MAX_KEPT);
        // The first is weighed, the last replaced as a whole.
        assert!(pieces[0] > 10 && pieces[98] <= 2, "{pieces:?}");
    }

    #[test]
    fn a_few_lines_against_very_many_are_not_weighed() {
        let many: String = (0..30_000).map(|number| format!("{number}\n")).collect();
        let differences = Differences::default();
        differences.of("a\nb", &many);
        assert_eq!(differences.effort.get(), EFFORT);
    }

    #[test]
    fn what_there_is_no_room_for_is_counted() {
        let differences = Differences::within(EFFORT, 10 * (OF_A_LINE + 1));
        let told: Vec<LineDiff> = (0..3).map(|_| differences.of("a\nb\nc\nd", "e\nf\ng\nh")).collect();
        let counts = |diff: &LineDiff| (diff.hunks.iter().map(|hunk| hunk.lines.len()).sum::<usize>(), diff.left_out);
        assert_eq!(told.iter().map(counts).collect::<Vec<_>>(), [(8, 0), (2, 6), (0, 8)]);
        assert!(told.iter().all(|diff| !diff.is_empty()) && differences.of("a", "a").is_empty());
    }

    proptest! {
        #[test]
        fn what_differs_leads_from_one_text_to_the_other(before in "([ab]?\n?){0,30}", after in "([ab]?\n?){0,30}") {
            let difference = difference(&before, &after);
            prop_assert_eq!(difference.is_empty(), before == after);
            prop_assert_eq!(applied(&before, &difference), after);
        }
    }
}
