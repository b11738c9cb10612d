//! The digest says what a document says, not how it is laid out.

use proptest::prelude::*;
use serde_json::{Value, json};
use taskclass_spec::{
    Digest, Loaded, SchemaKind,
    digest::{DocumentDigest, canonical},
    registry::paths,
    written,
};

use crate::shape::SOUND;

fn digest(text: &str) -> Digest {
    let loaded: Loaded<written::TaskClass> =
        Loaded::parse(SchemaKind::TaskClass, &paths::at("task-classes/bump.yaml"), text.into());
    assert!(loaded.written.is_some(), "{:?}\n{text}", loaded.findings());
    DocumentDigest::of(&loaded.root.unwrap().to_json(), Default::default()).unwrap().digest
}

/// The document's top-level sections, each with its own lines.
fn sections(text: &str) -> Vec<String> {
    let mut sections: Vec<String> = Vec::new();
    for line in text.lines() {
        match sections.last_mut() {
            Some(section) if line.starts_with(' ') => section.push_str(&format!("{line}\n")),
            _ => sections.push(format!("{line}\n")),
        }
    }
    sections
}

proptest! {
    #[test]
    fn order_comments_and_layout_do_not_matter(order in Just(sections(SOUND)).prop_shuffle(), comment in "[ -~äß]{0,30}") {
        let text: String = order.iter().map(|section| format!("# {comment}\n{section}\n")).collect();
        prop_assert_eq!(digest(&text), digest(SOUND));
    }

    #[test]
    fn any_other_number_matters(version in 1u32..1_000_000) {
        let other = digest(&SOUND.replace("version: 3", &format!("version: {version}")));
        prop_assert_eq!(other == digest(SOUND), version == 3);
    }
}

#[test]
fn quotes_and_flow_style_do_not_matter_but_every_value_does() {
    assert_eq!(digest(&SOUND.replace("title: Bump", "title: \"Bump\"")), digest(SOUND));
    assert_eq!(digest(&SOUND.replace("  on: [failed]", "  on:\n    - failed")), digest(SOUND));
    assert_ne!(digest(&SOUND.replace("title: Bump", "title: \"Bump \"")), digest(SOUND));
    // A default that is written out is another text, hence another digest: defaults are not filled in.
    assert_ne!(digest(&SOUND.replace("pull_request:\n", "pull_request:\n  labels: []\n")), digest(SOUND));
}

#[test]
fn the_files_drawn_in_count_by_name_and_content() {
    let of = |files: &[(&str, &[u8])]| {
        let files = files.iter().map(|(path, bytes)| ((*path).to_owned(), Digest::of(bytes))).collect();
        DocumentDigest::of(&json!({"a": 1}), files).unwrap().digest
    };
    let base = of(&[("p/a.md", b"x")]);
    assert_ne!(base, of(&[("p/a.md", b"y")]));
    assert_ne!(base, of(&[("p/b.md", b"x")]));
    assert_ne!(base, of(&[]));
}

#[test]
fn the_canonical_form_is_rfc_8785s() {
    let value = json!({"b": [1, -2], "a": "é\u{1}\"", "\u{20ac}": null, "A": true});
    assert_eq!(canonical(&value).unwrap(), "{\"A\":true,\"a\":\"é\\u0001\\\"\",\"b\":[1,-2],\"€\":null}".as_bytes());
    // The whole, worked out by hand with sha256sum.
    let whole = DocumentDigest::of(&json!({"b": 1, "a": []}), Default::default()).unwrap();
    assert_eq!(whole.canonical, br#"{"document":{"a":[],"b":1},"files":{}}"#);
    assert_eq!(whole.digest.to_string(), "sha256:6b809b2e5434f8e90f1db002d3cd562b6b9c6458b26507878afca06bee1200fa");
}

#[test]
fn numbers_that_would_be_rounded_are_refused() {
    for value in
        [json!(1.5), json!(9_007_199_254_740_992_u64), json!(-9_007_199_254_740_992_i64), json!({"a": [1e300]})]
    {
        assert!(canonical(&value).is_err(), "{value}");
    }
    for value in [json!(9_007_199_254_740_991_u64), json!(-9_007_199_254_740_991_i64), Value::Null] {
        assert!(canonical(&value).is_ok(), "{value}");
    }
}
