//! Fields whose values have an order: each step towards the wide end widens, each step back narrows, and nothing else is said.

use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};
use taskclass_diff::{Cause, Effect, Kind};
use taskclass_source::Path;

use super::cases;
use super::edits::put;
use super::world::{Pair, State, document, state};

/// A field's values from the tightest to the widest; null is a field left out. What stands around it is set first.
struct Scale {
    kind: Kind,
    path: &'static str,
    around: Vec<(&'static str, Value)>,
    values: Vec<Value>,
}

fn scales() -> Vec<Scale> {
    let of = |kind: Kind| {
        move |path: &'static str, around: Value, values: Value| Scale {
            kind,
            path,
            around: around.as_object().unwrap().iter().map(|(key, value)| (leak(key), value.clone())).collect(),
            values: values.as_array().unwrap().clone(),
        }
    };
    let (class, policy) = (of(Kind::TaskClass), of(Kind::Policy));
    let times = json!(["5m", "1h", "90m", "1d"]);
    let stage = json!([{"name": "one", "repositories": 1}, {"name": "two", "repositories": 3}]);
    let gate = |require: Value| json!({"min_samples": {"one": 2}, "require": require});
    let rollout =
        json!({"rollout": {"stages": stage, "gates": gate(json!([{"metric": "files_changed.p90", "max": 1}]))}});
    let text = json!({"inputs.p": {"type": "string"}, "prompt": {"template": "Do it.\n"}});
    let mut scales = vec![
        class("budget.per_task", json!({}), json!([1, 2, 40])),
        class("budget.per_day", json!({}), json!([1, 2, 40])),
        class("budget.per_month", json!({}), json!([1, 2, 40])),
        class("budget.on_exceeded", json!({}), json!(["cancel", "pause"])),
        class("limits.timeouts.run", json!({}), times.clone()),
        class("limits.timeouts.waiting", json!({}), times.clone()),
        class("limits.timeouts.total", json!({}), times),
        class("limits.in_flight.total", json!({"limits.in_flight": {}}), json!([1, 2, null])),
        class("limits.in_flight.per_repository", json!({"limits.in_flight": {}}), json!([1, 2, 3])),
        class("limits.submissions.per_hour", json!({"limits.submissions": {}}), json!([1, 2, null])),
        class("limits.submissions.per_day", json!({"limits.submissions": {}}), json!([1, 2, null])),
        class("limits.open_pull_requests.total", json!({"limits.open_pull_requests": {}}), json!([1, 2, null])),
        class("limits.open_pull_requests.per_reviewer", json!({"limits.open_pull_requests": {}}), json!([1, 2, null])),
        class("validation.max_files", json!({}), json!([1, 2, null])),
        class("validation.max_lines", json!({}), json!([1, 2, null])),
        class("validation.min_approvals", json!({}), json!([2, 1, 0])),
        class("validation.empty_result", json!({}), json!(["rejected", "accepted"])),
        class("validation.required_checks", json!({}), json!([["test", "build"], ["build"], []])),
        class(
            "validation.paths.allow",
            json!({"validation.paths.deny": null}),
            json!([["a/b"], ["a/*"], ["a/**"], ["**"]]),
        ),
        class(
            "validation.paths.deny",
            json!({"validation.paths.allow": ["**"]}),
            json!([["**"], ["a/**", "b"], ["a/b", "b"], ["b"], []]),
        ),
        class("pull_request.create", json!({"intent": "change"}), json!(["never", "after_validation", "by_agent"])),
        class(
            "repositories.allow",
            json!({"repositories.deny": null}),
            json!([["acme/a"], ["acme/a*"], ["acme/b*", "acme/a*"], ["acme/*"]]),
        ),
        class(
            "repositories.deny",
            json!({"repositories.allow": ["acme/*"]}),
            json!([["acme/*"], ["acme/a*", "acme/b"], ["acme/b"], []]),
        ),
        class(
            "repositories.require.visibility",
            json!({"repositories.require": {}}),
            json!([["private"], ["internal", "private"], null]),
        ),
        class("repositories.require.required_reviews", json!({"repositories.require": {}}), json!([3, 2, null])),
        class(
            "repositories.require.required_checks",
            json!({"repositories.require": {}}),
            json!([["test", "build"], ["build"], []]),
        ),
        class("repositories.require.firewall", json!({"repositories.require": {}}), json!([true, false])),
        class("repositories.require.absent_paths", json!({"repositories.require": {}}), json!([["**"], ["a/**"], []])),
        class("base_ref.allow", json!({}), json!([["main"], ["main", "a/b"], ["main", "a/*"], ["**"]])),
        class(
            "model.allowed",
            json!({"model.default": "auto", "model.overrides": null}),
            json!([[], ["m1"], ["m2", "m1"]]),
        ),
        class("callers.allow", json!({"callers": {}}), json!([["github:user/a"], ["github:user/b", "github:user/a"]])),
        class("inputs.p.max_length", text.clone(), json!([2, 3, 400, null])),
        class("inputs.p.min_length", text.clone(), json!([2, 1, 0])),
        class("inputs.p.pattern", text.clone(), json!(["a", "[ab]", "[a-c]+", "[a-c]*", null])),
        class("inputs.q.maximum", json!({"inputs.q": {"type": "integer"}}), json!([1, 2, null])),
        class("inputs.q.minimum", json!({"inputs.q": {"type": "integer"}}), json!([2, -1, null])),
        class("inputs.q.values", json!({"inputs.q": {"type": "choice"}}), json!([["x"], ["y", "x"], ["x", "y", "z"]])),
        class(
            "inputs.q.max_items",
            json!({"inputs.q": {"type": "list", "of": {"type": "integer"}}}),
            json!([1, 2, null]),
        ),
        class("escalation.deadline.after", json!({}), json!(["4h", "8h"])),
        class("escalation.deadline.do", json!({}), json!(["cancel", "hold"])),
        class("escalation.on", json!({}), json!([["failed", "rejected"], ["rejected"]])),
        class("rollout.stages[1].repositories", rollout.clone(), json!([2, 3, 9])),
        class("rollout.stages[0].repeat", rollout.clone(), json!([1, 2])),
        class("rollout.stages[1].batch", rollout.clone(), json!([1, 2, null])),
        class("rollout.stages[0].soak", rollout.clone(), json!(["2h", "1h", null])),
        class("rollout.stages[1].approve", rollout.clone(), json!([true, false])),
        class("rollout.gates.min_samples.one", rollout.clone(), json!([3, 2, 1])),
        class(
            "rollout.gates.require",
            rollout.clone(),
            json!([
                [{"metric": "files_changed.p90", "max": 1}, {"metric": "merged_rate", "min": "60%"}],
                [{"metric": "files_changed.p90", "max": 1}],
                [{"metric": "files_changed.p90", "max": 2}]
            ]),
        ),
        policy("models.allow", json!({"models.sensitive": null}), json!([["m1"], ["m2", "m1"], ["m1", "m2", "auto"]])),
        policy("repositories.deny", json!({"repositories": {}}), json!([["acme/*"], ["acme/a*"], []])),
        policy("paths.deny", json!({"paths": {}}), json!([["a/**", "b"], ["a/b"], []])),
        policy("approvals.quorum.low", json!({}), json!([3, 2, 1])),
        policy("approvals.quorum.high", json!({}), json!([3, 2, 1])),
        policy("approvals.max_age", json!({}), json!(["30d", "90d"])),
        policy("free_reach", json!({}), json!([0, 1, 7])),
        policy("tokens.kinds", json!({}), json!([["app_user"], ["oauth", "app_user"]])),
        policy("tokens.max_age", json!({}), json!(["30d", "90d", null])),
        policy("maxima.run", json!({}), json!(["5m", "1h"])),
    ];
    for name in ["per_task", "per_day", "submissions_per_hour", "in_flight", "open_pull_requests", "stage_repositories"]
    {
        scales.push(policy(leak(&format!("maxima.{name}")), json!({}), json!([1, 2, 40])));
    }
    scales
}

