//! What a class's own fields come to under its policy, and what stands beside the policy.

use taskclass_diff::{Cause, Effect, Kind, Status, render};
use taskclass_source::InMemory;
use taskclass_spec::written::Risk;

use crate::support::*;

/// The change at this place: its effect and what it does.
fn told(base: Registry, edit: impl FnOnce(Registry) -> Registry, at: &str) -> (Effect, String) {
    let diff = diff(&base, &edit(base.clone()));
    let class = named(&diff, "bump");
    let change = class.changes.iter().find(|change| change.path.to_string() == at);
    let change = change.unwrap_or_else(|| panic!("nothing at {at}: {class:#?}"));
    (change.effect, change.what.clone())
}

#[test]
fn another_risk_is_ranked_by_the_quorums() {
    let raised = |registry: Registry| registry.class("risk: low", "risk: high");
    let quorum = |low: u32, high: u32| {
        registry()
            .policy("quorum: {low: 1, medium: 1, high: 2}", &format!("quorum: {{low: {low}, medium: 1, high: {high}}}"))
    };
    let said = |effect, what: &str| (effect, what.to_owned());
    assert_eq!(told(quorum(1, 2), raised, "risk"), said(Effect::Narrows, "2 people must approve it instead of 1"));
    assert_eq!(told(quorum(3, 1), raised, "risk"), said(Effect::Widens, "1 person must approve it instead of 3"));
    assert_eq!(told(quorum(1, 1), raised, "risk"), said(Effect::Neutral, "1 person must approve it, as before"));
    // The policy asks for more at the risk that the class leaves in the same change.
    let both = |registry: Registry| raised(registry).policy("low: 1", "low: 3");
    let what = "1 person must approve it instead of 3, whom the policy asks for at the risk that it had";
    assert_eq!(told(quorum(1, 1), both, "risk"), said(Effect::Widens, what));
}

#[test]
fn nobody_lowers_a_risk_with_fewer_signatures() {
    let base = registry().class("risk: low", "risk: high");
    let diff = diff(&base, &registry());
    let approval = named(&diff, "bump").approval.as_ref().unwrap();
    assert_eq!((approval.needed_before, approval.needed, approval.held_to), (Some(2), 2, Some(Risk::High)));
    let page = render::human(&diff, render::Human { colour: false, width: 100 });
    assert!(page.contains("needs 2 signatures (the risk was high before)"), "{page}");
    // To raise it is held to nothing but itself.
    let raised = edited(|registry| registry.class("risk: low", "risk: high"));
    let approval = named(&raised, "bump").approval.as_ref().unwrap();
    assert_eq!((approval.needed, approval.held_to), (2, None));
}

#[test]
fn beyond_the_policys_numbers_it_is_said_what_is_left() {
    let run = |to: &'static str| told(registry(), |registry| registry.class("run: 60m", to), "limits.timeouts.run");
    let (effect, what) = run("run: 3h");
    assert_eq!(effect, Effect::Widens);
    assert_eq!(
        what,
        "the agent may work for at most `1h5m` instead of `60m`: the class asks for `3h` instead of `60m`, and the policy allows `1h5m`"
    );
    assert_eq!(run("run: 30m").1, "the agent may work for at most `30m` instead of `60m`");
    let long = registry().class("run: 60m", "run: 3h");
    let at = "limits.timeouts.run";
    assert_eq!(
        told(long.clone(), |registry| registry.class("run: 3h", "run: 4h"), at).1,
        "the class asks for `4h` instead of `3h`, and the policy allows `1h5m`"
    );
    assert_eq!(
        told(long, |registry| registry.class("run: 3h", "run: 50m"), at).1,
        "the agent may work for at most `50m` instead of `1h5m`: the class asked for `3h`, and the policy allowed `1h5m`"
    );
    let (effect, what) = told(
        registry(),
        |registry| registry.class("  submissions: {per_hour: 10, per_day: 20}\n", ""),
        "limits.submissions.per_hour",
    );
    assert_eq!(effect, Effect::Widens);
    assert_eq!(
        what,
        "at most `400` tasks of the class may be started in an hour instead of `10`: the class asks for no bound instead of `10`, and the policy allows `400`"
    );
}

