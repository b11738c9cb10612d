use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::{Map, Value as Json, json};
use taskclass_source::RegistryPath;
use taskclass_spec::SchemaKind;

use super::*;

fn base() -> Json {
    json!({
        "schema": "task-class/v1", "name": "bump", "version": 1, "title": "Bump", "description": "Bump one.",
        "owners": ["@acme/deps"], "risk": "medium", "intent": "change",
        "model": {"default": "m1", "allowed": ["m2"]},
        "repositories": {"allow": ["acme/svc-*"], "deny": ["acme/svc-*-prod"]},
        "base_ref": {"default": "main", "allow": ["main"]},
        "inputs": {
            "package": {"type": "string", "pattern": "[a-z]+", "max_length": 64},
            "scope": {"type": "choice", "values": ["dev", "runtime"], "default": "dev"},
        },
        "prompt": {"template": "Raise it."},
        "examples": [{"name": "one", "repository": "acme/svc-orders", "inputs": {"package": "serde"}}],
        "pull_request": {"create": "after_validation", "reviewers": ["@acme/deps"]},
        "validation": {"paths": {"allow": ["src/**"], "deny": [".github/**"]}, "max_files": 12, "required_checks": ["build"]},
        "limits": {
            "timeouts": {"queue": "30m", "run": "60m", "stale": "20m", "waiting": "24h", "review": "7d", "total": "9d"},
            "submissions": {"per_hour": 10},
        },
        "budget": {"per_task": 40, "per_day": 500, "per_month": 20000},
        "escalation": {
            "on": ["failed"], "ladder": [{"after": "0m", "notify": ["issue"]}], "deadline": {"after": "24h", "do": "cancel"},
        },
    })
}

fn policy_base() -> Json {
    json!({
        "schema": "policy/v1", "registry": "acme/agent-tasks",
        "models": {"allow": ["m1", "m2"], "sensitive": {"repositories": ["acme/pay*"], "allow": ["m1"]}},
        "repositories": {"deny": ["acme/infra-*"]}, "paths": {"deny": ["CODEOWNERS"]},
        "approvals": {"quorum": {"low": 1, "medium": 1, "high": 2}, "max_age": "180d"},
        "maxima": {
            "per_task": 200, "per_day": 5000, "submissions_per_hour": 400, "in_flight": 60, "open_pull_requests": 120,
            "stage_repositories": 50, "run": "65m",
        },
        "free_reach": 3, "escalation": {"repository": "acme/inbox", "owner": "@acme/platform"},
        "tokens": {"kinds": ["app_user"], "max_age": "90d"}, "lint": {"levels": {"unbounded-paths": "warning"}},
    })
}

/// JSON is YAML.
fn read<T: serde::de::DeserializeOwned>(kind: SchemaKind, document: &Json) -> Loaded<T> {
    let path: RegistryPath = "task-classes/bump.yaml".parse().unwrap();
    let loaded = Loaded::parse(kind, &path, document.to_string().into_bytes());
    assert!(loaded.written.is_some(), "{:#?}\n{document}", loaded.findings());
    loaded
}

fn of_class(before: &Json, after: &Json) -> Vec<Change> {
    class(&read(SchemaKind::TaskClass, before), &read(SchemaKind::TaskClass, after))
}

fn of_policy(before: &Json, after: &Json) -> Vec<Change> {
    policy(&read(SchemaKind::Policy, before), &read(SchemaKind::Policy, after))
}

/// The document with the value at the path put in, or taken out for null.
fn with(document: &Json, path: &str, value: Json) -> Json {
    let mut document = document.clone();
    let (sections, key) =
        path.rsplit_once('.').map_or((Vec::new(), path), |(head, key)| (head.split('.').collect(), key));
    let mut at = &mut document;
    for section in sections {
        at = at.as_object_mut().unwrap().entry(section).or_insert_with(|| Json::Object(Map::new()));
    }
    let at = at.as_object_mut().unwrap();
    if value.is_null() {
        at.remove(key)
    } else {
        at.insert(key.to_owned(), value)
    };
    document
}