fn leak(text: &str) -> &'static str {
    Box::leak(text.to_owned().into_boxed_str())
}

fn set(state: &mut State, scale: &Scale, value: &Value) {
    let target = match scale.kind {
        Kind::TaskClass => state.classes.get_mut("a").unwrap(),
        _ => &mut state.policy,
    };
    let given = |value: &Value| Some(value.clone()).filter(|value| !value.is_null());
    for (path, value) in &scale.around {
        put(target, &path.parse::<Path>().unwrap(), given(value));
    }
    put(target, &scale.path.parse().unwrap(), given(value));
}

proptest! {
    #![proptest_config(cases(200))]

    #[test]
    fn each_step_widens_and_each_step_back_narrows(
        state in state(), scale in any::<Index>(), low in any::<Index>(), high in any::<Index>()
    ) {
        let scales = scales();
        let scale = scale.get(&scales);
        let high = 1 + high.index(scale.values.len() - 1);
        let low = low.index(high);
        let of = |at: usize| {
            let mut state = state.clone();
            set(&mut state, scale, &scale.values[at]);
            state
        };
        // Around a field something may stand that it cannot live with: an edit would not be read.
        let (tight, wide) = (of(low), of(high));
        for (before, after, expected) in [(&tight, &wide, Effect::Widens), (&wide, &tight, Effect::Narrows)] {
            let diff = Pair { before: before.clone(), after: after.clone() }.diff();
            let name = if scale.kind == Kind::Policy { "policy" } else { "a" };
            let found = document(&diff, scale.kind, name);
            prop_assert!(found.is_some(), "{} changed and nothing is told", scale.path);
            let found = found.unwrap();
            prop_assert!(found.unreadable.is_empty(), "{}: {:#?}", scale.path, found.unreadable);
            let own: Vec<_> = found.changes.iter().filter(|change| change.cause == Cause::Own).collect();
            prop_assert!(!own.is_empty() && own.iter().any(|change| change.effect == expected), "{}: {} to {} should be {}: {:#?}",
                scale.path, scale.values[low], scale.values[high], expected, own);
            prop_assert_eq!(found.effect(), expected, "{}: {:#?}", scale.path, found.changes);
        }
    }
}
