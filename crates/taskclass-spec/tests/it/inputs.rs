//! Laws of inputs that hold for any value.

use std::collections::BTreeMap;

use proptest::prelude::*;
use taskclass_spec::InputName;
use taskclass_spec::inputs::{Inputs, check_declarations, parse_pairs};
use taskclass_spec::written::{Input, InputValue};

const DECLARED: &str = r#"{
    "text": {"type": "string", "default": "", "max_length": 60},
    "slug": {"type": "string", "default": "a", "pattern": "[a-z]+(-[a-z]+)*"},
    "count": {"type": "integer", "default": 0, "minimum": -5, "maximum": 5},
    "flag": {"type": "boolean", "default": false},
    "kind": {"type": "choice", "default": "x", "values": ["x", "y"]},
    "list": {"type": "list", "default": [], "max_items": 4, "of": {"type": "integer", "minimum": 0}}
}"#;

fn declared() -> BTreeMap<InputName, Input> {
    serde_json::from_str(DECLARED).unwrap()
}

fn value() -> impl Strategy<Value = InputValue> {
    let scalar = prop_oneof![
        any::<bool>().prop_map(InputValue::Boolean),
        (-8i64..8).prop_map(InputValue::Integer),
        any::<i64>().prop_map(InputValue::Integer),
        prop_oneof!["[a-z-]{0,8}", "x|y", ".{0,70}"].prop_map(InputValue::String),
    ];
    prop_oneof![4 => scalar.clone(), 1 => prop::collection::vec(scalar, 0..6).prop_map(InputValue::List)]
}

fn given() -> impl Strategy<Value = BTreeMap<InputName, InputValue>> {
    let name = prop::sample::select(vec!["text", "slug", "count", "flag", "kind", "list", "lsit"]);
    prop::collection::btree_map(name.prop_map(|name| name.parse().unwrap()), value(), 0..7)
}

proptest! {
    #[test]
    fn what_is_accepted_is_accepted_again_and_complete(given in given()) {
        match Inputs::check(&declared(), &given) {
            Ok(inputs) => {
                prop_assert_eq!(inputs.iter().count(), declared().len());
                prop_assert_eq!(&Inputs::check(&declared(), inputs.as_map()).unwrap(), &inputs);
                prop_assert!(given.iter().all(|(name, value)| inputs.get(name.as_str()) == Some(value)));
                prop_assert_eq!(serde_json::to_value(&inputs).unwrap(), inputs.to_json());
            }
            Err(errors) => {
                prop_assert!(!errors.is_empty());
                // Each value that is to blame is given, and without it there is one error fewer.
                for error in &errors {
                    prop_assert!(given.contains_key(&error.input));
                    prop_assert!(!error.to_string().contains('\n'));
                }
                let mut rest = given.clone();
                rest.retain(|name, _| errors.iter().all(|error| error.input != *name));
                prop_assert!(Inputs::check(&declared(), &rest).is_ok());
            }
        }
    }

    #[test]
    fn scalars_written_on_a_command_line_are_read_back(text in "[^,]{0,20}", count in any::<i64>(), flag in any::<bool>()) {
        let pairs = [format!("text={text}"), format!("count={count}"), format!("flag={flag}")];
        let values = parse_pairs(&declared(), &pairs).unwrap();
        let expected = [InputValue::String(text), InputValue::Integer(count), InputValue::Boolean(flag)];
        for (name, value) in ["text", "count", "flag"].into_iter().zip(expected) {
            prop_assert_eq!(&values[&name.parse::<InputName>().unwrap()], &value);
        }
    }

    #[test]
    fn no_pattern_and_no_pair_breaks_anything(pattern in any::<String>(), pair in any::<String>(), text in any::<String>()) {
        let declared = BTreeMap::from([(
            "text".parse().unwrap(),
            Input::String { description: None, default: None, pattern: Some(pattern), min_length: None, max_length: None },
        )]);
        let sound = check_declarations(&declared).is_empty();
        let given = BTreeMap::from([("text".parse().unwrap(), InputValue::String(text))]);
        prop_assert!(sound || Inputs::check(&declared, &given).is_err());
        let _ = parse_pairs(&declared, &[pair]);
    }
}
