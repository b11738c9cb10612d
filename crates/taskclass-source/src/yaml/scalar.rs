//! What a plain scalar means, and whether every reader agrees that it means that.
//!
//! The meaning is YAML 1.2's core schema. Refused is what YAML 1.1, which many editors, formatters and libraries still
//! speak, reads as something else: a reviewer and the executor must not see two documents in one text.

use super::node::Value;
use crate::Str;

/// The largest whole number that every JSON reader keeps exactly, 2^53 − 1.
pub const MAX_INTEGER: i64 = (1 << 53) - 1;

/// The meaning of a plain scalar that is not text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Meaning {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text,
}

impl Meaning {
    pub(super) fn value(self, text: impl FnOnce() -> Str) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Bool(value) => Value::Bool(value),
            Self::Int(number) => Value::Int(number),
            Self::Float(number) => Value::Float(number),
            Self::Text => Value::Str(text()),
        }
    }
}

/// What readers disagree about.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Ambiguity {
    /// Who reads it how, to stand behind "here it is".
    pub why: &'static str,
    /// The unmistakable spelling of what it means here, if it is not text.
    pub plain: Option<String>,
    /// Another thing that the writer may have meant, unmistakably spelt.
    pub other: Option<&'static str>,
}

/// The meaning of the plain scalar `text`, and what readers disagree about.
pub(super) fn resolve(text: &str) -> (Meaning, Option<Ambiguity>) {
    // Nearly every plain scalar is a word that none of the rules below can touch: see that at its first byte.
    let Some(first) = text.bytes().next() else { return (Meaning::Null, None) };
    match first {
        b'0'..=b'9' | b'+' | b'-' | b'.' => number(text),
        b'~' | b'n' | b'N' | b'y' | b'Y' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' | b'=' | b'<' if text.len() <= 5 => {
            word(text)
        }
        _ => (Meaning::Text, None),
    }
}

fn word(text: &str) -> (Meaning, Option<Ambiguity>) {
    let spelt = |plain: &str| {
        Some(Ambiguity { why: "not every reader knows this spelling", plain: Some(plain.to_owned()), other: None })
    };
    let yes_no = |other| Some(Ambiguity { why: "YAML 1.1 reads it as true or false", plain: None, other: Some(other) });
    match text {
        "null" => (Meaning::Null, None),
        "true" => (Meaning::Bool(true), None),
        "false" => (Meaning::Bool(false), None),
        "~" | "Null" | "NULL" => (Meaning::Null, spelt("null")),
        "True" | "TRUE" => (Meaning::Bool(true), spelt("true")),
        "False" | "FALSE" => (Meaning::Bool(false), spelt("false")),
        "y" | "Y" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => (Meaning::Text, yes_no("true")),
        "n" | "N" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => (Meaning::Text, yes_no("false")),
        "=" | "<<" => {
            (Meaning::Text, Some(Ambiguity { why: "YAML 1.1 gives it a meaning of its own", plain: None, other: None }))
        }
        _ => (Meaning::Text, None),
    }
}

/// A scalar that begins as a number does.
fn number(text: &str) -> (Meaning, Option<Ambiguity>) {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let sign = if text.starts_with('-') { -1.0 } else { 1.0 };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if digits(unsigned) {
        let meaning = text.parse().map_or_else(|_| Meaning::Float(text.parse().unwrap_or(f64::INFINITY)), Meaning::Int);
        let octal = unsigned.len() > 1 && unsigned.starts_with('0');
        let ambiguity = octal.then(|| Ambiguity {
            why: "YAML 1.1 reads it as an octal number, and people as digits to keep",
            plain: match meaning {
                Meaning::Int(number) => Some(number.to_string()),
                _ => None,
            },
            other: None,
        });
        return (meaning, ambiguity);
    }
    for (prefix, radix) in [("0x", 16), ("0o", 8)] {
        // YAML 1.2 gives these no sign; with one they are text there and a number in YAML 1.1.
        let Some(rest) = unsigned.strip_prefix(prefix) else { continue };
        if rest.is_empty() || !rest.chars().all(|c| c.is_digit(radix)) {
            continue;
        }
        if unsigned.len() != text.len() {
            return (
                Meaning::Text,
                Some(Ambiguity { why: "YAML 1.1 may read it as a number", plain: None, other: None }),
            );
        }
        let meaning = i64::from_str_radix(rest, radix).map_or(Meaning::Float(f64::INFINITY), Meaning::Int);
        let plain = if let Meaning::Int(number) = meaning { Some(number.to_string()) } else { None };
        let why = "not every reader knows this spelling";
        return (meaning, Some(Ambiguity { why, plain, other: None }));
    }
    match unsigned {
        ".inf" | ".Inf" | ".INF" => return (Meaning::Float(sign * f64::INFINITY), None),
        ".nan" | ".NaN" | ".NAN" if unsigned.len() == text.len() => return (Meaning::Float(f64::NAN), None),
        _ => {}
    }
    if is_core_float(unsigned) {
        let number: f64 = text.parse().unwrap_or(f64::NAN);
        let exponent = unsigned.contains(['e', 'E']);
        let ambiguity =
            exponent.then(|| Ambiguity { why: "some readers take it for text", plain: whole(number), other: None });
        return (Meaning::Float(number), ambiguity);
    }
    let why = if is_old_number(unsigned) {
        "YAML 1.1 reads it as a number"
    } else if is_sexagesimal(unsigned) {
        "YAML 1.1 reads it as a number to the base sixty"
    } else if is_timestamp(text) {
        "YAML 1.1 reads it as a date"
    } else {
        return (Meaning::Text, None);
    };
    (Meaning::Text, Some(Ambiguity { why, plain: None, other: None }))
}

