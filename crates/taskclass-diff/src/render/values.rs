//! How a value of a document is shown, and how two of them are set against each other.

use serde_json::Value;
use taskclass_source::text::visible;
use taskclass_spec::Digest;

use crate::{LineDiff, prompts::Differences};

/// The value on one line as it could stand in YAML, nothing hidden in it.
pub(super) fn one_line(value: &Value) -> String {
    match value {
        Value::String(text) if is_plain(text) => text.clone(),
        Value::String(text) => visible(&Value::from(text.as_str()).to_string()).into_owned(),
        Value::Array(items) => format!("[{}]", items.iter().map(one_line).collect::<Vec<_>>().join(", ")),
        Value::Object(fields) => {
            let field = |(key, value): (&String, &Value)| {
                format!("{}: {}", one_line(&Value::from(key.as_str())), one_line(value))
            };
            format!("{{{}}}", fields.iter().map(field).collect::<Vec<_>>().join(", "))
        }
        plain => plain.to_string(),
    }
}

/// Whether a text stands for itself without quotes: words, names, patterns, durations; nothing that could be another value.
fn is_plain(text: &str) -> bool {
    let word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | '*' | '@' | '+');
    let words = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.split(' ').all(|part| !part.is_empty() && part.chars().all(word))
        && text.parse::<f64>().is_err()
        && !["true", "false", "null", "yes", "no", "on", "off"].contains(&text.to_ascii_lowercase().as_str());
    let duration = text
        .strip_suffix(['m', 'h', 'd', 'w'])
        .is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()));
    words || duration
}

/// How two values are set against each other.
pub(super) enum Shown {
    /// Each on one line, where there is one.
    Lines(Option<String>, Option<String>),
    /// Two lists: how many entries, and which went and came.
    Entries { before: usize, after: usize, gone: Vec<String>, new: Vec<String> },
    /// Files, of which only digests stand here: what is in them is told elsewhere.
    Elsewhere,
    /// Texts of several lines: how many, and in what they differ.
    Text { before: Option<usize>, after: Option<usize>, diff: LineDiff },
}

/// Sets the values of a change against each other.
pub(super) fn shown(before: Option<&Value>, after: Option<&Value>, differences: &Differences) -> Shown {
    match (before, after) {
        (before, after) if is_digest(before.or(after)) && is_digest(after.or(before)) => Shown::Elsewhere,
        (Some(Value::Array(before)), Some(Value::Array(after))) => entries(before, after),
        (before, after) if is_long(before) || is_long(after) => {
            let text = |value: Option<&Value>| {
                value.map(|value| value.as_str().map_or_else(|| one_line(value), str::to_owned))
            };
            let (before, after) = (text(before), text(after));
            let lines = |text: &Option<String>| text.as_ref().map(|text| text.lines().count());
            Shown::Text {
                before: lines(&before),
                after: lines(&after),
                diff: differences.of(before.as_deref().unwrap_or_default(), after.as_deref().unwrap_or_default()),
            }
        }
        (before, after) => Shown::Lines(before.map(one_line), after.map(one_line)),
    }
}

fn is_digest(value: Option<&Value>) -> bool {
    value.and_then(Value::as_str).is_some_and(|text| text.parse::<Digest>().is_ok())
}

fn is_long(value: Option<&Value>) -> bool {
    value.and_then(Value::as_str).is_some_and(|text| text.trim_end().contains('\n'))
}

/// What went and what came. Where only the order or the number of alike entries differs, the lists themselves are shown.
fn entries(before: &[Value], after: &[Value]) -> Shown {
    let without = |some: &[Value], others: &[Value]| -> Vec<String> {
        some.iter().filter(|one| !others.contains(one)).map(one_line).collect()
    };
    let (gone, new) = (without(before, after), without(after, before));
    let list = |values: &[Value]| Some(format!("[{}]", values.iter().map(one_line).collect::<Vec<_>>().join(", ")));
    if gone.is_empty() && new.is_empty() {
        return Shown::Lines(list(before), list(after));
    }
    Shown::Entries { before: before.len(), after: after.len(), gone, new }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn set_against(before: Option<&Value>, after: Option<&Value>) -> Shown {
        shown(before, after, &Differences::default())
    }

    #[test]
    fn a_value_is_shown_as_it_could_be_written() {
        for (value, text) in [
            (json!("acme/svc-*"), "acme/svc-*"),
            (json!("true"), "\"true\""),
            (json!("12"), "\"12\""),
            (json!("1e5"), "\"1e5\""),
            (json!("NaN"), "\"NaN\""),
            (json!("7d"), "7d"),
            (json!("Raise one dependency"), "Raise one dependency"),
            (json!("two  spaces"), "\"two  spaces\""),
            (json!(" "), "\" \""),
            (json!("a: b"), "\"a: b\""),
            (json!("a\n\u{202e}b"), "\"a\\n\\u{202e}b\""),
            (json!({"type": "string", "max": 40, "of": [true, null]}), "{type: string, max: 40, of: [true, null]}"),
        ] {
            assert_eq!(one_line(&value), text);
        }
    }

    #[test]
    fn of_two_lists_only_what_went_and_came_is_shown() {
        let (before, after) = (json!(["a", "b", "c"]), json!(["c", "d", "a"]));
        let Shown::Entries { before, after, gone, new } = set_against(Some(&before), Some(&after)) else { panic!() };
        assert_eq!((before, after, gone, new), (3, 3, vec!["b".to_owned()], vec!["d".to_owned()]));
        let digest = json!("sha256:50cd15e818d0882fde39246390f0e083eaf5f603c803b83b2b143f5fa6380b91");
        assert!(matches!(set_against(Some(&digest), None), Shown::Elsewhere));
        assert!(matches!(set_against(Some(&digest), Some(&json!("main"))), Shown::Lines(..)));
        // Only the order differs, and it may matter.
        let (before, after) = (json!(["a", "b"]), json!(["b", "a"]));
        let Shown::Lines(before, after) = set_against(Some(&before), Some(&after)) else { panic!() };
        assert_eq!((before.unwrap(), after.unwrap()), ("[a, b]".to_owned(), "[b, a]".to_owned()));
    }

    #[test]
    fn texts_of_several_lines_are_held_against_each_other_line_by_line() {
        let Shown::Text { before, after, diff } = set_against(Some(&json!("a\nb\n")), Some(&json!("a\nc\nd\n"))) else {
            panic!()
        };
        assert_eq!((before, after, diff.hunks.len()), (Some(2), Some(3), 1));
        let Shown::Text { before: None, after: Some(2), .. } = set_against(None, Some(&json!("a\nb"))) else {
            panic!()
        };
    }
}
