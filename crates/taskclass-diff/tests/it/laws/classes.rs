//! Random classes and policies, as JSON: every field, over alphabets so small that two of them have much to do with each other.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::{Map, Value, json};

/// The models that there are.
pub(crate) const MODELS: [&str; 3] = ["m1", "m2", "auto"];
/// The checks that there are.
pub(crate) const CHECKS: [&str; 3] = ["build", "test", "scan"];
/// The measures that gates look at, all of them counts.
pub(crate) const METRICS: [&str; 2] = ["files_changed.p90", "out_of_scope_files"];
/// The partial that templates draw in.
pub(crate) const PARTIAL: &str = "task-classes/prompts/partials/x.md";
/// The prompt that is a file of its own.
pub(crate) const PROMPT: &str = "task-classes/prompts/m.md";

type Any = BoxedStrategy<Value>;

/// An object of these fields; what is null is left out.
fn object(fields: Vec<(&'static str, Any)>) -> Any {
    let (names, values): (Vec<_>, Vec<_>) = fields.into_iter().unzip();
    let object = move |values: Vec<Value>| {
        let entries = names.iter().zip(values).filter(|(_, value)| !value.is_null());
        Value::Object(entries.map(|(name, value)| ((*name).to_owned(), value)).collect::<Map<_, _>>())
    };
    values.prop_map(object).boxed()
}

fn always(value: Value) -> Any {
    Just(value).boxed()
}

fn maybe(some: Any) -> Any {
    prop_oneof![2 => Just(Value::Null), 3 => some].boxed()
}

fn one_of(values: &'static [&'static str]) -> Any {
    select(values).prop_map(Value::from).boxed()
}

fn some_of(values: &'static [&'static str], fewest: usize) -> Any {
    subsequence(values, fewest..=values.len()).prop_shuffle().prop_map(Value::from).boxed()
}

fn between(least: u32, most: u32) -> Any {
    (least..=most).prop_map(Value::from).boxed()
}

fn flag() -> Any {
    any::<bool>().prop_map(Value::from).boxed()
}

fn list(item: Any, fewest: usize, most: usize) -> Any {
    vec(item, fewest..=most).prop_map(Value::from).boxed()
}

/// Patterns of repositories: `acme/` and a few letters and stars.
fn repositories(fewest: usize) -> Any {
    let owner = prop_oneof![6 => Just("acme"), 1 => Just("ACME"), 1 => Just("zeta")];
    let name = prop_oneof![3 => "[ab]{1,3}", 4 => "[ab]?[*][ab]?", 1 => "[ab]?[*][ab][*][ab]?", 1 => "[AB][*]"];
    list((owner, name).prop_map(|(owner, name)| json!(format!("{owner}/{name}"))).boxed(), fewest, 3)
}

/// Patterns of paths and of refs.
fn globs(fewest: usize) -> Any {
    let pattern = prop_oneof![
        3 => "[ab](/[ab]){0,2}",
        3 => "[*]{1,2}",
        4 => "([ab]|[*]|[*][*])(/([ab]|[*]|[*][*]|a[*]|[*]b|[*][*]a)){0,2}"
    ];
    list(pattern.prop_map(Value::from).boxed(), fewest, 3)
}

fn expressions() -> Any {
    let some = [
        "^[ab]*$",
        "[a]+",
        "a|b",
        "[^c]*",
        ".*",
        "a{1,2}",
        "(?i)a",
        "b?a",
        "\\w+",
        "^a$|^b$",
        "[ab]{0,3}",
        "(?s).*",
        "^",
        "aa|b",
    ];
    select(some.to_vec()).prop_map(Value::from).boxed()
}

fn duration() -> Any {
    one_of(&["5m", "10m", "1h", "90m", "2h", "120m", "1d"])
}

fn text_bounds() -> Vec<(&'static str, Any)> {
    vec![("pattern", maybe(expressions())), ("min_length", maybe(between(0, 2))), ("max_length", maybe(between(2, 4)))]
}

