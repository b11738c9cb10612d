//! What a class lets happen, found out by trying all there is to try over tiny alphabets, and not by looking at its text.
//!
//! This is the judge's judge: it knows the model (`TaskClass::reaches`, `model_for`, `ceilings` …) and nothing of the table of
//! fields. Whatever is possible after and was not before must be under a change said to widen.

use std::collections::{BTreeMap, BTreeSet};

use taskclass_spec::inputs::Inputs;
use taskclass_spec::model::TaskClass;
use taskclass_spec::written::{
    self, AfterDeadline, CreatePullRequest, EmptyResult, EscalationTrigger, InputValue, Intent, OnExceeded, OnRejected,
    Policy, Stage, Threshold, Visibility,
};
use taskclass_spec::{Duration, InputName, ModelId, PathPattern, RefName, RepoName};

use super::classes::{CHECKS, METRICS, MODELS};

/// What is possible: facts that hold, and the most of what can be counted. More of either is more freedom.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Freedom {
    facts: BTreeSet<(&'static str, String)>,
    most: BTreeMap<(&'static str, String), u64>,
}

impl Freedom {
    fn fact(&mut self, area: &'static str, holds: bool, what: impl FnOnce() -> String) {
        if holds {
            self.facts.insert((area, what()));
        }
    }

    fn most(&mut self, area: &'static str, what: impl Into<String>, number: u64) {
        self.most.insert((area, what.into()), number);
    }

    /// The areas in which more is possible than `before`, each with the first thing that is.
    pub(crate) fn beyond(&self, before: &Self) -> BTreeMap<&'static str, String> {
        let facts = self.facts.difference(&before.facts).map(|(area, what)| (*area, what.clone()));
        let more = self.most.iter().filter(|(key, number)| before.most.get(*key).is_none_or(|old| old < number));
        let more = more.map(|((area, what), number)| (*area, format!("{what}: up to {number}")));
        facts.chain(more).collect()
    }
}

/// Every repository that a test knows: in the inventory those of `acme`, beside it those of another owner.
pub(crate) fn repositories() -> Vec<RepoName> {
    let names = words(&["a", "b"], 3);
    let of = |owner: &str| names.iter().map(move |name| format!("{owner}/{name}")).collect::<Vec<_>>();
    [of("acme"), of("zeta")].concat().iter().map(|name| name.parse().unwrap()).collect()
}

/// All words of one to `longest` letters.
fn words(letters: &[&str], longest: usize) -> Vec<String> {
    let mut all = Vec::new();
    let mut last = vec![String::new()];
    for _ in 0..longest {
        last = last.iter().flat_map(|word| letters.iter().map(move |letter| format!("{word}{letter}"))).collect();
        all.extend(last.clone());
    }
    all
}

/// All paths of one to three folders.
fn paths() -> Vec<String> {
    let mut all = Vec::new();
    let mut last = vec![String::new()];
    for _ in 0..3 {
        let below = |path: &String| {
            ["a", "b", "ab", "ma"].map(|name| if path.is_empty() { name.to_owned() } else { format!("{path}/{name}") })
        };
        last = last.iter().flat_map(below).collect();
        all.extend(last.clone());
    }
    all.push("main".to_owned());
    all
}

/// All that a class lets happen.
pub(crate) fn of_class(class: &TaskClass) -> Freedom {
    let mut freedom = Freedom::default();
    where_it_runs(class, &mut freedom);
    what_it_takes(class, &mut freedom);
    what_it_accepts(class, &mut freedom);
    how_much(class, &mut freedom);
    when_it_fails(class, &mut freedom);
    how_it_spreads(class, &mut freedom);
    freedom
}

fn where_it_runs(class: &TaskClass, freedom: &mut Freedom) {
    for repository in repositories() {
        let reached = class.reaches(&repository).is_ok();
        freedom.fact("repositories", reached, || repository.to_string());
        // Without a word of the caller it is the default, of which there is no more or less.
        for model in MODELS.map(|model| model.parse::<ModelId>().unwrap()).into_iter().filter(|_| reached) {
            freedom.fact("models", class.model_for(&repository, Some(&model)).is_ok(), || {
                format!("{model} in {repository}")
            });
        }
    }
    for name in paths() {
        let name: RefName = name.parse().unwrap();
        freedom.fact("base_ref", class.base_ref(Some(&name)).is_ok(), || name.to_string());
    }
    let require = class.written().repositories.require.clone().unwrap_or_default();
    let visible = [Visibility::Public, Visibility::Internal, Visibility::Private];
    for visibility in visible {
        let met = require.visibility.as_ref().is_none_or(|some| some.contains(&visibility));
        freedom.fact("require", met, || format!("{visibility:?}"));
    }
    freedom.most("require", "reviews not asked for", missing(require.required_reviews.unwrap_or(0).into()));
    for check in CHECKS {
        let free = !require.required_checks.iter().any(|required| required.as_str() == check);
        freedom.fact("require", free, || format!("a branch without {check}"));
    }
    freedom.fact("require", require.firewall != Some(true), || "no firewall".to_owned());
    for path in paths() {
        freedom.fact("require", !any(&require.absent_paths, &path), || format!("a repository with {path}"));
    }
}

