//! A difference by lines as rows of a bounded width: nothing that came or went stands outside of what a reader sees.

use taskclass_source::text::{fold, visible_lines};

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
            let text = visible_lines(line).replace('\t', "    ");
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
    rows
}
