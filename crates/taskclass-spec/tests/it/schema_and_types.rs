//! The schema of a text type and its `FromStr` accept the same texts, and each schema's examples are valid.

use jsonschema::draft202012;
use proptest::prelude::*;
use schemars::JsonSchema;
use serde_json::{Value, json};
use taskclass_spec::*;

/// What the schema says and what the type says about one text.
fn both<T: std::str::FromStr + JsonSchema>(text: &str) -> (bool, bool) {
    let schema = schema::generate::<T>("t");
    (draft202012::is_valid(&schema, &json!(text)), text.parse::<T>().is_ok())
}

macro_rules! agree {
    ($($name:ident: $type:ty, $near:literal;)+) => { $(
        proptest! {
            #![proptest_config(ProptestConfig::with_cases(60))]
            #[test]
            fn $name(near in $near, any in ".{0,12}") {
                for text in [near, any] {
                    let (schema, parsed) = both::<$type>(&text);
                    prop_assert_eq!(schema, parsed, "{}", text);
                }
            }
        }
    )+ };
}

agree! {
    class_names: ClassName, "[a-z0-9-]{0,62}";
    input_names: InputName, "[a-zA-Z0-9_]{0,42}";
    models: ModelId, "[a-z0-9.-]{0,82}";
    principals: Principal, "[A-Za-z0-9@._+*-]{0,20}";
    repositories: RepoName, "[a-zA-Z-]{0,3}/[A-Za-z0-9._*-]{0,4}";
    repository_patterns: RepoPattern, "[a-zA-Z*-]{0,3}/[A-Za-z0-9._*-]{0,4}";
    owners: Owner, "@[a-z-]{0,4}(/[a-z.]{0,4})?";
    callers: Caller, "(github:(user|team)/[a-z/]{0,8}|oidc:[a-z:*]{0,8})";
    digests: Digest, "sha256:[0-9a-fA-F]{63,65}";
    percentages: Percent, "[0-9]{0,4}%?";
}

proptest! {
    /// A branch name's rules, a pattern's forbidden characters and a duration's greatest length are beyond a regular
    /// expression that a person can read: there the schema lets more pass, never less.
    #[test]
    fn the_schema_is_never_stricter_than_the_type(text in "[a-z0-9./*~ {}-]{0,12}", duration in "(0{0,10}[0-9]{1,3}[dhms]){0,4}") {
        for (schema, parsed) in [both::<RefName>(&text), both::<RefPattern>(&text), both::<PathPattern>(&text), both::<Duration>(&duration)] {
            prop_assert!(schema || !parsed, "{} {}", text, duration);
        }
    }
}

#[test]
fn the_schemas_are_valid_draft_2020_12_and_their_examples_are_valid() {
    fn walk(root: &Value, schema: &Value) {
        if let Some(examples) = schema.get("examples").and_then(Value::as_array) {
            let mut alone = schema.clone();
            if let Some(definitions) = root.get("$defs") {
                alone["$defs"] = definitions.clone();
            }
            for example in examples {
                assert!(draft202012::is_valid(&alone, example), "{example} against {schema}");
            }
        }
        match schema {
            Value::Object(map) => map.values().for_each(|value| walk(root, value)),
            Value::Array(items) => items.iter().for_each(|value| walk(root, value)),
            _ => {}
        }
    }
    for kind in SchemaKind::ALL {
        assert!(draft202012::meta::is_valid(kind.json()), "{kind:?}");
        walk(kind.json(), kind.json());
    }
}