fn missing(least: u64) -> u64 {
    u64::MAX - least
}

fn any(patterns: &[PathPattern], path: &str) -> bool {
    patterns.iter().any(|pattern| pattern.matches(path))
}

fn what_it_takes(class: &TaskClass, freedom: &mut Freedom) {
    let texts = ["", "c", "x", "y", "z", "A", "2"].into_iter().map(str::to_owned).chain(words(&["a", "b"], 4));
    let mut values: Vec<InputValue> = texts.map(InputValue::String).collect();
    values.extend((-1..6).map(InputValue::Integer));
    values.extend([InputValue::Boolean(true), InputValue::Boolean(false)]);
    let few: Vec<InputValue> = values.iter().filter(|value| plain(value).len() < 3).cloned().collect();
    values.extend(few.iter().map(|value| InputValue::List(vec![value.clone()])));
    values.extend(few.iter().map(|value| InputValue::List(vec![value.clone(), value.clone()])));
    values.extend([
        InputValue::List(vec![]),
        InputValue::List(vec![InputValue::Integer(1); 3]),
        InputValue::List(vec![InputValue::String("a".into()); 3]),
    ]);
    let declared = &class.written().inputs;
    for name in ["p", "q", "r"] {
        let name: InputName = name.parse().unwrap();
        let own: BTreeMap<_, _> =
            declared.iter().filter(|(key, _)| **key == name).map(|(k, v)| (k.clone(), v.clone())).collect();
        // Of an input that is gone callers are free to give no value, and have one less to give.
        let may_be_left_out = !own.is_empty() && Inputs::check(&own, &BTreeMap::new()).is_ok();
        freedom.fact("inputs", may_be_left_out, || format!("no {name}"));
        for value in &values {
            let given = BTreeMap::from([(name.clone(), value.clone())]);
            freedom.fact("inputs", Inputs::check(&own, &given).is_ok(), || format!("{name} = {value:?}"));
        }
    }
    for caller in class.callers() {
        freedom.fact("callers", true, || caller.to_string());
    }
}

fn plain(value: &InputValue) -> String {
    match value {
        InputValue::String(text) => text.clone(),
        other => format!("{other:?}").chars().take(2).collect(),
    }
}

fn what_it_accepts(class: &TaskClass, freedom: &mut Freedom) {
    let validation = &class.written().validation;
    let policy = class.policy();
    for path in paths() {
        let allowed = any(&validation.paths.allow, &path)
            && !any(&validation.paths.deny, &path)
            && !any(&policy.paths.deny, &path);
        freedom.fact("paths", allowed, || path.clone());
    }
    freedom.most("validation", "files", validation.max_files.map_or(u64::MAX, u64::from));
    freedom.most("validation", "lines", validation.max_lines.map_or(u64::MAX, u64::from));
    for check in CHECKS {
        let free = !validation.required_checks.iter().any(|required| required.as_str() == check);
        freedom.fact("validation", free, || format!("a result without {check}"));
    }
    freedom.most("validation", "approvals not asked for", missing(validation.min_approvals.unwrap_or(0).into()));
    freedom.fact("validation", validation.empty_result == EmptyResult::Accepted, || "an empty result".to_owned());
    for answer in [OnRejected::Comment, OnRejected::Escalate, OnRejected::ClosePullRequest] {
        freedom
            .fact("validation", !validation.on_rejected.contains(&answer), || format!("rejected without {answer:?}"));
    }
    freedom.most("pull_request", "opened", rank(class.written().pull_request.create));
    freedom.most("pull_request", "opened by a single run", rank(class.single_run_pull_request()));
    freedom.fact("intent", class.written().intent == Intent::Change, || "changes the repository".to_owned());
}

fn rank(create: CreatePullRequest) -> u64 {
    match create {
        CreatePullRequest::Never => 0,
        CreatePullRequest::AfterValidation => 1,
        CreatePullRequest::ByAgent => 2,
    }
}

