//! Source lines with marks under them, file by file, from a window of lines around each mark.

use std::collections::BTreeMap;

use miette::ThemeStyles;
use taskclass_source::text::{display_width, visible, without_commands, wrap};
use taskclass_source::{Finding, Label, Span};
use unicode_width::UnicodeWidthChar;

use super::human::{Ink, header, paint};

/// How much of a long line is shown before its first mark.
const LEAD: usize = 20;

/// A label within the line that it is drawn on.
struct Mark<'a> {
    line: u32,
    /// Columns on the printed line, from 0.
    start: usize,
    width: usize,
    primary: bool,
    text: &'a str,
}

/// How wide the column of line numbers is.
pub(super) fn gutter(finding: &Finding) -> usize {
    let line = |label: &Label| label.source.position(label.span.start).line;
    let labels = std::iter::once(&finding.primary).chain(&finding.secondary);
    labels.map(line).max().unwrap_or(1).to_string().len()
}

/// Draws all places of a finding. Neighbours in one file share a block; a place in another file opens the next.
pub(super) fn draw(finding: &Finding, gutter: usize, width: usize, styles: &ThemeStyles, out: &mut String) {
    let labels: Vec<&Label> = std::iter::once(&finding.primary).chain(&finding.secondary).collect();
    let primary = Ink::Level(finding.level);
    let faint = |text: &str| paint(styles, Ink::Faint, text);
    let mut first = true;
    for block in labels.chunk_by(|a, b| a.source == b.source) {
        let Some(head) = block.first() else { continue };
        let arrow = if first { format!("{:gutter$}-->", "") } else { format!("{:gutter$}:::", "") };
        out.push_str(&format!("{} {}\n", faint(&arrow), header(head)));
        if !head.source.text().is_empty() {
            out.push_str(&format!("{}\n", faint(&format!("{:gutter$} |", ""))));
            lines(block, first, Frame { gutter, width, primary, styles }, out);
        }
        first = false;
    }
}

/// What all lines of a block have in common.
#[derive(Clone, Copy)]
struct Frame<'a> {
    gutter: usize,
    width: usize,
    primary: Ink,
    styles: &'a ThemeStyles,
}

impl Frame<'_> {
    /// How many columns there are for the source.
    fn room(self) -> usize {
        self.width.saturating_sub(self.gutter + 3).max(20)
    }
}

fn lines(block: &[&Label], first: bool, frame: Frame<'_>, out: &mut String) {
    let Some(source) = block.first().map(|label| &label.source) else { return };
    let mut marks: BTreeMap<u32, Vec<Mark<'_>>> = BTreeMap::new();
    for (index, label) in block.iter().enumerate() {
        let mark = mark(label, first && index == 0);
        marks.entry(mark.line).or_default().push(mark);
    }
    let mut last: Option<u32> = None;
    for (line, mut here) in marks {
        match last.map(|last| line - last) {
            // One line between two is shown, more are not.
            Some(2) => print(source, line - 1, &[], frame, out),
            Some(distance) if distance > 2 => out.push_str("...\n"),
            _ => {}
        }
        here.sort_by_key(|mark| (mark.start, mark.width));
        for part in together(here, frame.room()) {
            print(source, line, &part, frame, out);
        }
        last = Some(line);
    }
}

/// The marks of one line in groups that are seen at once: a line with marks further apart than the terminal is wide is drawn
/// once for each group.
fn together(marks: Vec<Mark<'_>>, room: usize) -> Vec<Vec<Mark<'_>>> {
    let mut groups: Vec<Vec<Mark<'_>>> = Vec::new();
    for mark in marks {
        let seen = |group: &Vec<Mark<'_>>| {
            let end = mark.start + mark.width;
            // From where the line is shown if both are on it.
            let from = group.first().filter(|_| end >= room).map_or(0, |first| first.start.saturating_sub(LEAD));
            mark.start + mark.width.min(LEAD) < from + room
        };
        match groups.last_mut().filter(|group| seen(group)) {
            Some(group) => group.push(mark),
            None => groups.push(vec![mark]),
        }
    }
    groups
}

/// Where a label is drawn: on the first line of its span, on the line as it is printed.
fn mark(label: &Label, primary: bool) -> Mark<'_> {
    let source = &label.source;
    let line = source.position(label.span.start).line;
    let whole = source.line_span(line).unwrap_or(label.span);
    let start = label.span.start.clamp(whole.start, whole.end);
    let end = label.span.end.clamp(start, whole.end);
    let before = display_width(&printed(source.slice(Span { start: whole.start, end: start })));
    let width = display_width(&printed(source.slice(Span { start, end }).trim_end()));
    Mark { line, start: before, width: width.max(1), primary, text: &label.text }
}

/// A source line as it is printed: nothing hidden, a tab as one column.
fn printed(text: &str) -> String {
    without_commands(&visible(&text.replace('\t', " ")))
}