fn shown(changes: &[Change]) -> Vec<String> {
    changes.iter().map(|change| format!("{} {}: {}", change.effect, change.path, change.what)).collect()
}

/// The one change that putting the value into the class makes.
fn one(path: &str, value: Json) -> String {
    let changes = of_class(&base(), &with(&base(), path, value));
    shown(&changes).join("\n")
}

fn one_of_policy(path: &str, value: Json) -> String {
    shown(&of_policy(&policy_base(), &with(&policy_base(), path, value))).join("\n")
}

#[test]
fn bounds_say_what_may_happen_now() {
    let cases = [
        (
            "validation.max_files",
            json!(20),
            "widens validation.max_files: a result may touch at most `20` files instead of `12`",
        ),
        (
            "validation.max_files",
            json!(null),
            "widens validation.max_files: a result may touch any number of files instead of `12`",
        ),
        (
            "limits.timeouts.run",
            json!("30m"),
            "narrows limits.timeouts.run: the agent may work for at most `30m` instead of `60m`",
        ),
        (
            "limits.timeouts.run",
            json!("1h"),
            "neutral limits.timeouts.run: the agent may work for at most `1h`, as before",
        ),
        (
            "limits.submissions",
            json!(null),
            "widens limits.submissions.per_hour: any number of tasks of the class may be started in an hour instead of `10`",
        ),
        ("limits.in_flight", json!({}), "neutral limits.in_flight: the section says the same, written otherwise"),
        (
            "limits.in_flight",
            json!({"per_repository": 1}),
            "neutral limits.in_flight.per_repository: at most `1` tasks may be under way in one repository at once, as before",
        ),
        (
            "validation.min_approvals",
            json!(1),
            "narrows validation.min_approvals: a merge needs at least `1` approving reviews instead of `0`",
        ),
        (
            "inputs.package.max_length",
            json!(null),
            "widens inputs.package.max_length: a value may have at most `20000` characters instead of `64`",
        ),
    ];
    for (path, value, expected) in cases {
        assert_eq!(one(path, value), expected);
    }
}

#[test]
fn words_sets_and_texts_are_judged_by_what_they_mean() {
    let cases = [
        (
            "pull_request.create",
            json!("by_agent"),
            "widens pull_request.create: the agent opens a pull request before its work is judged; before, a pull request is opened once a result is accepted",
        ),
        (
            "risk",
            json!("low"),
            "widens risk: as many people must approve it as the policy asks for low risk; before, as many people must approve it as the policy asks for medium risk",
        ),
        (
            "validation.required_checks",
            json!([]),
            "widens validation.required_checks[0]: a result no longer needs the check `build` to succeed",
        ),
        (
            "repositories.require.visibility",
            json!(["private"]),
            "narrows repositories.require.visibility: tasks may no longer run in repositories that are `public`\nnarrows repositories.require.visibility: tasks may no longer run in repositories that are `internal`",
        ),
        ("prompt.template", json!("Else."), "rewrites prompt.template: the agent is told something else"),
        ("title", json!("Else"), "neutral title: the title is another; it permits nothing"),
        (
            "custom_agent",
            json!("fixer"),
            "may widen custom_agent: another agent works on the tasks, with instructions, tools and servers of its own",
        ),
        (
            "model.default",
            json!("m2"),
            "rewrites model.default: `m2` is asked for instead of `m1`, where the caller chooses none",
        ),
        (
            "model.default",
            json!("m3"),
            "widens model.default: `m3` is asked for instead of `m1`, which nothing offered before",
        ),
        (
            "model.allowed",
            json!(["m2", "m1"]),
            "neutral model.allowed[1]: `m1` is listed: it could be had before, as the default",
        ),
        ("callers", json!({"allow": ["github:team/acme/deps"]}), "neutral callers: the same callers may run the class"),
        ("callers", json!({"allow": ["github:user/eve"]}), "widens callers: `github:user/eve` may run the class"),
        (
            "escalation.ladder",
            json!([{"after": "1h", "notify": ["issue"]}]),
            "widens escalation.ladder: people are told by `issue` later than before, or not at all",
        ),
    ];
    for (path, value, expected) in cases {
        assert_eq!(one(path, value), expected);
    }
}

