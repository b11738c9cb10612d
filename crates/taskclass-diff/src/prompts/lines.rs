//! The difference of two texts by lines.

use similar::{Algorithm, DiffOp, capture_diff_slices, group_diff_ops};

use super::{Hunk, LineDiff, Tag};

/// How many lines around a difference are shown.
const AROUND: usize = 3;
/// The most pairs of lines that are weighed against each other. What differs beyond that is said to be replaced as a whole, so
/// that no text makes a review slow.
const MAX_PAIRS: usize = 4_000_000;

/// What differs between two texts.
pub(crate) fn difference(before: &str, after: &str) -> LineDiff {
    if before == after {
        return LineDiff::default();
    }
    let (a, b): (Vec<&str>, Vec<&str>) = (lines(before), lines(after));
    let head = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let tail = a[head..].iter().rev().zip(b[head..].iter().rev()).take_while(|(a, b)| a == b).count();
    let (mid_a, mid_b) = (&a[head..a.len() - tail], &b[head..b.len() - tail]);
    let equal = |index: usize, len: usize| DiffOp::Equal { old_index: index, new_index: index, len };
    let mut ops = vec![equal(0, head)];
    if mid_a.len().saturating_mul(mid_b.len()) > MAX_PAIRS {
        let (old_len, new_len) = (mid_a.len(), mid_b.len());
        ops.push(DiffOp::Replace { old_index: head, old_len, new_index: head, new_len });
    } else {
        let inner = capture_diff_slices(Algorithm::Myers, mid_a, mid_b);
        ops.extend(inner.into_iter().map(|op| shifted(op, head)));
    }
    ops.push(DiffOp::Equal { old_index: a.len() - tail, new_index: b.len() - tail, len: tail });
    ops.retain(|op| !op.old_range().is_empty() || !op.new_range().is_empty());
    LineDiff { hunks: group_diff_ops(ops, AROUND).iter().map(|group| hunk(group, &a, &b)).collect() }
}

/// The lines without their ends. A last line with an end and one without are told apart by an empty line behind.
fn lines(text: &str) -> Vec<&str> {
    if text.is_empty() { Vec::new() } else { text.split('\n').collect() }
}

fn shifted(op: DiffOp, by: usize) -> DiffOp {
    match op {
        DiffOp::Equal { old_index, new_index, len } => {
            DiffOp::Equal { old_index: old_index + by, new_index: new_index + by, len }
        }
        DiffOp::Delete { old_index, old_len, new_index } => {
            DiffOp::Delete { old_index: old_index + by, old_len, new_index: new_index + by }
        }
        DiffOp::Insert { old_index, new_index, new_len } => {
            DiffOp::Insert { old_index: old_index + by, new_index: new_index + by, new_len }
        }
        DiffOp::Replace { old_index, old_len, new_index, new_len } => {
            DiffOp::Replace { old_index: old_index + by, old_len, new_index: new_index + by, new_len }
        }
    }
}

fn hunk(ops: &[DiffOp], a: &[&str], b: &[&str]) -> Hunk {
    let mut lines = Vec::new();
    let mut put = |tag: Tag, from: &[&str]| lines.extend(from.iter().map(|line| (tag, (*line).to_owned())));
    for op in ops {
        let (old, new) = (a.get(op.old_range()).unwrap_or_default(), b.get(op.new_range()).unwrap_or_default());
        match op {
            DiffOp::Equal { .. } => put(Tag::Same, old),
            DiffOp::Delete { .. } | DiffOp::Insert { .. } | DiffOp::Replace { .. } => {
                put(Tag::Gone, old);
                put(Tag::New, new);
            }
        }
    }
    let start = |range: Option<std::ops::Range<usize>>| range.map_or(0, |range| range.start) + 1;
    Hunk { before: start(ops.first().map(DiffOp::old_range)), after: start(ops.first().map(DiffOp::new_range)), lines }
}