fn text_input() -> Any {
    let default = prop_oneof![2 => Just(Value::Null), 1 => Just(json!("a"))].boxed();
    let input = object([vec![("type", always(json!("string"))), ("default", default)], text_bounds()].concat());
    input.prop_map(with_room_for_its_default).boxed()
}

/// The default `a` fits.
fn with_room_for_its_default(mut input: Value) -> Value {
    if input.get("default").is_some() {
        let fields = input.as_object_mut().unwrap();
        fields.retain(|_, value| *value != json!("^") && *value != json!("aa|b"));
        if fields.contains_key("min_length") {
            fields["min_length"] = json!(1);
        }
    }
    input
}

fn number_bounds() -> Vec<(&'static str, Any)> {
    vec![("minimum", maybe(between(0, 2))), ("maximum", maybe(between(2, 4)))]
}

fn values() -> Any {
    some_of(&["x", "y", "z"], 1)
}

/// An input of any type.
fn input() -> Any {
    let kind = |name: &str| ("type", always(json!(name)));
    let of = prop_oneof![
        object([vec![kind("string")], text_bounds()].concat()),
        object([vec![kind("integer")], number_bounds()].concat()),
        object(vec![kind("choice"), ("values", values())]),
    ];
    prop_oneof![
        3 => text_input(),
        2 => object([vec![kind("integer"), ("default", maybe(always(json!(2))))], number_bounds()].concat()),
        2 => object(vec![kind("choice"), ("values", values())]),
        1 => object(vec![kind("boolean"), ("default", maybe(flag()))]),
        2 => object(vec![kind("list"), ("of", of.boxed()), ("max_items", maybe(between(1, 2))), ("default", maybe(always(json!([]))))]),
    ]
    .boxed()
}

fn model() -> Any {
    let other =
        object(vec![("repositories", repositories(1)), ("default", one_of(&MODELS)), ("allowed", some_of(&MODELS, 0))]);
    object(vec![
        ("default", one_of(&MODELS)),
        ("allowed", some_of(&MODELS, 0)),
        ("overrides", prop_oneof![Just(Value::Null), list(other, 0, 2)].boxed()),
    ])
}

fn require() -> Any {
    object(vec![
        ("visibility", maybe(some_of(&["public", "internal", "private"], 1))),
        ("required_reviews", maybe(between(1, 3))),
        ("required_checks", some_of(&CHECKS, 0)),
        ("firewall", maybe(flag())),
        ("absent_paths", globs(0)),
    ])
}

fn validation() -> Any {
    object(vec![
        ("paths", object(vec![("allow", globs(1)), ("deny", prop_oneof![Just(Value::Null), globs(0)].boxed())])),
        ("max_files", maybe(between(1, 3))),
        ("max_lines", maybe(between(1, 3))),
        ("required_checks", some_of(&CHECKS, 0)),
        ("min_approvals", maybe(between(0, 2))),
        ("empty_result", maybe(one_of(&["rejected", "accepted"]))),
        ("on_rejected", some_of(&["comment", "escalate", "close_pull_request"], 0)),
    ])
}

fn limits() -> Any {
    let timeouts = ["queue", "run", "stale", "waiting", "review", "total"].map(|name| (name, duration()));
    object(vec![
        ("timeouts", object(timeouts.into())),
        ("in_flight", maybe(object(vec![("total", maybe(between(1, 3))), ("per_repository", maybe(between(1, 3)))]))),
        ("submissions", maybe(object(vec![("per_hour", maybe(between(1, 3))), ("per_day", maybe(between(1, 3)))]))),
        (
            "open_pull_requests",
            maybe(object(vec![("total", maybe(between(1, 3))), ("per_reviewer", maybe(between(1, 3)))])),
        ),
        ("priority", maybe(one_of(&["critical", "normal", "bulk"]))),
    ])
}