fn how_much(class: &TaskClass, freedom: &mut Freedom) {
    let ceilings = class.ceilings();
    let optional = |number: Option<u32>| number.map_or(u64::MAX, u64::from);
    freedom.most("budget", "a task", ceilings.per_task.0.into());
    freedom.most("budget", "a day", ceilings.per_day.0.into());
    freedom.most("budget", "a month", ceilings.per_month.0.into());
    let on = class.written().budget.on_exceeded;
    freedom.fact("budget", on == OnExceeded::Pause, || "a task over its budget goes on".to_owned());
    freedom.most("limits", "run", ceilings.run.seconds());
    freedom.most("limits", "in flight", ceilings.in_flight.into());
    freedom.most("limits", "in flight in one", ceilings.in_flight_per_repository.into());
    freedom.most("limits", "an hour", ceilings.submissions_per_hour.into());
    freedom.most("limits", "in a day", optional(ceilings.submissions_per_day));
    freedom.most("limits", "open", ceilings.open_pull_requests.into());
    freedom.most("limits", "open for one", optional(ceilings.open_pull_requests_per_reviewer));
    let timeouts = class.written().limits.timeouts;
    let clocks: [(&str, Duration); 5] = [
        ("queue", timeouts.queue),
        ("stale", timeouts.stale),
        ("waiting", timeouts.waiting),
        ("review", timeouts.review),
        ("total", timeouts.total),
    ];
    for (name, time) in clocks {
        freedom.most("limits", name, time.seconds());
    }
}

fn when_it_fails(class: &TaskClass, freedom: &mut Freedom) {
    let escalation = &class.written().escalation;
    let triggers = [
        EscalationTrigger::WaitingForUser,
        EscalationTrigger::Failed,
        EscalationTrigger::TimedOut,
        EscalationTrigger::Rejected,
    ];
    for trigger in triggers {
        freedom.fact("escalation", !escalation.on.contains(&trigger), || format!("{trigger:?} untold"));
    }
    for notice in ["issue", "comment", "webhook:oncall"] {
        let rungs = escalation.ladder.iter().filter(|rung| rung.notify.iter().any(|told| told.to_string() == notice));
        let first = rungs.map(|rung| rung.after.seconds()).min();
        freedom.most("escalation", format!("time without {notice}"), first.unwrap_or(u64::MAX));
    }
    freedom.most("escalation", "deadline", escalation.deadline.after.seconds());
    freedom.fact("escalation", escalation.deadline.action == AfterDeadline::Hold, || "waits for ever".to_owned());
}

fn how_it_spreads(class: &TaskClass, freedom: &mut Freedom) {
    let none = Vec::new();
    let rollout = class.written().rollout.as_ref();
    let stages = rollout.map_or(&none, |rollout| &rollout.stages);
    // How far it comes with so many gates passed and so many words of a person.
    for gates in 0..3 {
        for words in 0..4 {
            let mut left = words;
            let begun = stages.iter().take(gates + 1).take_while(|stage| {
                !stage.approve || {
                    left -= 1;
                    left >= 0
                }
            });
            let begun: Vec<&Stage> = begun.collect();
            let most = |of: fn(&Stage) -> u32| match rollout {
                Some(_) => begun.iter().map(|stage| of(stage)).max().unwrap_or(0).into(),
                None => u64::MAX,
            };
            let with = format!("with {gates} gates and {words} words");
            freedom.most("rollout", format!("repositories {with}"), most(|stage| stage.repositories));
            freedom.most("rollout", format!("tasks {with}"), most(|stage| stage.repositories * stage.repeat));
            let at_a_time = |stage: &Stage| stage.batch.unwrap_or(u32::MAX).min(stage.repositories);
            freedom.most("rollout", format!("at a time {with}"), most(at_a_time));
        }
    }
    for reach in 1..4 {
        let before = stages.iter().take_while(|stage| stage.repositories < reach);
        let soaked: u64 = before.map(|stage| stage.soak.map_or(0, Duration::seconds)).sum();
        let comes = rollout.is_none() || stages.iter().any(|stage| stage.repositories >= reach);
        freedom.fact("rollout", comes, || format!("{reach} repositories at all"));
        if comes {
            freedom.most("rollout", format!("soon in {reach} repositories"), missing(soaked));
        }
    }
    let own = rank(class.written().pull_request.create);
    let of_stage = |stage: &Stage| if stage.pull_request == Some(CreatePullRequest::Never) { 0 } else { own };
    for index in 0..3 {
        let stage = stages.get(index);
        let opened = if rollout.is_none() { own } else { stage.map_or(0, of_stage) };
        freedom.most("rollout", format!("pull request in stage {index}"), opened);
        let unjudged = rollout.is_none_or(|rollout| {
            stage.is_some_and(|stage| rollout.gates.min_samples.get(&stage.name).is_none_or(|samples| *samples == 0))
        });
        freedom.fact("rollout", unjudged, || format!("no samples in stage {index}"));
    }
    gates(rollout, freedom);
}

