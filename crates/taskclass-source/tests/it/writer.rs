//! Writes a random document as YAML text, in the styles it asks for where its texts allow them.

use std::fmt::Write as _;

use crate::document::{Doc, Layout, Style};

pub(crate) fn write(document: &Doc) -> String {
    let mut writer = Writer { out: String::new() };
    match document {
        Doc::Map(entries, layout) if !entries.is_empty() && !layout.flow => writer.block_map(entries, *layout, 0, true),
        other => {
            writer.flow(other, 0);
            writer.out.push('\n');
        }
    }
    writer.out
}

struct Writer {
    out: String,
}

/// A die thrown `n`th: the same document is always written the same.
fn die(dice: u64, n: usize, sides: u64) -> u64 {
    let mixed = (dice ^ (n as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    (mixed >> 32) % sides
}

impl Writer {
    fn spaces(&mut self, count: usize) {
        self.out.extend(std::iter::repeat_n(' ', count));
    }

    /// The end of a line, sometimes with a comment, a blank line or a line of comment behind it.
    fn end_line(&mut self, dice: u64, n: usize) {
        match die(dice, n, 12) {
            0 => self.out.push_str("  # é: \"comment\" [\n"),
            1 => self.out.push_str("\n\n"),
            2 => self.out.push_str("\n# - line: of comment\n"),
            3 => self.out.push_str("\n      #further in\n\n"),
            4 => self.out.push_str("  \n"),
            _ => self.out.push('\n'),
        }
    }

    /// `inline` tells that the cursor stands where the first key goes.
    fn block_map(&mut self, entries: &[(String, Style, Doc)], layout: Layout, indent: usize, mut inline: bool) {
        for (n, (key, style, value)) in entries.iter().enumerate() {
            if !std::mem::take(&mut inline) {
                self.spaces(indent);
            }
            self.key(key, *style, false);
            self.out.push(':');
            self.value(value, layout.dice, n, indent, true);
        }
    }

    fn block_seq(&mut self, items: &[Doc], layout: Layout, indent: usize) {
        for (n, item) in items.iter().enumerate() {
            self.spaces(indent);
            self.out.push('-');
            match item {
                Doc::Map(entries, inner) if !inner.flow && !entries.is_empty() && die(layout.dice, n, 2) == 0 => {
                    self.spaces(inner.indent);
                    self.block_map(entries, *inner, indent + 1 + inner.indent, true);
                }
                Doc::Seq(items, inner) if !inner.flow && !items.is_empty() && die(layout.dice, n, 2) == 0 => {
                    self.spaces(inner.indent);
                    let from = self.out.len();
                    self.block_seq(items, *inner, indent + 1 + inner.indent);
                    // The first item stands on this line already.
                    self.out.replace_range(from..from + indent + 1 + inner.indent, "");
                }
                _ => self.value(item, layout.dice, n, indent, false),
            }
        }
    }

    /// What follows a `:` or `-`, to the end of its last line.
    fn value(&mut self, value: &Doc, dice: u64, n: usize, indent: usize, in_map: bool) {
        match value {
            Doc::Absent => self.end_line(dice, n),
            Doc::Map(entries, layout) if !layout.flow && !entries.is_empty() => {
                self.end_line(dice, n);
                self.block_map(entries, *layout, indent + layout.indent, false);
            }
            Doc::Seq(items, layout) if !layout.flow && !items.is_empty() => {
                self.end_line(dice, n);
                let less = if in_map { 1 } else { 0 };
                self.block_seq(items, *layout, indent + layout.indent - less);
            }
            Doc::Text(text, Style::Literal, dice) if block_fits(text) => self.literal(text, *dice, indent),
            Doc::Text(text, Style::Folded, dice) if folded_fits(text) => self.folded(text, *dice, indent),
            other => {
                self.spaces(1 + die(dice, n + 7, 2) as usize);
                self.flow(other, indent + 1);
                self.end_line(dice, n);
            }
        }
    }

    /// A value on one line, or on several that are indented by at least `indent`.
    fn flow(&mut self, value: &Doc, indent: usize) {
        match value {
            Doc::Absent | Doc::Null => self.out.push_str("null"),
            Doc::Bool(value) => self.out.push_str(&value.to_string()),
            Doc::Int(number) => self.out.push_str(&number.to_string()),
            Doc::Text(text, Style::Plain, dice) if plain_fits(text) => self.folding_spaces(text, *dice, indent),
            Doc::Text(text, Style::Single, dice) if single_fits(text) => {
                self.out.push('\'');
                self.folding_spaces(&text.replace('\'', "''"), *dice, indent);
                self.out.push('\'');
            }
            Doc::Text(text, _, dice) => self.double(text, *dice, indent, true),
            Doc::Seq(items, layout) => {
                self.out.push('[');
                for (n, item) in items.iter().enumerate() {
                    self.separate(*layout, n, indent);
                    self.flow(item, indent);
                }
                self.out.push_str(if die(layout.dice, 99, 4) == 0 && !items.is_empty() { ", ]" } else { "]" });
            }
            Doc::Map(entries, layout) => {
                self.out.push('{');
                for (n, (key, style, value)) in entries.iter().enumerate() {
                    self.separate(*layout, n, indent);
                    self.key(key, *style, true);
                    self.out.push_str(": ");
                    self.flow(value, indent);
                }
                self.out.push_str(if die(layout.dice, 99, 4) == 0 { " }" } else { "}" });
            }
        }
    }

    fn separate(&mut self, layout: Layout, n: usize, indent: usize) {
        if n > 0 {
            self.out.push(',');
        }
        match die(layout.dice, n, 6) {
            0 => {
                self.out.push_str(if n > 0 { "  # why\n" } else { "\n" });
                self.spaces(indent + 1);
            }
            1 => self.out.push_str("  "),
            _ if n > 0 => self.out.push(' '),
            _ => {}
        }
    }

    fn key(&mut self, key: &str, style: Style, _in_flow: bool) {
        match style {
            Style::Plain | Style::Literal if plain_fits(key) => self.out.push_str(key),
            Style::Single | Style::Folded if single_fits(key) => {
                write!(self.out, "'{}'", key.replace('\'', "''")).unwrap();
            }
            _ => self.double(key, 1, 0, false),
        }
    }

    /// Text in which some single spaces between words become line breaks, which fold back into spaces.
    fn folding_spaces(&mut self, text: &str, dice: u64, indent: usize) {
        let bytes = text.as_bytes();
        for (at, c) in text.char_indices() {
            let between = c == ' '
                && at > 0
                && bytes.get(at - 1).is_some_and(u8::is_ascii_alphanumeric)
                && bytes.get(at + 1).is_some_and(u8::is_ascii_alphanumeric);
            if between && die(dice, at, 4) == 0 {
                self.out.push('\n');
                self.spaces(indent + 1);
            } else {
                self.out.push(c);
            }
        }
    }

    fn double(&mut self, text: &str, dice: u64, indent: usize, folds: bool) {
        self.out.push('"');
        for (at, c) in text.char_indices() {
            let code = u32::from(c);
            let must = c.is_control() || matches!(c, '"' | '\\' | '\u{feff}' | '\u{2028}' | '\u{2029}');
            match die(dice, at, 12) {
                0 if folds && at > 0 => {
                    self.out.push_str("\\\n");
                    self.spaces(indent + 1);
                    // What would be taken for indentation must be escaped.
                    match c {
                        ' ' => self.out.push_str("\\ "),
                        _ => write!(self.out, "\\U{code:08x}").unwrap(),
                    }
                }
                1 if code < 256 => write!(self.out, "\\x{code:02X}").unwrap(),
                2 if code < 0x10000 => write!(self.out, "\\u{code:04x}").unwrap(),
                3 => write!(self.out, "\\U{code:08X}").unwrap(),
                _ if must => match c {
                    '\n' => self.out.push_str("\\n"),
                    '\t' => self.out.push_str("\\t"),
                    '\0' => self.out.push_str("\\0"),
                    '"' => self.out.push_str("\\\""),
                    '\\' => self.out.push_str("\\\\"),
                    _ => write!(self.out, "\\U{code:08x}").unwrap(),
                },
                _ => self.out.push(c),
            }
        }
        self.out.push('"');
    }

    fn block_header(&mut self, sign: char, text: &str, dice: u64, indent: usize) -> usize {
        let extra = 1 + die(dice, 1, 4) as usize;
        self.out.push(' ');
        self.out.push(sign);
        let chomping = match text.len() - text.trim_end_matches('\n').len() {
            0 => "-",
            1 if text.len() > 1 => "",
            _ => "+",
        };
        let explicit = text.starts_with([' ', '\n']) || die(dice, 2, 3) == 0;
        // An indentation that is said counts from the parent's, which for the root's children is 0.
        let number = if explicit { extra.to_string() } else { String::new() };
        if die(dice, 3, 2) == 0 {
            self.out.push_str(&number);
            self.out.push_str(chomping);
        } else {
            self.out.push_str(chomping);
            self.out.push_str(&number);
        }
        self.out.push_str(if die(dice, 4, 5) == 0 { " # | comment\n" } else { "\n" });
        indent + extra
    }

    fn literal(&mut self, text: &str, dice: u64, indent: usize) {
        let indent = self.block_header('|', text, dice, indent);
        for line in text.strip_suffix('\n').unwrap_or(text).split('\n') {
            if !line.is_empty() {
                self.spaces(indent);
                self.out.push_str(line);
            }
            self.out.push('\n');
        }
    }

    fn folded(&mut self, text: &str, dice: u64, indent: usize) {
        let indent = self.block_header('>', text, dice, indent);
        let body = text.trim_end_matches('\n');
        let mut started = false;
        for line in body.split('\n') {
            // Between two lines with text a line break is written as two: one alone would fold into a space. What stands
            // before the first line or between others is as it is.
            if started && !line.is_empty() {
                self.out.push('\n');
            }
            if line.is_empty() {
                self.out.push('\n');
                continue;
            }
            started = true;
            self.spaces(indent);
            self.folding_spaces(line, dice, indent - 1);
            self.out.push('\n');
        }
        for _ in 1..text.len() - body.len() {
            self.out.push('\n');
        }
    }
}

fn printable(text: &str) -> bool {
    !text.chars().any(|c| (c.is_control() && c != '\n') || matches!(c, '\u{feff}' | '\u{2028}' | '\u{2029}'))
}

fn plain_fits(text: &str) -> bool {
    let words = text.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '.' | '/' | '@' | '_' | '-' | '😀'));
    // Short words may mean something else; a `- ` or two blanks side by side are left to the quoted styles.
    let starts = text.starts_with(|c: char| c.is_alphabetic()) && !text.ends_with(' ') && text.len() >= 2;
    let reserved = ["no", "on", "yes", "off", "null", "true", "false", "y", "n"];
    words && starts && !reserved.contains(&text.to_lowercase().as_str())
}

fn single_fits(text: &str) -> bool {
    printable(text) && !text.contains('\n') && !text.contains('\t')
}

fn block_fits(text: &str) -> bool {
    printable(text) && !text.is_empty()
}

fn folded_fits(text: &str) -> bool {
    block_fits(text) && !text.split('\n').any(|line| line.starts_with(' ')) && !text.trim_end_matches('\n').is_empty()
}
