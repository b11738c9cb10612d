use std::collections::BTreeMap;

use super::*;
use crate::InputName;
use crate::written::{Input, InputValue};

fn declared(json: &str) -> BTreeMap<InputName, Input> {
    serde_json::from_str(json).unwrap()
}

fn given(json: &str) -> BTreeMap<InputName, InputValue> {
    serde_json::from_str(json).unwrap()
}

const DECLARED: &str = r#"{
    "package": {"type": "string", "pattern": "^[a-z-]+$", "min_length": 2, "max_length": 10},
    "reason": {"type": "string", "default": ""},
    "count": {"type": "integer", "minimum": 1, "maximum": 5, "default": 2},
    "flag": {"type": "boolean", "default": false},
    "scope": {"type": "choice", "values": ["runtime", "dev"], "default": "runtime"},
    "kinds": {"type": "list", "max_items": 3, "of": {"type": "choice", "values": ["unit", "integration"]}, "default": []}
}"#;

fn errors(values: &str) -> Vec<String> {
    Inputs::check(&declared(DECLARED), &given(values)).unwrap_err().iter().map(ToString::to_string).collect()
}

#[test]
fn defaults_are_filled_in_and_the_result_is_ordered() {
    let inputs = Inputs::check(&declared(DECLARED), &given(r#"{"package": "serde", "kinds": ["unit"]}"#)).unwrap();
    let json = r#"{"count":2,"flag":false,"kinds":["unit"],"package":"serde","reason":"","scope":"runtime"}"#;
    assert_eq!(serde_json::to_string(&inputs).unwrap(), json);
    assert_eq!(inputs.to_json().to_string(), json);
    assert_eq!(inputs.get("count"), Some(&InputValue::Integer(2)));
    assert_eq!(inputs.get("none"), None);
}

#[test]
fn everything_that_is_wrong_is_said_at_once() {
    let found = errors(
        r#"{"packge": "x", "reason": 3, "count": 9, "flag": "yes", "scope": "runtim", "kinds": ["unit", "e2e", true]}"#,
    );
    assert_eq!(
        found,
        [
            "`packge` is not an input of this class; did you mean `package`?",
            "`count` must be at most 5, and is 9",
            "`flag` must be true or false, and is text",
            "value 2 of `kinds` must be one of `unit`, `integration`, and is `e2e`",
            "value 3 of `kinds` must be text, and is true or false; in YAML, put it in quotes",
            "`package` must be given: it has no default",
            "`reason` must be text, and is a whole number; in YAML, put it in quotes",
            "`scope` must be one of `runtime`, `dev`, and is `runtim`; did you mean `runtime`?",
        ]
    );
}

#[test]
fn lengths_count_characters_and_patterns_match_whole_values() {
    assert_eq!(errors(r#"{"package": "a"}"#), ["`package` must have at least 2 characters, and has 1"]);
    assert_eq!(errors(r#"{"package": "ééééééééééé"}"#), ["`package` must have at most 10 characters, and has 11"]);
    assert_eq!(errors(r#"{"package": "a b"}"#), ["`package` must match `^[a-z-]+$`, as a whole, and is `a b`"]);
    assert_eq!(errors(r#"{"package": "ab\n"}"#), ["`package` must match `^[a-z-]+$`, as a whole, and is `ab\\n`"]);
    assert_eq!(errors(r#"{"package": "ab", "kinds": "unit"}"#), ["`kinds` must be a list, and is text"]);
    let many = r#"{"package": "ab", "kinds": ["unit", "unit", "unit", "unit"]}"#;
    assert_eq!(errors(many), ["`kinds` must have at most 3 values, and has 4"]);
}

#[test]
fn what_hides_from_a_reader_is_refused_and_what_scripts_need_is_not() {
    for text in [
        "\u{1b}[2K",
        "a\rb",
        "\u{202e}",
        "\u{200b}",
        "\u{e0041}",
        "\u{feff}",
        "\u{fdd0}",
        "\0",
        "\u{10ffff}",
        "a\u{200c}\u{200d}b",
        "so\u{ad}ft",
        "\u{2800}",
        "\u{e000}",
        "x\u{fe0e}",
    ] {
        let values = BTreeMap::from([
            ("package".parse().unwrap(), InputValue::String("ab".into())),
            ("reason".parse().unwrap(), InputValue::String(text.into())),
        ]);
        let errors = Inputs::check(&declared(DECLARED), &values).unwrap_err();
        assert!(matches!(errors[0].fault, InputFault::ForbiddenCharacter { .. }), "{text:?}");
        assert!(!errors[0].to_string().contains(is_control), "{text:?}");
    }
    let fine = "tab\tline\nfamily 👩\u{200d}👩 heart ❤\u{fe0f} क\u{200d}ष é 語";
    let values = BTreeMap::from([
        ("package".parse().unwrap(), InputValue::String("ab".into())),
        ("reason".parse().unwrap(), InputValue::String(fine.into())),
    ]);
    assert!(Inputs::check(&declared(DECLARED), &values).is_ok());
}

fn is_control(c: char) -> bool {
    c.is_control()
}

#[test]
fn without_bounds_there_are_bounds() {
    let declared = declared(
        r#"{"text": {"type": "string", "default": ""}, "n": {"type": "integer", "default": 0},
            "l": {"type": "list", "of": {"type": "boolean"}, "default": []}}"#,
    );
    let fault = |name: &str, value| {
        let given = BTreeMap::from([(name.parse().unwrap(), value)]);
        Inputs::check(&declared, &given).unwrap_err().remove(0).fault
    };
    assert!(matches!(fault("text", InputValue::String("x".repeat(20_001))), InputFault::TooLong { max: 20_000, .. }));
    assert!(matches!(fault("n", InputValue::Integer(i64::MAX)), InputFault::TooLarge { .. }));
    assert!(matches!(fault("n", InputValue::Integer(i64::MIN)), InputFault::TooSmall { .. }));
    let many = InputValue::List(vec![InputValue::Boolean(true); 1001]);
    assert!(matches!(fault("l", many), InputFault::TooMany { max: 1000, .. }));
}

#[test]
fn a_declaration_that_nothing_fits_is_a_problem_at_its_place() {
    let mut declared = declared(
        r#"{
        "a": {"type": "string", "pattern": "(x"},
        "b": {"type": "string", "min_length": 5, "max_length": 2, "default": "abc"},
        "c": {"type": "integer", "minimum": 3, "maximum": 1},
        "d": {"type": "choice", "values": ["x", "y", "x"]},
        "f": {"type": "list", "of": {"type": "string", "pattern": "["}},
        "g": {"type": "list", "of": {"type": "integer", "maximum": 3}, "default": [1, 4]},
        "h": {"type": "string", "max_length": 2, "default": "abc"},
        "i": {"type": "choice", "values": ["ok"], "default": "okay"},
        "j": {"type": "choice", "values": ["a\u202e"]}
    }"#,
    );
    let nothing = Input::Choice { description: None, values: Vec::new(), default: None };
    declared.insert("e".parse().unwrap(), nothing);
    let found: Vec<String> = check_declarations(&declared).iter().map(ToString::to_string).collect();
    assert_eq!(
        found,
        [
            "`pattern` of input `a` cannot be used as a pattern: unclosed group",
            "`max_length` of input `b` is 2, below the lower bound 5: no value fits",
            "`maximum` of input `c` is 1, below the lower bound 3: no value fits",
            "`values[2]` of input `d` lists `x` a second time",
            "`values` of input `e` lists nothing to choose from",
            "`of.pattern` of input `f` cannot be used as a pattern: unclosed character class",
            "`default[1]` of input `g` must be at most 3, and is 4",
            "`default` of input `h` must have at most 2 characters, and has 3",
            "`default` of input `i` must be one of `ok`, and is `okay`",
            "`values[0]` of input `j` has the character \\u{202e} at place 2, which hides from a reader",
        ]
    );
    assert_eq!(check_declarations(&self::declared(DECLARED)), []);
    let errors = Inputs::check(&declared, &BTreeMap::new()).unwrap_err();
    assert!(errors.iter().any(|error| error.to_string().starts_with("the default of `h` must have at most 2")));
}

#[test]
fn pairs_are_read_by_their_declared_types() {
    let declared = declared(DECLARED);
    let pairs = ["package=se=rde", "count=3", "flag=true", "kinds=unit, integration", "reason="];
    let values = parse_pairs(&declared, &pairs).unwrap();
    let json = r#"{"package":"se=rde","count":3,"flag":true,"kinds":["unit","integration"],"reason":""}"#;
    assert_eq!(values, given(json));
    assert_eq!(parse_pairs(&declared, &["kinds=unit", "kinds=a,b"]).unwrap(), given(r#"{"kinds":["unit","a,b"]}"#));
    assert_eq!(parse_pairs(&declared, &["kinds="]).unwrap(), given(r#"{"kinds":[]}"#));
    let errors = parse_pairs(&declared, &["package", "packge=x", "count=many", "flag=yes", "reason=a", "reason=b"]);
    let errors: Vec<String> = errors.unwrap_err().iter().map(ToString::to_string).collect();
    assert_eq!(
        errors,
        [
            "`package` is not of the form `name=value`",
            "`packge` is not an input of this class; did you mean `package`?",
            "`reason` is given twice, and is not a list",
            "`count` must be a whole number, and is `many`",
            "`flag` must be true or false, and is `yes`",
        ]
    );
}