#[test]
fn patterns_are_held_to_all_others_and_to_what_is_denied() {
    let allow = "repositories.allow";
    let cases = [
        (
            allow,
            json!(["acme/svc-*", "acme/web-*"]),
            "widens repositories.allow[1]: tasks may run in repositories that match `acme/web-*`, such as `acme/web-example`",
        ),
        (
            allow,
            json!(["acme/svc-*", "acme/svc-a"]),
            "neutral repositories.allow[1]: `acme/svc-a` adds nothing: the list matched all of it before",
        ),
        (
            allow,
            json!(["acme/svc-*", "acme/svc-*-prod"]),
            "neutral repositories.allow[1]: `acme/svc-*-prod` adds nothing: the list matched all of it before",
        ),
        (
            "repositories.deny",
            json!(null),
            "widens repositories.deny[0]: repositories that match `acme/svc-*-prod` are no longer out of bounds, such as `acme/svc-example-prod`",
        ),
        (
            "repositories.deny",
            json!(["acme/svc-*-prod", "zeta/*"]),
            "neutral repositories.deny[1]: `zeta/*` adds nothing: what is new in it was not allowed",
        ),
        (
            "base_ref.allow",
            json!(["main", "release/*"]),
            "widens base_ref.allow[1]: tasks may start from branches that match `release/*`, such as `release/example`",
        ),
        (
            "validation.paths.allow",
            json!(["src/**", "docs/x.md"]),
            "widens validation.paths.allow[1]: a result may touch files that match `docs/x.md`",
        ),
        (
            "validation.paths.allow",
            json!(["src/**", ".github/a"]),
            "neutral validation.paths.allow[1]: `.github/a` adds nothing: what is new in it is denied",
        ),
    ];
    for (path, value, expected) in cases {
        assert_eq!(one(path, value), expected);
    }
    let stricter = of_class(&base(), &with(&base(), allow, json!(["acme/svc-a*"])));
    assert!(stricter.iter().all(|change| change.effect <= Effect::Narrows), "{:#?}", shown(&stricter));
}

#[test]
fn an_inputs_pattern_is_decided_by_its_automaton() {
    let pattern = |text: &str| one("inputs.package.pattern", json!(text));
    assert_eq!(pattern("[a-z0-9]+"), "widens inputs.package.pattern: a value may be `0`, which did not match before");
    assert_eq!(pattern("[a-m]+"), "narrows inputs.package.pattern: a value may no longer be `n`");
    assert_eq!(pattern("^[a-z][a-z]*$"), "neutral inputs.package.pattern: the same values match, written otherwise");
    assert!(pattern(r"(?:\w{1,90}[a-z]){1,5}").starts_with("may widen"), "{}", pattern(r"(?:\w{1,90}[a-z]){1,5}"));
    // What no input may hold is no proof.
    assert!(pattern("[a-z\u{202e}]+").starts_with("may widen"));
    let input = json!({"type": "integer", "maximum": 4});
    assert_eq!(one("inputs.count", input), "widens inputs.count: callers may give a whole number as the input `count`");
    assert_eq!(
        one("inputs.scope.default", json!(null)),
        "narrows inputs.scope.default: callers must give it: left out, it was `dev`"
    );
    assert_eq!(
        one("inputs.scope.values", json!(["dev", "runtime", "all"])),
        "widens inputs.scope.values[2]: callers may choose `all`"
    );
}