/// One line of the source and the rows below that mark and explain.
fn print(source: &taskclass_source::SourceFile, line: u32, marks: &[Mark<'_>], frame: Frame<'_>, out: &mut String) {
    let Frame { gutter, styles, .. } = frame;
    let text = source.line_span(line).map(|span| printed(source.slice(span))).unwrap_or_default();
    let room = frame.room();
    let (text, shift) = cut(&text, marks, room);
    let number = paint(styles, Ink::Faint, &format!("{line:>gutter$} |"));
    out.push_str(format!("{number} {text}").trim_end());
    out.push('\n');
    for row in rows(marks, shift, room, frame.primary) {
        let mut drawn = paint(styles, Ink::Faint, &format!("{:gutter$} |", ""));
        let mut column = 0;
        drawn.push(' ');
        for (start, text, ink) in row {
            drawn.push_str(&" ".repeat(start.saturating_sub(column)));
            drawn.push_str(&paint(styles, ink, &text));
            column = start.max(column) + display_width(&text);
        }
        out.push_str(drawn.trim_end());
        out.push('\n');
    }
}

type Row = Vec<(usize, String, Ink)>;

/// The rows below a line: the marks with what the last of them says, then what the others say, from right to left. Marks
/// that overlap get rows of their own.
fn rows(marks: &[Mark<'_>], shift: isize, room: usize, primary: Ink) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut rest: Vec<&Mark<'_>> = marks.iter().collect();
    while !rest.is_empty() {
        let mut end = 0;
        // Of marks that overlap the finding's own is drawn first.
        let own = rest.iter().find(|mark| mark.primary).map(|mark| (mark.start, mark.start + mark.width));
        let (here, later): (Vec<_>, Vec<_>) = rest.into_iter().partition(|mark| {
            let beside_own =
                mark.primary || own.is_none_or(|(from, to)| mark.start + mark.width <= from || to <= mark.start);
            let fits = beside_own && mark.start >= end;
            if fits {
                end = mark.start + mark.width + 1;
            }
            fits
        });
        one_group(&here, shift, room, primary, &mut rows);
        rest = later;
    }
    rows
}

fn one_group(marks: &[&Mark<'_>], shift: isize, room: usize, primary: Ink, rows: &mut Vec<Row>) {
    let ink = |mark: &Mark<'_>| if mark.primary { primary } else { Ink::Secondary };
    let at = |mark: &Mark<'_>| mark.start.saturating_add_signed(shift);
    let Some(last) = marks.last() else { return };
    let mut row: Row = Vec::new();
    for mark in marks {
        let sign = if mark.primary { "^" } else { "-" };
        let width = mark.width.min(room.saturating_sub(at(mark))).max(1);
        row.push((at(mark), sign.repeat(width), ink(mark)));
    }
    // What is said behind the last mark goes below it where the line ends before.
    let behind = at(last) + last.width + 1;
    let fits = behind + display_width(&visible(last.text)) <= room;
    if fits && !last.text.is_empty() {
        row.push((behind, visible(last.text).into_owned(), ink(last)));
    }
    rows.push(row);
    let kept = if fits { marks.len() - 1 } else { marks.len() };
    let mut waiting: Vec<_> = marks.iter().take(kept).filter(|mark| !mark.text.is_empty()).collect();
    let bars =
        |waiting: &[&&Mark<'_>]| waiting.iter().map(|mark| (at(mark), "|".to_owned(), ink(mark))).collect::<Row>();
    if waiting.len() > usize::from(!fits) {
        rows.push(bars(&waiting));
    }
    while let Some(mark) = waiting.pop() {
        for line in wrap(&visible(mark.text), room) {
            let start = at(mark).min(room.saturating_sub(display_width(&line)));
            let mut row = bars(&waiting);
            row.retain(|(bar, ..)| bar + 1 < start);
            row.push((start, line, ink(mark)));
            rows.push(row);
        }
    }
}

/// The part of a long line that holds the marks, and by how much columns move because of the cut.
fn cut(text: &str, marks: &[Mark<'_>], width: usize) -> (String, isize) {
    if display_width(text) <= width {
        return (text.to_owned(), 0);
    }
    let end = marks.iter().map(|mark| mark.start + mark.width).max().unwrap_or(0);
    let start = marks.iter().map(|mark| mark.start).min().unwrap_or(0);
    let from = if end < width { 0 } else { start.saturating_sub(LEAD) };
    let mut shown = String::new();
    let mut column = 0;
    let mut first = None;
    let room = width.saturating_sub(if from > 0 { 2 } else { 1 });
    for c in text.chars() {
        let wide = c.width().unwrap_or(1);
        if column >= from {
            let first = *first.get_or_insert(column);
            if column + wide - first > room {
                shown.push('…');
                break;
            }
            shown.push(c);
        }
        column += wide;
    }
    match first {
        Some(first) if from > 0 => (format!("…{shown}"), 1 - isize::try_from(first).unwrap_or(0)),
        _ => (shown, 0),
    }
}
