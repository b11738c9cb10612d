//! A difference by lines as rows of a bounded width: nothing that came or went stands outside of what a reader sees.

use taskclass_source::text::{fold, visible_lines};

use super::words::number;
use crate::{LineDiff, prompts::Tag};

/// One row.
pub(super) struct Row {
    /// Where its line stands; `None` for a heading.
    pub(super) tag: Option<Tag>,
    /// The row with its sign, nothing hidden in it.
    pub(super) text: String,
}

/// The rows. What came or went is shown whole, in as many rows as it takes; what stays is cut with `…`.
pub(super) fn rows(diff: &LineDiff, width: usize) -> Vec<Row> {
    let mut rows = Vec::new();
    for hunk in &diff.hunks {
        rows.push(Row { tag: None, text: format!("@@ -{} +{} @@", hunk.before, hunk.after) });
        for (tag, line) in &hunk.lines {
            let sign = match tag {
                Tag::Same => ' ',
                Tag::Gone => '-',
                Tag::New => '+',
            };
            let text = shown(line, *tag);
            let parts = fold(&text, width.saturating_sub(4));
            let mut put = |text: String| rows.push(Row { tag: Some(*tag), text });
            match (tag, parts.as_slice()) {
                (_, [whole]) => put(format!("{sign} {whole}")),
                (Tag::Same, [first, ..]) => put(format!("{sign} {first}…")),
                (Tag::Gone | Tag::New, parts) => {
                    for (index, part) in parts.iter().enumerate() {
                        let goes_on = if index > 0 { "↳ " } else { "" };
                        put(format!("{sign} {goes_on}{part}"));
                    }
                }
                (Tag::Same, []) => {}
            }
        }
    }
    if diff.left_out > 0 {
        let lines = number(diff.left_out, "more line", "more lines");
        rows.push(Row { tag: None, text: format!("… {lines}: there is too much to tell") });
    }
    rows
}

/// The line with what has no ink made visible where it makes a difference: tabs, and spaces at the end of what came or went.
fn shown(line: &str, tag: Tag) -> String {
    let text = visible_lines(line).replace('\t', "→   ");
    let bare = text.trim_end_matches(' ').len();
    if tag == Tag::Same { text } else { format!("{}{}", &text[..bare], "·".repeat(text.len() - bare)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prompts::Hunk;

    #[test]
    fn what_has_no_ink_is_seen_and_nothing_is_cut() {
        let lines = [(Tag::Gone, "a\tb  "), (Tag::New, "one two three four"), (Tag::Same, "one two three four")];
        let lines = lines.map(|(tag, line)| (tag, line.to_owned())).to_vec();
        let diff = LineDiff { hunks: vec![Hunk { before: 3, after: 4, lines }], left_out: 2 };
        let texts: Vec<String> = rows(&diff, 14).into_iter().map(|row| row.text).collect();
        assert_eq!(
            texts,
            [
                "@@ -3 +4 @@",
                "- a→   b··",
                "+ one two ",
                "+ ↳ three four",
                "  one two …",
                "… 2 more lines: there is too much to tell"
            ]
        );
    }
}
