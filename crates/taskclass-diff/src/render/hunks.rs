//! A difference by lines as rows of a bounded width: nothing that came or went stands outside of what a reader sees.

use std::ops::Range;

use taskclass_source::text::{fold, is_hidden, visible_lines};

use super::{emphasis::emphasis, words::number};
use crate::{LineDiff, prompts::Tag};

/// One row.
pub(super) struct Row {
    /// Where its line stands; `None` for a heading.
    pub(super) tag: Option<Tag>,
    /// The row with its sign, nothing hidden in it, in pieces: whether each differs from the line that this one replaces.
    pub(super) pieces: Vec<(bool, String)>,
}

impl Row {
    /// The row as text.
    pub(super) fn text(&self) -> String {
        self.pieces.iter().map(|(_, text)| text.as_str()).collect()
    }
}

/// What becomes of a line around a difference that is too long for a row.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Around {
    /// Cut with `…`.
    Cut,
    /// In as many rows as it takes.
    Whole,
}

/// The rows. What came or went is shown whole, in as many rows as it takes.
pub(super) fn rows(diff: &LineDiff, width: usize, around: Around) -> Vec<Row> {
    let mut rows = Vec::new();
    for hunk in &diff.hunks {
        // A text that came or went as a whole begins where it begins.
        let is_whole = (hunk.before, hunk.after) == (1, 1)
            && [Tag::Gone, Tag::New].iter().any(|one| hunk.lines.iter().all(|(tag, _)| tag == one));
        if !is_whole {
            let head = format!("@@ -{} +{} @@", hunk.before, hunk.after);
            rows.push(Row { tag: None, pieces: vec![(false, head)] });
        }
        for ((tag, line), places) in hunk.lines.iter().zip(emphasis(&hunk.lines)) {
            let sign = match tag {
                Tag::Same => ' ',
                Tag::Gone => '-',
                Tag::New => '+',
            };
            let signs = shown(line, *tag, &places);
            let text: String = signs.iter().map(|(_, c)| c).collect();
            let parts = fold(&text, width.saturating_sub(4));
            let cut = *tag == Tag::Same && around == Around::Cut && parts.len() > 1;
            let mut left = signs.as_slice();
            for (index, part) in parts.iter().enumerate() {
                let (own, rest) = left.split_at(part.chars().count());
                left = rest;
                let goes_on = if index > 0 { "↳ " } else { "" };
                let mut pieces = vec![(false, format!("{sign} {goes_on}"))];
                for run in own.chunk_by(|a, b| a.0 == b.0) {
                    pieces.extend(run.first().map(|(marked, _)| (*marked, run.iter().map(|(_, c)| c).collect())));
                }
                if cut {
                    pieces.push((false, "…".to_owned()));
                }
                rows.push(Row { tag: Some(*tag), pieces });
                if cut {
                    break;
                }
            }
        }
    }
    if diff.left_out > 0 {
        let text = format!("… {}: there is too much to tell", number(diff.left_out, "more line", "more lines"));
        rows.push(Row { tag: None, pieces: vec![(false, text)] });
    }
    rows
}

/// The line, with what has no ink made visible where it makes a difference: tabs, and in what came or went spaces at its end and
/// several in a row within it. Each character bears whether it differs.
fn shown(line: &str, tag: Tag, places: &[Range<usize>]) -> Vec<(bool, char)> {
    let bare = line.trim_end_matches(' ').len();
    let indent = line.len() - line.trim_start_matches(' ').len();
    let is_space = |at: usize| line.as_bytes().get(at) == Some(&b' ');
    // Where the line begins and ends with spaces alone, all of them are at its end.
    let is_seen = |at: usize| at >= bare || at > indent && (is_space(at - 1) || is_space(at + 1));
    let mut signs: Vec<(bool, char)> = Vec::new();
    for (at, c) in line.char_indices() {
        let marked = places.iter().any(|place| place.contains(&at));
        match c {
            ' ' if tag != Tag::Same && is_seen(at) => signs.push((marked, '·')),
            '\t' => signs.extend("→   ".chars().map(|c| (marked, c))),
            c if is_hidden(c) => signs.extend(visible_lines(c.encode_utf8(&mut [0; 4])).chars().map(|c| (marked, c))),
            c => signs.push((marked, c)),
        }
    }
    signs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prompts::Hunk;

    fn diff(lines: &[(Tag, &str)]) -> LineDiff {
        let lines = lines.iter().map(|(tag, line)| (*tag, (*line).to_owned())).collect();
        LineDiff { hunks: vec![Hunk { before: 3, after: 4, lines }], left_out: 0 }
    }

    #[test]
    fn what_has_no_ink_is_seen_and_nothing_is_cut() {
        let diff = diff(&[(Tag::Gone, "a\tb  "), (Tag::New, "one two three four"), (Tag::Same, "one two three four")]);
        let texts = |around| rows(&diff, 14, around).iter().map(Row::text).collect::<Vec<_>>();
        let cut = ["@@ -3 +4 @@", "- a→   b··", "+ one two ", "+ ↳ three four", "  one two …"];
        assert_eq!(texts(Around::Cut), cut);
        assert_eq!(texts(Around::Whole)[4..], ["  one two ", "  ↳ three four"]);
        let rows = rows(&LineDiff { left_out: 2, ..diff }, 14, Around::Cut);
        assert_eq!(rows.last().map(Row::text).as_deref(), Some("… 2 more lines: there is too much to tell"));
    }

    #[test]
    fn several_spaces_are_seen_where_they_came_or_went_but_for_the_indent() {
        let diff = diff(&[(Tag::New, "  a  b c\u{200b}"), (Tag::New, "   "), (Tag::Same, "a  b ")]);
        let texts: Vec<String> = rows(&diff, 80, Around::Cut).iter().map(Row::text).collect();
        assert_eq!(texts[1..], ["+   a··b c\\u{200b}", "+ ···", "  a  b "]);
    }

    #[test]
    fn the_words_that_differ_are_pieces_of_their_own_also_where_a_line_is_broken() {
        let diff = diff(&[(Tag::Gone, "stop after two attempts"), (Tag::New, "stop after five attempts")]);
        let pieces = |row: &Row| row.pieces.iter().map(|(marked, text)| (*marked, text.clone())).collect::<Vec<_>>();
        let rows = rows(&diff, 20, Around::Cut);
        let own = |pieces: &[(bool, &str)]| pieces.iter().map(|(m, t)| (*m, (*t).to_owned())).collect::<Vec<_>>();
        assert_eq!(pieces(&rows[1]), own(&[(false, "- "), (false, "stop after "), (true, "two"), (false, " ")]));
        assert_eq!(pieces(&rows[4]), own(&[(false, "+ ↳ "), (false, "attempts")]));
    }
}
