//! The same document in several layouts: other orders of keys, flow or block, comments and empty lines, quoted or plain.

use std::fmt::Write as _;

use serde_json::Value;

/// Writes `value` in the layout of this number; the same number writes the same.
pub(crate) fn written(value: &Value, layout: u64) -> String {
    let mut writer =
        Writer { dice: layout.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1, plain: layout == 0, text: String::new() };
    writer.block(value, 0);
    writer.text
}

struct Writer {
    dice: u64,
    /// Nothing is left to the dice.
    plain: bool,
    text: String,
}

impl Writer {
    fn roll(&mut self, sides: u64) -> u64 {
        self.dice ^= self.dice << 13;
        self.dice ^= self.dice >> 7;
        self.dice ^= self.dice << 17;
        if self.plain { 1 } else { (self.dice >> 33) % sides }
    }

    fn block(&mut self, value: &Value, indent: usize) {
        let blanks = " ".repeat(indent);
        match value {
            Value::Object(map) if !map.is_empty() => {
                let mut entries: Vec<_> = map.iter().collect();
                let by = usize::try_from(self.roll(entries.len() as u64)).unwrap_or(0);
                if !self.plain {
                    entries.rotate_left(by);
                }
                for (key, value) in entries {
                    if self.roll(12) == 0 {
                        self.text.push_str(&format!("\n{blanks}# about {key}\n"));
                    }
                    self.text.push_str(&format!("{blanks}{key}:"));
                    self.below(value, indent + 2);
                }
            }
            Value::Array(items) if !items.is_empty() => {
                for item in items {
                    self.text.push_str(&format!("{blanks}-"));
                    self.below(item, indent + 2);
                }
            }
            _ => {}
        }
    }

    fn below(&mut self, value: &Value, indent: usize) {
        let filled = match value {
            Value::Object(map) => !map.is_empty(),
            Value::Array(items) => !items.is_empty(),
            _ => false,
        };
        if filled && self.roll(5) != 0 {
            self.text.push('\n');
            self.block(value, indent);
        } else {
            self.text.push(' ');
            self.flow(value);
            let _ = if self.roll(9) == 0 { writeln!(self.text, "  # so far") } else { writeln!(self.text) };
        }
    }

    /// JSON is YAML; a word may stand without quotes.
    fn flow(&mut self, value: &Value) {
        match value {
            Value::String(text) if is_word(text) && self.roll(3) != 0 => self.text.push_str(text),
            Value::Array(items) => {
                self.text.push('[');
                for (index, item) in items.iter().enumerate() {
                    self.text.push_str(if index == 0 { "" } else { ", " });
                    self.flow(item);
                }
                self.text.push(']');
            }
            Value::Object(map) => {
                self.text.push('{');
                for (index, (key, value)) in map.iter().enumerate() {
                    self.text.push_str(if index == 0 { "" } else { ", " });
                    self.text.push_str(&format!("{key}: "));
                    self.flow(value);
                }
                self.text.push('}');
            }
            other => self.text.push_str(&other.to_string()),
        }
    }
}

/// A text that nobody reads as anything but itself.
fn is_word(text: &str) -> bool {
    text.len() > 2
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c == '_')
        && !["yes", "true", "false", "null", "off"].contains(&text)
}