#[test]
fn overrides_are_compared_repository_by_repository() {
    let stricter = json!([{"repositories": ["acme/svc-pay"], "default": "m1"}]);
    assert_eq!(
        one("model.overrides", stricter.clone()),
        "narrows model.overrides: the model `m2` may no longer work in `acme/svc-pay`"
    );
    let looser = json!([{"repositories": ["acme/svc-pay"], "default": "m9"}]);
    assert_eq!(
        one("model.overrides", looser.clone()),
        "widens model.overrides: the model `m9` may work in `acme/svc-pay`, where it could not"
    );
    let first = with(&base(), "model.overrides", stricter.clone());
    // Behind a choice that takes all of its repositories another counts for nothing.
    let mut both = stricter.as_array().unwrap().clone();
    both.extend(looser.as_array().unwrap().clone());
    let changes = of_class(&first, &with(&base(), "model.overrides", json!(both)));
    assert_eq!(shown(&changes), ["neutral model.overrides: for each repository the same models count"]);
    let changes = of_class(
        &first,
        &with(
            &first,
            "model.overrides",
            json!([{"repositories": ["acme/svc-pay"], "default": "m1", "allowed": ["m2"]}]),
        ),
    );
    assert_eq!(shown(&changes), ["widens model.overrides[0].allowed[0]: a caller may choose the model `m2`"]);
}

fn rolled(stages: Json, require: Json) -> Json {
    with(&base(), "rollout", json!({"stages": stages, "gates": {"min_samples": {"one": 2}, "require": require}}))
}

#[test]
fn stages_and_gates() {
    let (one, two) =
        (json!({"name": "one", "repositories": 1, "soak": "4h"}), json!({"name": "two", "repositories": 9}));
    let gate = json!([{"metric": "files_changed.p90", "max": 8}]);
    let before = rolled(json!([one]), gate.clone());
    let changes = of_class(&before, &rolled(json!([one, two]), gate.clone()));
    assert_eq!(
        shown(&changes),
        ["widens rollout.stages[1]: the class may go on to the stage `two`, in `9` repositories"]
    );
    let changes = of_class(&before, &rolled(json!([{"name": "one", "repositories": 1}]), gate.clone()));
    assert_eq!(
        shown(&changes),
        ["widens rollout.stages[0].soak: results of the stage are watched for at least `0m` instead of `4h`"]
    );
    let asked = |samples: Json| with(&before, "rollout.gates.min_samples", samples);
    assert_eq!(
        shown(&of_class(&asked(json!({})), &asked(json!({"one": 0})))),
        ["neutral rollout.gates.min_samples.one: the stage's gate needs at least `0` results, as before"]
    );
    assert_eq!(
        shown(&of_class(&before, &asked(json!({})))),
        ["widens rollout.gates.min_samples.one: the stage's gate needs at least `0` results instead of `2`"]
    );
    let changes = of_class(&before, &rolled(json!([one]), json!([{"metric": "files_changed.p90", "max": 9}])));
    assert_eq!(
        shown(&changes),
        [
            "widens rollout.gates.require[0]: `files_changed.p90` at most `8` need no longer hold for the next stage to begin",
            "neutral rollout.gates.require[0]: `files_changed.p90` at most `9` followed from what had to hold before",
        ]
    );
    let changes = of_class(&before, &rolled(json!([two]), gate));
    assert_eq!(shown(&changes), ["may widen rollout.stages: the stages are others, or come in another order"]);
}

#[test]
fn a_rung_less_is_told() {
    let rung = |after: &str| json!({"after": after, "notify": ["issue"]});
    let twice = with(&base(), "escalation.ladder", json!([rung("0m"), rung("4h")]));
    let word = "people are told by `issue`";
    assert_eq!(
        shown(&of_class(&twice, &base())),
        [format!("widens escalation.ladder: {word} later than before, or not at all")]
    );
    assert_eq!(
        shown(&of_class(&base(), &twice)),
        [format!("narrows escalation.ladder: {word} sooner or more often than before")]
    );
}