fn escalation() -> Any {
    let rung = |after: &'static [&'static str]| {
        object(vec![("after", one_of(after)), ("notify", some_of(&["issue", "comment", "webhook:oncall"], 1))])
    };
    let ladder = (rung(&["0m", "5m"]), maybe(rung(&["1h", "2h"])))
        .prop_map(|(first, second)| Value::Array([first, second].into_iter().filter(|rung| !rung.is_null()).collect()));
    object(vec![
        ("on", some_of(&["waiting_for_user", "failed", "timed_out", "rejected"], 1)),
        ("ladder", ladder.boxed()),
        ("deadline", object(vec![("after", one_of(&["4h", "8h"])), ("do", one_of(&["cancel", "hold"]))])),
    ])
}

fn rollout() -> Any {
    let stage = |name: &str| {
        object(vec![
            ("name", always(json!(name))),
            ("repositories", between(1, 3)),
            ("repeat", maybe(between(1, 3))),
            ("pull_request", maybe(one_of(&["never", "by_agent", "after_validation"]))),
            ("soak", maybe(duration())),
            ("batch", maybe(between(1, 3))),
            ("approve", maybe(flag())),
        ])
    };
    let stages = (stage("one"), maybe(stage("two")), maybe(stage("three"))).prop_map(|(one, two, three)| {
        Value::Array([one, two, three].into_iter().filter(|stage| !stage.is_null()).collect())
    });
    let gate = || {
        (select(&METRICS), select(&["max", "min"][..]), 0..3_u32)
            .prop_map(|(metric, bound, number)| json!({"metric": metric, bound: number}))
            .boxed()
    };
    let samples = object(vec![("one", maybe(between(0, 3))), ("two", maybe(between(0, 3)))]);
    let gates =
        object(vec![("min_samples", samples), ("require", list(gate(), 1, 2)), ("abort_on", list(gate(), 0, 2))]);
    object(vec![("stages", stages.boxed()), ("gates", gates)])
}

fn prompt() -> Any {
    let inline = |text: &str| json!({ "template": text });
    select(vec![
        inline("Do it.\n"),
        inline("Do it in {{ run.repository }}.\n"),
        inline("Do {{ inputs.p | fence }}\n"),
        inline("Do it.\n{% include \"partials/x.md\" %}\n"),
        json!({"file": "prompts/m.md"}),
    ])
    .boxed()
}

/// A class of this name, sound by itself.
pub(crate) fn class(name: &'static str) -> Any {
    let owners = some_of(&["@acme/a", "@acme/b", "@octocat"], 1);
    let callers = some_of(&["github:team/acme/a", "github:user/octocat", "oidc:repo:acme/p:ref:refs/heads/main"], 1);
    let allow = (one_of(&["main", "ma*", "**", "m**"]), globs(0)).prop_map(|(first, more)| {
        Value::Array([first].into_iter().chain(more.as_array().cloned().unwrap_or_default()).collect())
    });
    let inputs = object(vec![("p", text_input()), ("q", maybe(input())), ("r", maybe(input()))]);
    let examples = json!([{"name": "one", "repository": "acme/a", "inputs": {"p": "a"}}]);
    let pull_request = object(vec![
        ("create", maybe(one_of(&["never", "by_agent", "after_validation"]))),
        ("labels", some_of(&["agent", "small"], 0)),
        ("reviewers", some_of(&["@acme/a", "@octocat"], 0)),
    ]);
    let budget = object(vec![
        ("per_task", between(1, 4)),
        ("per_day", between(1, 40)),
        ("per_month", between(1, 400)),
        ("on_exceeded", maybe(one_of(&["pause", "cancel"]))),
    ]);
    let class = object(vec![
        ("schema", always(json!("task-class/v1"))),
        ("name", always(json!(name))),
        ("version", between(1, 3)),
        ("title", one_of(&["One", "Two", "@acme/all <b>bold</b> `|` </details> ``` <!--"])),
        ("description", one_of(&["Does one thing", "Does another"])),
        ("owners", owners),
        ("risk", one_of(&["low", "medium", "high"])),
        ("intent", one_of(&["change", "change", "change", "explore"])),
        ("model", model()),
        ("custom_agent", maybe(one_of(&["fixer", "other"]))),
        (
            "repositories",
            object(vec![
                ("allow", repositories(1)),
                ("deny", prop_oneof![Just(Value::Null), repositories(0)].boxed()),
                ("require", maybe(require())),
            ]),
        ),
        ("base_ref", object(vec![("default", always(json!("main"))), ("allow", allow.boxed())])),
        ("inputs", inputs),
        ("prompt", prompt()),
        ("examples", always(examples)),
        ("pull_request", pull_request),
        ("validation", validation()),
        ("limits", limits()),
        ("budget", budget),
        ("escalation", escalation()),
        ("rollout", maybe(rollout())),
        ("callers", maybe(object(vec![("allow", callers)]))),
    ]);
    class.prop_map(without_contradiction).boxed()
}

