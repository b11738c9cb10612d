//! Which words of a line are others than in the line that it takes the place of.

use std::ops::Range;

use similar::{Algorithm, DiffTag, capture_diff_slices};

use crate::prompts::Tag;

/// The longest line, in bytes, and the most pairs of lines, that are weighed against each other.
const MAX_LINE: usize = 4_000;
const MAX_PAIRS: usize = 400;

/// Places in a line, in bytes.
type Places = Vec<Range<usize>>;

/// The places that differ in each of the lines; none where a line has nothing similar beside it.
pub(super) fn emphasis(lines: &[(Tag, String)]) -> Vec<Places> {
    let mut places = vec![Vec::new(); lines.len()];
    let mut at = 0;
    while at < lines.len() {
        let run = |from: usize, tag: Tag| lines[from..].iter().take_while(|(own, _)| *own == tag).count();
        let gone = at..at + run(at, Tag::Gone);
        let new = gone.end..gone.end + run(gone.end, Tag::New);
        at = new.end.max(at + 1);
        if gone.len().saturating_mul(new.len()) > MAX_PAIRS {
            continue;
        }
        // In their order: a line has what stands behind the pair before it to be held against.
        let mut next = new.start;
        for old in gone {
            let similar = (next..new.end).find_map(|new| Some((new, differing(&lines[old].1, &lines[new].1)?)));
            if let Some((new, (of_old, of_new))) = similar {
                (places[old], places[new]) = (of_old, of_new);
                next = new + 1;
            }
        }
    }
    places
}

/// What differs in two lines that are at least half the same.
fn differing(old: &str, new: &str) -> Option<(Places, Places)> {
    if old.len() > MAX_LINE || new.len() > MAX_LINE {
        return None;
    }
    let (a, b) = (words(old), words(new));
    let ops = capture_diff_slices(Algorithm::Myers, &a, &b);
    let ink =
        |words: &[&str]| words.iter().filter(|word| !word.trim().is_empty()).map(|word| word.len()).sum::<usize>();
    let alike: usize = ops.iter().filter(|op| op.tag() == DiffTag::Equal).map(|op| ink(&a[op.old_range()])).sum();
    if alike == 0 || alike * 4 < ink(&a) + ink(&b) {
        return None;
    }
    let (mut of_old, mut of_new) = (Vec::new(), Vec::new());
    for op in ops.iter().filter(|op| op.tag() != DiffTag::Equal) {
        mark(&a, op.old_range(), &mut of_old);
        mark(&b, op.new_range(), &mut of_new);
    }
    Some((of_old, of_new))
}

/// Adds the place of some words; what is parted from the last place by spaces alone is one with it.
fn mark(words: &[&str], range: Range<usize>, places: &mut Places) {
    let offset = |count: usize| words[..count].iter().map(|word| word.len()).sum::<usize>();
    let (start, end) = (offset(range.start), offset(range.end));
    if start == end {
        return;
    }
    let text = words.concat();
    match places.last_mut().filter(|last| text[last.end..start].trim().is_empty()) {
        Some(last) => last.end = end,
        None => places.push(start..end),
    }
}

/// The line in words, numbers, runs of spaces, and single signs.
fn words(line: &str) -> Vec<&str> {
    let class = |c: char| match c {
        c if c.is_alphanumeric() || c == '_' => 0,
        ' ' => 1,
        _ => 2,
    };
    let (mut words, mut start, mut last) = (Vec::new(), 0, None);
    for (at, c) in line.char_indices() {
        if last.is_some_and(|last| last != class(c) || last == 2) {
            words.push(&line[start..at]);
            start = at;
        }
        last = Some(class(c));
    }
    if start < line.len() {
        words.push(&line[start..]);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(lines: &[(Tag, &str)]) -> Vec<String> {
        let lines: Vec<(Tag, String)> = lines.iter().map(|(tag, line)| (*tag, (*line).to_owned())).collect();
        let shown = |((_, line), places): (&(Tag, String), Places)| {
            places.iter().rev().fold(line.clone(), |mut line, place| {
                line.insert(place.end, ']');
                line.insert(place.start, '[');
                line
            })
        };
        lines.iter().zip(emphasis(&lines)).map(shown).collect()
    }

    #[test]
    fn of_a_line_that_is_replaced_by_a_similar_one_the_words_that_differ_are_marked() {
        let lines = [
            (Tag::Same, "Product code does not change."),
            (Tag::Gone, "Two attempts at most; then stop."),
            (Tag::New, "Five attempts at most; then ask a person."),
            (Tag::Same, "End."),
        ];
        let expected = [
            "Product code does not change.",
            "[Two] attempts at most; then [stop].",
            "[Five] attempts at most; then [ask a person].",
            "End.",
        ];
        assert_eq!(marked(&lines), expected);
    }

    #[test]
    fn where_nothing_is_similar_nothing_is_marked() {
        let lines = [
            (Tag::Gone, "one two three"),
            (Tag::Gone, "gone altogether"),
            (Tag::New, "something else"),
            (Tag::New, "one two 語"),
            (Tag::Gone, "late"),
        ];
        assert_eq!(marked(&lines), ["one two [three]", "gone altogether", "something else", "one two [語]", "late"]);
    }
}