#[test]
fn a_policys_fields() {
    let cases = [
        (
            "approvals.quorum.high",
            json!(1),
            "widens approvals.quorum.high: the policy and a class of high risk need the approval of at least `1` people instead of `2`",
        ),
        (
            "repositories.deny",
            json!([]),
            "widens repositories.deny[0]: repositories that match `acme/infra-*` are no longer out of bounds for all classes, such as `acme/infra-example`",
        ),
        (
            "models.sensitive",
            json!(null),
            "widens models.sensitive: no repository counts as sensitive any more: all models may work in each",
        ),
        ("tokens.max_age", json!(null), "widens tokens.max_age: a token may end any time from now instead of `90d`"),
        (
            "lint.levels",
            json!({"unbounded-paths": "allow"}),
            "widens lint.levels.unbounded-paths: the rule's findings are not reported; before, the rule's findings are reported and fail nothing",
        ),
        (
            "lint",
            json!(null),
            "may widen lint.levels.unbounded-paths: the rule's own level counts; before, the rule's findings are reported and fail nothing",
        ),
        ("maxima.run", json!("2h"), "widens maxima.run: an agent may work for at most `2h` instead of `65m`"),
        (
            "registry",
            json!("acme/other"),
            "may widen registry: the registry is another: approvals that name the old one do not count",
        ),
    ];
    for (path, value, expected) in cases {
        assert_eq!(one_of_policy(path, value), expected);
    }
}

/// The fields of a schema below one of its parts, in the form of the table's paths.
fn of_schema(root: &Json, schema: &Json, path: &str, found: &mut BTreeSet<String>) {
    if let Some(target) = schema.get("$ref").and_then(Json::as_str) {
        return of_schema(root, root.pointer(target.trim_start_matches('#')).unwrap(), path, found);
    }
    for branch in schema.get("oneOf").and_then(Json::as_array).into_iter().flatten() {
        of_schema(root, branch, path, found);
    }
    if let Some(items) = schema.get("items") {
        of_schema(root, items, path, found);
    }
    let any = schema.get("patternProperties").and_then(Json::as_object).and_then(|names| names.values().next());
    if let Some(any) = any.or_else(|| schema.get("additionalProperties").filter(|any| any.is_object())) {
        of_schema(root, any, path, found);
    }
    for (name, field) in schema.get("properties").and_then(Json::as_object).into_iter().flatten() {
        let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        found.insert(path.clone());
        of_schema(root, field, &path, found);
    }
}

fn of_table(fields: Fields, path: &str, found: &mut BTreeSet<String>) {
    for (name, field) in fields {
        let path = if path.is_empty() { (*name).to_owned() } else { format!("{path}.{name}") };
        match field {
            Field::Section(fields) | Field::Judged(_, fields) => of_table(fields, &path, found),
            _ => {}
        }
        assert!(found.insert(path.clone()), "{path} stands twice");
    }
}

/// No field can be forgotten, and none stands here that is gone.
#[test]
fn the_table_has_the_fields_of_the_schema_and_no_others() {
    // Judged as one: examples permit nothing, the ladder counts by how soon each way of telling is used, a gate as a whole.
    let as_one = ["examples", "escalation.ladder", "rollout.gates.require", "rollout.gates.abort_on"];
    for (kind, fields) in [(SchemaKind::TaskClass, CLASS), (SchemaKind::Policy, POLICY)] {
        let (mut schema, mut table) = (BTreeSet::new(), BTreeSet::new());
        of_schema(kind.json(), kind.json(), "", &mut schema);
        of_table(fields, "", &mut table);
        schema.retain(|path| !as_one.iter().any(|one| path.starts_with(&format!("{one}."))));
        assert_eq!(schema, table);
    }
}

#[test]
fn hostile_documents_are_given_up() {
    let many = |salt: usize| (0..500).map(|n| format!("acme/*{}*{}*", n * salt, n % 17)).collect::<Vec<_>>();
    let before = with(&with(&base(), "repositories.allow", json!(many(3))), "repositories.deny", json!(many(5)));
    let after = with(&with(&base(), "repositories.allow", json!(many(7))), "repositories.deny", json!(many(11)));
    let changes = of_class(&before, &after);
    assert!(changes.iter().any(|change| change.effect == Effect::MayWiden), "the effort was enough");
    let inputs = |inner: &str| -> Json {
        let one = |n: usize| {
            (format!("i{n}"), json!({"type": "string", "pattern": format!(r"(?:\w{{1,{}}}{inner}){{1,3}}", 20 + n)}))
        };
        Json::Object((0..40).map(one).collect())
    };
    let changes = of_class(&with(&base(), "inputs", inputs("a")), &with(&base(), "inputs", inputs("b")));
    assert!(changes.iter().all(|change| change.effect == Effect::MayWiden), "the effort was enough");
}