/// Which measures let the next stage begin, and which do not end the rollout.
fn gates(rollout: Option<&written::Rollout>, freedom: &mut Freedom) {
    for first in 0..4 {
        for second in 0..4 {
            let holds = |gates: &[written::Gate]| {
                gates.iter().all(|gate| {
                    let measured = if gate.metric == METRICS[0] { first } else { second };
                    let bound = |bound: Option<Threshold>| match bound {
                        Some(Threshold::Count(count)) => Some(count),
                        _ => None,
                    };
                    bound(gate.max).is_none_or(|max| measured <= max)
                        && bound(gate.min).is_none_or(|min| measured >= min)
                })
            };
            let passes = rollout.is_none_or(|rollout| holds(&rollout.gates.require));
            let goes_on = rollout.is_none_or(|rollout| holds(&rollout.gates.abort_on));
            freedom.fact("rollout", passes, || format!("{first}, {second} pass"));
            freedom.fact("rollout", goes_on, || format!("{first}, {second} go on"));
        }
    }
}

/// What a policy lets classes and people do.
pub(crate) fn of_policy(policy: &Policy) -> Freedom {
    let mut freedom = Freedom::default();
    for repository in repositories() {
        let denied = policy.repositories.deny.iter().any(|pattern| pattern.matches(&repository));
        freedom.fact("repositories", !denied, || repository.to_string());
        let sensitive =
            policy.models.sensitive.as_ref().filter(|some| some.repositories.iter().any(|p| p.matches(&repository)));
        for model in MODELS.map(|model| model.parse::<ModelId>().unwrap()) {
            let allowed =
                policy.models.allow.contains(&model) && sensitive.is_none_or(|some| some.allow.contains(&model));
            freedom.fact("models", allowed && !denied, || format!("{model} in {repository}"));
        }
    }
    for path in paths() {
        freedom.fact("paths", !any(&policy.paths.deny, &path), || path.clone());
    }
    let quorum = policy.approvals.quorum;
    for (name, number) in [("low", quorum.low), ("medium", quorum.medium), ("high", quorum.high)] {
        freedom.most("approvals", format!("signers not needed for {name}"), missing(number.into()));
    }
    freedom.most("approvals", "life", policy.approvals.max_age.seconds());
    let maxima = policy.maxima;
    let numbers = [
        ("per_task", maxima.per_task.0.into()),
        ("per_day", maxima.per_day.0.into()),
        ("an hour", maxima.submissions_per_hour.into()),
        ("in flight", maxima.in_flight.into()),
        ("open", maxima.open_pull_requests.into()),
        ("stage", maxima.stage_repositories.into()),
        ("run", maxima.run.seconds()),
    ];
    for (name, number) in numbers {
        freedom.most("maxima", name, number);
    }
    freedom.most("free_reach", "repositories without a rollout", policy.free_reach.into());
    for kind in &policy.tokens.kinds {
        freedom.fact("tokens", true, || format!("{kind:?}"));
    }
    freedom.most("tokens", "life", policy.tokens.max_age.map_or(u64::MAX, Duration::seconds));
    freedom
}

/// Where the change may stand that lets more happen in this area.
pub(crate) fn places(area: &str) -> &'static [&'static str] {
    match area {
        "repositories" => &["repositories"],
        "models" => &["model", "models", "repositories"],
        "require" => &["repositories.require", "repositories"],
        "paths" => &["validation", "paths"],
        "budget" => &["budget", "maxima"],
        "limits" => &["limits", "maxima"],
        "pull_request" => &["pull_request", "rollout"],
        "intent" => &["intent"],
        "callers" => &["callers", "owners"],
        "rollout" => &["rollout", "pull_request"],
        "base_ref" => &["base_ref"],
        "inputs" => &["inputs"],
        "validation" => &["validation"],
        "escalation" => &["escalation"],
        "approvals" => &["approvals"],
        "maxima" => &["maxima"],
        "free_reach" => &["free_reach"],
        "tokens" => &["tokens"],
        _ => &[],
    }
}