/// The decimal digits of a number that is whole and small enough to be one.
pub(super) fn whole(number: f64) -> Option<String> {
    (number.fract() == 0.0 && number.abs() <= MAX_INTEGER as f64).then(|| format!("{number:.0}"))
}

/// `(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?` of the core schema.
fn is_core_float(text: &str) -> bool {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let (before, after) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let mantissa_fits = digits(before) && digits(after) && !(before.is_empty() && after.is_empty());
    let exponent_fits = exponent.is_none_or(|exponent| {
        let exponent = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
        !exponent.is_empty() && digits(exponent)
    });
    mantissa_fits && exponent_fits
}

/// YAML 1.1's numbers with underscores, and its binary ones.
fn is_old_number(text: &str) -> bool {
    if let Some(bits) = text.strip_prefix("0b") {
        return !bits.is_empty() && bits.bytes().all(|b| matches!(b, b'0' | b'1' | b'_'));
    }
    if let Some(hex) = text.strip_prefix("0x") {
        return hex.contains('_') && hex.bytes().all(|b| b.is_ascii_hexdigit() || b == b'_');
    }
    text.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && text.contains('_')
        && text.contains(|c: char| c.is_ascii_digit())
        && text.bytes().all(|b| b.is_ascii_digit() || b == b'_' || b == b'.')
        && text.bytes().filter(|b| *b == b'.').count() <= 1
}

/// `12:30`, `12:30:45`, `12:30.5`.
fn is_sexagesimal(text: &str) -> bool {
    let mut parts = text.split(':');
    let first =
        parts.next().is_some_and(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit() || b == b'_'));
    let mut rest = parts.peekable();
    let mut any = false;
    while let Some(part) = rest.next() {
        any = true;
        let part = match part.split_once('.') {
            Some((seconds, fraction)) if rest.peek().is_none() && fraction.bytes().all(|b| b.is_ascii_digit()) => {
                seconds
            }
            _ => part,
        };
        let fits = matches!(part.as_bytes(), [b'0'..=b'9'] | [b'0'..=b'5', b'0'..=b'9']);
        if !fits {
            return false;
        }
    }
    first && any
}

/// `2026-01-01`, alone or with a time behind it.
fn is_timestamp(text: &str) -> bool {
    let mut parts = text.splitn(3, '-');
    let (Some(year), Some(month), Some(rest)) = (parts.next(), parts.next(), parts.next()) else { return false };
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let day_length = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let (day, time) = rest.split_at(day_length);
    let time_fits = time.is_empty() || {
        let clock = time.trim_start_matches(['T', 't', ' ', '\t']);
        clock.len() < time.len() && clock.starts_with(|c: char| c.is_ascii_digit()) && clock.contains(':')
    };
    year.len() == 4
        && digits(year)
        && matches!(month.len(), 1 | 2)
        && digits(month)
        && matches!(day.len(), 1 | 2)
        && time_fits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_text() {
        for text in [
            "serde",
            "none",
            "task-class/v1",
            "4h",
            "30m",
            "20%",
            "1.0.230",
            "v1",
            "-",
            "--",
            "not",
            "only",
            "1.2.3-rc",
            "<",
            "0m",
            "1h30m",
            "12:99",
            "a:b",
            "2026-01",
            "1-2-3",
            "-x",
            "+",
            ".",
            "..",
            "0x",
            "0xZZ",
            "1e",
            "e3",
            "_1",
            "1.2.3_4",
        ] {
            assert_eq!(resolve(text), (Meaning::Text, None), "{text}");
        }
    }

    #[test]
    fn canonical_spellings_have_their_meaning() {
        for (text, meaning) in [
            ("", Meaning::Null),
            ("null", Meaning::Null),
            ("true", Meaning::Bool(true)),
            ("false", Meaning::Bool(false)),
            ("0", Meaning::Int(0)),
            ("-7", Meaning::Int(-7)),
            ("+7", Meaning::Int(7)),
            ("9223372036854775807", Meaning::Int(i64::MAX)),
            ("1.5", Meaning::Float(1.5)),
            (".5", Meaning::Float(0.5)),
            ("5.", Meaning::Float(5.0)),
            ("-.inf", Meaning::Float(f64::NEG_INFINITY)),
        ] {
            assert_eq!(resolve(text), (meaning, None), "{text}");
        }
    }

    #[test]
    fn what_readers_disagree_about_is_said() {
        for (text, meaning) in [
            ("no", Meaning::Text),
            ("On", Meaning::Text),
            ("y", Meaning::Text),
            ("~", Meaning::Null),
            ("NULL", Meaning::Null),
            ("True", Meaning::Bool(true)),
            ("012", Meaning::Int(12)),
            ("-012", Meaning::Int(-12)),
            ("0x1F", Meaning::Int(31)),
            ("0o17", Meaning::Int(15)),
            ("-0x1F", Meaning::Text),
            ("1e3", Meaning::Float(1000.0)),
            ("1_000", Meaning::Text),
            ("0b11", Meaning::Text),
            ("0x_1F", Meaning::Text),
            ("12:30", Meaning::Text),
            ("12:30:45", Meaning::Text),
            ("-12:30.5", Meaning::Text),
            ("2026-01-01", Meaning::Text),
            ("2026-1-1 12:00:00", Meaning::Text),
            ("2026-01-01T12:00:00Z", Meaning::Text),
            ("=", Meaning::Text),
        ] {
            let (found, ambiguity) = resolve(text);
            assert_eq!(found, meaning, "{text}");
            assert!(ambiguity.is_some(), "{text}");
        }
        assert_eq!(resolve("1e3").1.unwrap().plain.as_deref(), Some("1000"));
        assert_eq!(resolve("1e-3").1.unwrap().plain, None);
    }
}