fn value(path: &'static str) -> BoxedStrategy<Json> {
    let repositories = || prop::collection::vec("acme/[*]?(a|b)([*](a|b)?)?", 1..4);
    let paths = || prop::collection::vec("(a|b|[*]|[*][*])(/(a|[*]|[*][*])){0,2}", 1..4);
    match path {
        "repositories.allow" | "repositories.deny" => repositories().prop_map(|list| json!(list)).boxed(),
        "validation.paths.allow" | "validation.paths.deny" => paths().prop_map(|list| json!(list)).boxed(),
        "inputs.package.pattern" => "(a|b|\\[ab\\])([*]|[+])?(a|b)?".prop_map(|text| json!(text)).boxed(),
        "pull_request.create" => {
            prop::sample::select(vec!["never", "by_agent", "after_validation"]).prop_map(|word| json!(word)).boxed()
        }
        "limits.timeouts.run" => prop::sample::select(vec!["1h", "60m", "2h"]).prop_map(|word| json!(word)).boxed(),
        "model.allowed" => {
            prop::sample::subsequence(vec!["m1", "m2", "m3"], 0..=3).prop_map(|list| json!(list)).boxed()
        }
        _ => (1..4u32).prop_map(|number| json!(number)).boxed(),
    }
}

const FIELDS: [&str; 9] = [
    "repositories.allow",
    "repositories.deny",
    "validation.paths.allow",
    "validation.paths.deny",
    "inputs.package.pattern",
    "pull_request.create",
    "limits.timeouts.run",
    "model.allowed",
    "validation.max_files",
];

fn document() -> impl Strategy<Value = Json> {
    FIELDS.map(value).into_iter().collect::<Vec<_>>().prop_map(|values| {
        FIELDS.iter().zip(values).fold(base(), |document, (path, value)| with(&document, path, value))
    })
}

/// What may be done with a class, as far as a few names tell.
fn possible(document: &Json) -> BTreeSet<String> {
    let loaded = read::<written::TaskClass>(SchemaKind::TaskClass, document);
    let class = loaded.written.unwrap();
    let (mut names, mut found) = (vec![String::new()], BTreeSet::new());
    for _ in 0..3 {
        let longer = names.iter().flat_map(|name| ["a", "b", "x"].map(|letter| format!("{name}{letter}")));
        names = names.iter().cloned().chain(longer).collect();
    }
    names.retain(|name| !name.is_empty());
    for name in &names {
        let repository = format!("acme/{name}").parse().unwrap();
        let repositories = &class.repositories;
        if repositories.allow.iter().any(|one| one.matches(&repository))
            && !repositories.deny.iter().any(|one| one.matches(&repository))
        {
            found.insert(repository.to_string());
        }
        for path in [name.clone(), format!("a/{name}"), format!("b/{name}"), format!("a/x/{name}")] {
            let paths = &class.validation.paths;
            if paths.allow.iter().any(|one| one.matches(&path)) && !paths.deny.iter().any(|one| one.matches(&path)) {
                found.insert(format!("file {path}"));
            }
        }
    }
    found
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn laws(a in document(), b in document()) {
        prop_assert!(of_class(&a, &a).is_empty());
        let (there, back) = (of_class(&a, &b), of_class(&b, &a));
        prop_assert_eq!(a == b, there.is_empty());
        let worst = |changes: &[Change]| changes.iter().map(|change| change.effect).max().unwrap_or(Effect::Neutral);
        if worst(&there) <= Effect::Narrows {
            let (before, after) = (possible(&a), possible(&b));
            prop_assert!(after.is_subset(&before), "{:?} {:#?}", after.difference(&before), shown(&there));
        }
        // Field by field: what widens on the way there narrows on the way back.
        for (one, other) in [(&there, &back), (&back, &there)] {
            for change in one.iter().filter(|change| change.effect == Effect::Widens) {
                let mirrored = other.iter().any(|back| back.path == change.path && back.effect != Effect::Neutral);
                prop_assert!(mirrored, "{:#?}\n{:#?}", shown(one), shown(other));
            }
        }
    }
}