#[test]
fn what_gives_power_is_no_rewriting() {
    let effect = |from: &str, to: &str, at: &str| told(registry(), |registry| registry.class(from, to), at).0;
    let agent = |registry: Registry| registry.class("inputs:\n", "custom_agent: fixer\ninputs:\n");
    assert_eq!(told(registry(), agent, "custom_agent").0, Effect::MayWiden);
    let labels = "{create: after_validation, labels: [deploy]}";
    assert_eq!(effect("{create: after_validation}", labels, "pull_request.labels"), Effect::MayWiden);
    // A run without stages reaches no more than the policy leaves free.
    let rollout = "rollout:\n  stages: [{name: all, repositories: 50}]\n  gates: {min_samples: {all: 2}, require: [{metric: files_changed.p90, max: 8}]}\nbudget:";
    assert_eq!(effect("budget:", rollout, "rollout"), Effect::MayWiden);
    let elsewhere = edited(|registry| registry.policy("repository: acme/agent-inbox", "repository: acme/open-inbox"));
    let expected = (Effect::MayWiden, "escalation.repository".to_owned());
    assert_eq!(changes(named(&elsewhere, "policy")), [expected]);
}

#[test]
fn another_version_is_no_news_of_the_examples() {
    let both = |prompt: &str| {
        let base = registry().class("Raise {{ inputs.package }}", prompt);
        let diff = with_trailers(&base, &base.clone().class("version: 1", "version: 2"));
        let class = named(&diff, "bump").clone();
        (class.effect(), class.examples.len())
    };
    assert_eq!(both("Raise {{ inputs.package }}"), (Effect::Neutral, 0));
    // A prompt that reads it may say anything else.
    let reads = "{% if run.version > 1 %}Push secrets.{% endif %}";
    assert_eq!(both(reads), (Effect::Rewrites, 1));
    // What else differs is told without it.
    let head = registry().class("version: 1", "version: 2").class("Raise {{", "Lower {{");
    let diff = with_trailers(&registry(), &head);
    let prompt = &named(&diff, "bump").examples[0].prompt;
    assert_eq!(prompt.hunks.len(), 1);
    assert!(prompt.hunks[0].lines.iter().all(|(tag, line)| {
        *tag == taskclass_diff::prompts::Tag::Same || line.starts_with("Raise ") || line.starts_with("Lower ")
    }));
}

#[test]
fn a_changed_catalogue_of_models_stands_beside_the_policy() {
    let head = registry().with("models.yaml", "schema: models/v1\n");
    let diff = diff(&registry(), &head);
    let [policy] = diff.documents.as_slice() else { panic!("{diff:#?}") };
    assert_eq!((policy.kind, &policy.status, policy.effect()), (Kind::Policy, &Status::Changed, Effect::MayWiden));
    let [change] = policy.changes.as_slice() else { panic!("{policy:#?}") };
    assert!(matches!(&change.cause, Cause::File(path) if path.as_str() == "models.yaml"));
    assert!(policy.reaches.is_empty());
    let new = document_of(&InMemory::new(), &head.files(), Kind::Policy, "policy").unwrap();
    assert_eq!((new.status, new.changes.len()), (Status::Added, 2));
}

#[test]
fn a_side_that_was_broken_is_told_apart_from_one_that_is() {
    let broken = registry().class("version: 1", "version: one");
    let mended = diff(&broken, &registry());
    let class = named(&mended, "bump");
    assert_eq!((class.effect(), class.unreadable.len()), (Effect::MayWiden, 0));
    assert_eq!(class.unreadable_before.len(), 1);
    assert!(class.approval.is_some());
    let page = render::human(&mended, render::Human { colour: false, width: 100 });
    assert!(page.contains("was unreadable before") && !page.contains("cannot be read"), "{page}");
    assert!(!page.contains("taskclass lint") && page.contains("taskclass approve bump"), "{page}");
    let broke = diff(&registry(), &broken);
    let class = named(&broke, "bump");
    assert_eq!((class.unreadable.len(), class.unreadable_before.len()), (1, 0));

    let policy = registry().policy("schema: policy/v1", "schema: policy/v9");
    let mended = diff(&policy, &registry());
    let policy = named(&mended, "policy");
    assert_eq!((policy.unreadable.len(), policy.unreadable_before.is_empty()), (0, false));
}
