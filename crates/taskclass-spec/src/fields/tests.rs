use super::*;

fn one(asked: &str) -> &'static Field {
    let found = find(asked);
    assert_eq!(found.len(), 1, "{asked}: {found:?}");
    found[0]
}

#[test]
fn a_field_says_its_form_its_bounds_and_its_default() {
    let field = one("limits.in_flight.per_repository");
    assert_eq!((field.form.as_str(), field.limits.as_slice()), ("a whole number", &["1 to 100".to_owned()][..]));
    assert_eq!((field.required, field.default.as_deref()), (false, Some("1")));
    assert_eq!(one("limits.timeouts.run").form, "a duration such as `30m`, `4h`, `7d` or `1h30m`");
    assert_eq!(one("owners").limits, ["1 to 20 entries"]);
    let risks: Vec<_> = one("task-class.risk").values.iter().map(|value| value.value.as_str()).collect();
    assert_eq!(risks, ["low", "medium", "high"]);
    assert!(one("github.token").form.starts_with("one of `{env: …}`"));
    assert_eq!(one("github.token.env").about[0], "An environment variable.");
    assert_eq!(one("github.token.env").limits, ["exactly one of `env`, `file`, `command`"]);
    assert_eq!(one("prompt.file").limits.last().unwrap(), "exactly one of `template`, `file`");
    assert!(!one("github.token.env").required);
}

#[test]
fn a_field_is_found_by_the_ways_in_which_people_name_it() {
    assert_eq!(one("escalation.ladder[0].after").path, "escalation.ladder[].after");
    assert_eq!(one("escalation.ladder.after").path, "escalation.ladder[].after");
    assert_eq!(one("inputs.package.pattern").path, "inputs.NAME.pattern");
    assert_eq!(one("policy.models.allow").document, SchemaKind::Policy);
    assert_eq!(one("policy/maxima").document, SchemaKind::Policy);
    assert!(find("budget.per_taks").is_empty() && find("").is_empty());
    assert_eq!(find("schema").len(), SchemaKind::ALL.len());
}

#[test]
fn what_depends_on_another_field_says_so() {
    let defaults = find("inputs.x.default");
    assert!(defaults.len() > 2, "each type has its own");
    assert_eq!(defaults[0].only_with, ["`type: string`"]);
    let described = one("inputs.x.description");
    assert!(described.only_with.is_empty(), "the same for all: {:?}", described.only_with);
    assert_eq!(one("inputs.x.of.pattern").only_with, ["`type: list`", "`of.type: string`"]);
    assert_eq!(one("inputs.x.of").form, "a section");
    assert_eq!(one("inputs.x.type").values.len(), 5);
}

/// Nobody has to guess: each field says in a sentence what it is for.
#[test]
fn every_field_is_described_in_a_sentence() {
    for field in SchemaKind::ALL.into_iter().flat_map(all) {
        let at = format!("{}: {}", field.document.name(), field.path);
        let about = field.about.first().unwrap_or_else(|| panic!("{at} is not described"));
        let is_sentence = about.ends_with(['.', '`', ')']) && about.split_whitespace().count() >= 3;
        assert!(is_sentence || field.path == "schema", "{at}: {about}");
        assert!(!field.form.is_empty(), "{at}");
    }
}