/// A class that only explores opens no pull request.
fn without_contradiction(mut class: Value) -> Value {
    if class["intent"] == "explore"
        && let Some(pull_request) = class["pull_request"].as_object_mut()
    {
        pull_request.remove("create");
    }
    class
}

/// A policy.
pub(crate) fn policy() -> Any {
    let sensitive = object(vec![("repositories", repositories(1)), ("allow", some_of(&MODELS, 1))]);
    let quorum = object(vec![("low", between(1, 3)), ("medium", between(1, 3)), ("high", between(1, 3))]);
    let maxima = object(vec![
        ("per_task", between(1, 4)),
        ("per_day", between(1, 40)),
        ("submissions_per_hour", between(1, 3)),
        ("in_flight", between(1, 3)),
        ("open_pull_requests", between(1, 3)),
        ("stage_repositories", between(1, 3)),
        ("run", duration()),
    ]);
    let kinds = some_of(&["fine_grained_pat", "app_user", "oauth", "classic_pat"], 1);
    object(vec![
        ("schema", always(json!("policy/v1"))),
        ("registry", one_of(&["acme/agent-tasks", "acme/agent-tasks", "acme/agent-tasks", "acme/other"])),
        ("models", object(vec![("allow", some_of(&MODELS, 1)), ("sensitive", maybe(sensitive))])),
        ("repositories", maybe(object(vec![("deny", repositories(0))]))),
        ("paths", maybe(object(vec![("deny", globs(0))]))),
        (
            "approvals",
            object(vec![
                ("quorum", quorum),
                ("max_age", one_of(&["30d", "90d", "180d"])),
                ("warn_before", maybe(one_of(&["5d", "7d"]))),
            ]),
        ),
        ("maxima", maxima),
        ("free_reach", between(0, 4)),
        ("reserve", maybe(object(vec![("critical", one_of(&["10%", "20%"]))]))),
        (
            "escalation",
            object(vec![
                ("repository", one_of(&["acme/inbox", "acme/other"])),
                ("owner", one_of(&["@acme/a", "@acme/b"])),
            ]),
        ),
        ("tokens", object(vec![("kinds", kinds), ("max_age", maybe(one_of(&["30d", "90d"])))])),
        (
            "lint",
            maybe(object(vec![(
                "levels",
                object(vec![("unbounded-paths", maybe(one_of(&["allow", "warning", "error"])))]),
            )])),
        ),
    ])
}

/// The text of a prompt file or of a partial.
pub(crate) fn prose() -> impl Strategy<Value = &'static str> {
    select(
        &[
            "Change little.\n",
            "Change much.\n",
            "Ask in {{ run.repository }}.\n",
            "@acme/all <b>bold</b>\n````\n</details>\n",
        ][..],
    )
}
