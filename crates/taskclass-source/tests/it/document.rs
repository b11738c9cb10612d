//! Random documents: a value, and for each part of it how it is to be written.

use proptest::prelude::*;

/// How a text is to be written, if the text allows it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Style {
    Plain,
    Single,
    Double,
    Literal,
    Folded,
}

#[derive(Clone, Debug)]
pub(crate) enum Doc {
    Absent,
    Null,
    Bool(bool),
    Int(i64),
    /// With dice for what the style leaves open, such as where a line is folded.
    Text(String, Style, u64),
    Seq(Vec<Doc>, Layout),
    Map(Vec<(String, Style, Doc)>, Layout),
}

/// How a list or mapping is to be written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Layout {
    pub(crate) flow: bool,
    /// Extra indentation, 1 to 4; of a list in a mapping 0 to 4.
    pub(crate) indent: usize,
    /// Dice for comments, blank lines, and whether a mapping begins on the line of its `-`.
    pub(crate) dice: u64,
}

impl Doc {
    pub(crate) fn json(&self) -> serde_json::Value {
        match self {
            Doc::Absent | Doc::Null => serde_json::Value::Null,
            Doc::Bool(value) => (*value).into(),
            Doc::Int(number) => (*number).into(),
            Doc::Text(text, ..) => text.as_str().into(),
            Doc::Seq(items, _) => items.iter().map(Doc::json).collect(),
            Doc::Map(entries, _) => {
                serde_json::Value::Object(entries.iter().map(|(key, _, value)| (key.clone(), value.json())).collect())
            }
        }
    }
}

fn style() -> impl Strategy<Value = Style> {
    prop_oneof![Just(Style::Plain), Just(Style::Single), Just(Style::Double), Just(Style::Literal), Just(Style::Folded)]
}

pub(crate) fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        // Words, as most values are.
        "[a-zé語][a-zA-Z0-9 ./@_{}-]{0,24}[a-z😀]",
        // Lines, as prompts are.
        "([ ]{0,3}[A-Za-z`{}:#'\"é😀,.-]{0,8}( [a-z0-9|>%&*!-]{1,6}){0,4}\n{0,3}){0,6}",
        // What only quotes can hold.
        "[ -~\\n\\t\\r\\x00é\\u{85}\\u{a0}\\u{2028}\\u{feff}😀\\\\\"']{0,20}",
        // Text that looks like something else.
        prop::sample::select(vec![
            "", "no", "null", "12", "1e3", "---", "- a", "a: b", "#x", "<<", "*a", "~", " ", "\n", "a:"
        ])
        .prop_map(str::to_owned),
    ]
}

fn key() -> impl Strategy<Value = (String, Style)> {
    let text = prop_oneof![4 => "[a-z_]{2,9}", 1 => "[a-z語é][a-z 語.-]{0,6}[a-z]", 1 => text()];
    (text, style())
}

fn layout() -> impl Strategy<Value = Layout> {
    (prop::bool::weighted(0.25), 1..5usize, any::<u64>()).prop_map(|(flow, indent, dice)| Layout { flow, indent, dice })
}

pub(crate) fn document() -> impl Strategy<Value = Doc> {
    let leaf = prop_oneof![
        1 => Just(Doc::Absent),
        1 => Just(Doc::Null),
        1 => any::<bool>().prop_map(Doc::Bool),
        1 => (-(1i64 << 53) + 1..1 << 53).prop_map(Doc::Int),
        1 => (-20..20i64).prop_map(Doc::Int),
        8 => (text(), style(), any::<u64>()).prop_map(|(text, style, dice)| Doc::Text(text, style, dice)),
    ];
    let value = leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            (prop::collection::vec(inner.clone(), 0..5), layout()).prop_map(|(items, layout)| Doc::Seq(items, layout)),
            mapping(inner),
        ]
    });
    mapping(value)
}

fn mapping(value: impl Strategy<Value = Doc>) -> impl Strategy<Value = Doc> {
    (prop::collection::vec((key(), value), 0..6), layout()).prop_map(|(entries, layout)| {
        let mut seen = std::collections::HashSet::new();
        let entries = entries.into_iter().filter(|((key, _), _)| seen.insert(key.clone()));
        Doc::Map(entries.map(|((key, style), value)| (key, style, value)).collect(), layout)
    })
}
