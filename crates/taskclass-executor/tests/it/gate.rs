//! The gate: every refusal names the field that decides, and nothing is sent.

use taskclass_executor::{Clock as _, ExecError, RunRequest, views, vocab::State};

use crate::registry;
use crate::rig::{Rig, bump, request, scenario};

/// Asks for a bump, and gives the refusal's words.
fn refusal(rig: &Rig, request: &RunRequest) -> String {
    let mut executor = rig.open();
    match executor.start_run(&rig.class("dependency-bump"), request) {
        Err(ExecError::Refused(refused)) => refused.to_string(),
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("it was let through"),
    }
}

fn with(rest: &str) -> Rig {
    Rig::new(rest)
}

#[test]
fn what_the_class_says_by_itself_is_refused_all_at_once() {
    let rig = with("");
    let mut asked = request("acme/web-shop", &[("package", "Serde!"), ("colour", "red")]);
    asked.model = Some("claude-opus-4.6".parse().unwrap());
    asked.base_ref = Some("develop".parse().unwrap());
    let said = refusal(&rig, &asked);
    for part in ["`repositories.allow`", "`base_ref.allow`", "claude-opus-4.6", "colour", "package", "`to`"] {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert_eq!(rig.sim.borrow().counts().requests, 0, "GitHub was not asked");
    let denied = refusal(&rig, &bump("acme/svc-checkout-prod"));
    assert!(denied.contains("policy's `repositories.deny[0]`"), "{denied}");
    // The sensitive repository has its own model, and only that.
    let mut asked = bump("acme/svc-payments");
    asked.model = Some("gpt-5.3-codex".parse().unwrap());
    assert!(refusal(&rig, &asked).contains("claude-opus-4.6"));
}

#[test]
fn the_live_repository_must_be_what_the_class_asks_for() {
    let cases = [
        ("archived: true", "is archived"),
        ("disabled: true", "is disabled"),
        ("visibility: public", "`repositories.require.visibility`: it is public"),
        ("firewall: false", "`repositories.require.firewall`"),
        ("default_branch: trunk", "has no branch `main`"),
        ("rules: []", "`repositories.require.required_reviews`: the rules for `main` ask for 0"),
        ("rules: [{branch: main, required_reviews: 2, required_checks: [build]}]", "do not require test"),
        (
            "files: {README.md: x, infra/prod/main.tf: x}",
            "it holds `infra/prod/main.tf`, which `infra/prod/**` rules out",
        ),
        ("collaborators: {octocat: read}", "no write access"),
    ];
    for (what, part) in cases {
        let rig = with(&format!("repositories: [{{name: acme/svc-orders, {what}}}]\n"));
        let said = refusal(&rig, &bump("acme/svc-orders"));
        assert!(said.contains(part), "{what}: {said}");
        assert_eq!(rig.requests("agent-tasks/create-task-in-repo"), 0);
    }
    let renamed = with("repositories: [{name: acme/svc-new, former_names: [acme/svc-orders]}]\n");
    let said = refusal(&renamed, &bump("acme/svc-orders"));
    assert!(said.contains("acme/svc-orders has been renamed or moved"), "{said}");
    assert!(refusal(&with(""), &bump("acme/svc-nowhere")).contains("does not exist or is not visible"));
}

#[test]
fn only_callers_may_run_a_class() {
    let nobody = with("teams: [{organization: acme, slug: platform-deps, members: [hubot]}]\n");
    let class = registry::edited(&[("\"github:user/octocat\"", "\"oidc:repo:acme/portal:ref:refs/heads/main\"")]);
    *nobody.classes.0.borrow_mut() = class;
    let said = refusal(&nobody, &bump("acme/svc-orders"));
    assert!(
        said.contains("@octocat may not run this class; `callers.allow`") && said.contains("does not verify OIDC"),
        "{said}"
    );
    let invited = with("teams: [{organization: acme, slug: platform-deps, pending: [octocat]}]\n");
    *invited.classes.0.borrow_mut() = registry::edited(&[(", \"github:user/octocat\"", "")]);
    assert!(refusal(&invited, &bump("acme/svc-orders")).contains("callers.allow"));
    let member = with("teams: [{organization: acme, slug: platform-deps, members: [octocat]}]\n");
    *member.classes.0.borrow_mut() = registry::edited(&[(", \"github:user/octocat\"", "")]);
    let mut executor = member.open();
    let (_, key) = member.bump(&mut executor);
    let admitted = executor.ledger().tasks[&key].plan.caller.admitted_as.clone();
    assert_eq!(admitted.as_deref(), Some("github:team/acme/platform-deps"));
}

#[test]
fn a_token_that_lives_too_long_is_refused() {
    for (end, part) in [
        ("", "does not say when the token expires"),
        (", expires_at: 2027-12-01T00:00:00Z", "later than policy `tokens.max_age`"),
    ] {
        let scenario = format!(
            "schema: simulation/v1\ntokens: [{{token: github_pat_simulator, login: octocat, kind: fine_grained_pat{end}}}]\n"
        );
        let rig = with("");
        *rig.sim.borrow_mut() = taskclass_sim::Sim::new(&taskclass_sim::Scenario::from_yaml(&scenario).unwrap(), 1);
        let said = refusal(&rig, &bump("acme/svc-orders"));
        assert!(said.contains(part), "{said}");
    }
}

#[test]
fn a_field_that_cannot_be_honoured_is_named() {
    let class = registry::edited(&[("notify: [issue]", "notify: [issue, \"webhook:oncall\"]")]);
    let said = refusal(&Rig::with(class, ""), &bump("acme/svc-orders"));
    assert!(said.contains("`escalation.ladder[0].notify[1]`") && said.contains("webhook"), "{said}");
    let class = registry::edited(&[("pull_request: never}", "pull_request: never, approve: true}")]);
    let said = refusal(&Rig::with(class, ""), &bump("acme/svc-orders"));
    assert!(said.contains("`rollout.stages[0].approve`"), "{said}");
    let class = registry::edited(&[("reviewers: [\"@acme/platform\"]", "reviewers: [\"@other/team\"]")]);
    let said = refusal(&Rig::with(class, ""), &bump("acme/svc-orders"));
    assert!(said.contains("`pull_request.reviewers[0]`"), "{said}");
}

#[test]
fn single_runs_reach_no_more_than_the_policy_lets_them_with_a_rollout_or_without() {
    for classes in [registry::without_rollout(), registry::shipped().clone()] {
        let rig = Rig::with(classes, "");
        let mut executor = rig.open();
        let class = rig.class("dependency-bump");
        for repository in ["acme/svc-orders", "acme/svc-billing", "acme/svc-inventory", "acme/svc-orders"] {
            executor.start_run(&class, &bump(repository)).unwrap_or_else(|error| panic!("{error}"));
        }
        let said = executor.start_run(&class, &bump("acme/svc-catalog")).unwrap_err().to_string();
        assert!(said.contains("policy `free_reach` is 3") && said.contains("`rollout`"), "{said}");
    }
}

#[test]
fn the_budget_denies_and_says_which_limit() {
    let class = registry::edited(&[("per_day: 1200", "per_day: 60")]);
    let rig = Rig::with(class, "");
    let mut executor = rig.open();
    let (run, _) = rig.bump(&mut executor);
    let said = refusal_of(&mut executor, &rig);
    assert!(said.contains("budget.per_day is 60 credits, and 40.0 credits are used or reserved"), "{said}");
    // Settled from what was really used, there is room for another.
    rig.settle(&mut executor, &run);
    assert!(executor.start_run(&rig.class("dependency-bump"), &bump("acme/svc-billing")).is_ok());
    assert!(refusal_of(&mut executor, &rig).contains("52.4 credits"));
    // Tomorrow is another day.
    rig.clock.0.set(rig.clock.now() + jiff::SignedDuration::from_hours(24));
    assert!(executor.start_run(&rig.class("dependency-bump"), &bump("acme/svc-inventory")).is_ok());
}

fn refusal_of(executor: &mut taskclass_executor::Executor<'_>, rig: &Rig) -> String {
    executor.start_run(&rig.class("dependency-bump"), &bump("acme/svc-billing")).unwrap_err().to_string()
}

#[test]
fn a_task_over_its_budget_pauses_its_class_until_somebody_has_looked() {
    let rig = Rig::new("agents:\n  - sessions: [{usage: {credits: 41.0}}]\n");
    let task = rig.bump_to_the_end();
    assert!(task.over_budget);
    let mut executor = rig.open();
    let said = refusal_of(&mut executor, &rig);
    assert!(said.contains("budget.on_exceeded"), "{said}");
    executor.resolve(&task.key, "alice", taskclass_executor::Decision::Acknowledge).unwrap();
    assert!(executor.start_run(&rig.class("dependency-bump"), &bump("acme/svc-billing")).is_ok());
}

#[test]
fn a_dry_run_writes_and_sends_nothing_and_shows_what_would_be_sent() {
    let rig = with("");
    let mut executor = rig.open();
    let before = executor.ledger().head.clone();
    let prepared = executor.dry_run(&rig.class("dependency-bump"), &bump("acme/svc-orders")).unwrap();
    assert!(prepared.request.prompt.contains(&format!("Task-Class-Key: {}", prepared.key)));
    assert_eq!(prepared.admitted.contract.stage.as_ref().unwrap().as_str(), "proof");
    assert_eq!(executor.ledger().head, before);
    assert_eq!(rig.sim.borrow().counts().writes, 0);
}

#[test]
fn a_refusal_is_written_down() {
    let rig = with("");
    refusal(&rig, &bump("acme/web-shop"));
    let last = rig.store.all().pop().unwrap();
    assert!(last.contains("\"run_refused\"") && last.contains("acme/web-shop"), "{last}");
    assert!(views::status(rig.open().ledger(), None).is_empty());
}

#[test]
fn limits_of_rate_hold_and_let_go() {
    let class = registry::edited(&[("per_hour: 150", "per_hour: 1")]);
    let rig = Rig::with(class, "");
    let mut executor = rig.open();
    let (run, _) = rig.bump(&mut executor);
    rig.settle(&mut executor, &run);
    let (_, second) = executor.start_run(&rig.class("dependency-bump"), &bump("acme/svc-billing")).unwrap();
    rig.run_for(&mut executor, 600);
    let held = &executor.ledger().tasks[&second];
    assert_eq!(held.state, State::Queued);
    assert!(held.held_by.as_ref().unwrap().starts_with("limits.submissions.per_hour is 1"), "{:?}", held.held_by);
    rig.run_for(&mut executor, 3600);
    assert_ne!(executor.ledger().tasks[&second].state, State::Queued);
}

/// A task that is queued behind the rate limit of its class for an hour, so that it is looked at again before it is sent.
fn waiting(rig: &Rig, executor: &mut taskclass_executor::Executor<'_>) -> taskclass_executor::vocab::Key {
    let (run, _) = rig.bump(executor);
    rig.settle(executor, &run);
    let (_, second) = executor.start_run(&rig.class("dependency-bump"), &bump("acme/svc-billing")).unwrap();
    rig.run_for(executor, 600);
    assert_eq!(executor.ledger().tasks[&second].state, State::Queued);
    second
}

#[test]
fn a_task_that_waited_is_looked_at_again_before_it_is_sent() {
    let cases: [(&str, &str); 5] = [
        ("[{name: acme/svc-billing, archived: true}]", "is archived"),
        ("[{name: acme/svc-payees, former_names: [acme/svc-billing]}]", "has been renamed or moved"),
        ("[{name: acme/svc-orders}, {name: acme/svc-other}, {name: acme/svc-billing}]", "another repository now"),
        ("[{name: acme/svc-billing, default_branch: trunk}]", "has no branch `main`"),
        ("[{name: acme/svc-billing, firewall: false}]", "`repositories.require.firewall`"),
    ];
    for (now, part) in cases {
        let rig = Rig::with(registry::edited(&[("per_hour: 150", "per_hour: 1")]), "");
        let mut executor = rig.open();
        let key = waiting(&rig, &mut executor);
        *rig.sim.borrow_mut() = taskclass_sim::Sim::new(&scenario(&format!("repositories: {now}\n")), 1);
        rig.run_for(&mut executor, 3600);
        let task = &executor.ledger().tasks[&key];
        assert_eq!(task.state, State::Refused, "{now}");
        let why = task.end_reason.as_deref().unwrap_or_default();
        assert!(why.contains("looked at again before it was sent") && why.contains(part), "{now}: {why}");
        assert_eq!(rig.requests("agent-tasks/create-task-in-repo"), 0, "{now}");
    }
}

#[test]
fn whoever_is_no_caller_any_more_when_a_task_is_sent_is_not_let_through() {
    let classes = registry::edited(&[("per_hour: 150", "per_hour: 1"), (", \"github:user/octocat\"", "")]);
    let team = |who: &str| format!("teams: [{{organization: acme, slug: platform-deps, members: [{who}]}}]\n");
    for (who, state) in [("octocat", None), ("hubot", Some(State::Refused))] {
        let rig = Rig::with(classes.clone(), &team("octocat"));
        let mut executor = rig.open();
        let key = waiting(&rig, &mut executor);
        *rig.sim.borrow_mut() = taskclass_sim::Sim::new(&scenario(&team(who)), 1);
        rig.run_for(&mut executor, 3600);
        let task = &executor.ledger().tasks[&key];
        let why = task.end_reason.as_deref().unwrap_or_default();
        assert_eq!(rig.requests("agent-tasks/create-task-in-repo"), usize::from(state.is_none()), "{who}: {why}");
        if let Some(state) = state {
            assert_eq!(task.state, state);
            assert!(why.contains("@octocat may not run this class; `callers.allow`"), "{why}");
        }
    }
}

#[test]
fn those_whose_review_is_asked_for_must_be_able_to_give_it() {
    let reviewed = |reviewers: &str| {
        registry::edited(&[
            ("reviewers: [\"@acme/platform\"]", &format!("reviewers: [{reviewers}]")),
            (", repeat: 3, pull_request: never}", ", repeat: 3}"),
        ])
    };
    let cases = [
        ("\"@octocat\"", "", "`pull_request.reviewers[0]`: @octocat cannot review here: it is as whom the task runs"),
        (
            "\"@octocat\", \"@nobody-here\"",
            "",
            "`pull_request.reviewers[1]`: @nobody-here cannot review here: GitHub knows no such",
        ),
        (
            "\"@hubot\"",
            "collaborators: {hubot: read}",
            "they may only read acme/svc-orders, and the class needs an approval",
        ),
        ("\"@hubot\"", "collaborators: {hubot: none}", "they are no collaborator of acme/svc-orders"),
    ];
    for (reviewers, how, part) in cases {
        let scenario =
            if how.is_empty() { String::new() } else { format!("repositories: [{{name: acme/svc-orders, {how}}}]\n") };
        let said = refusal(&Rig::with(reviewed(reviewers), &scenario), &bump("acme/svc-orders"));
        assert!(said.contains(part), "{reviewers}: {said}");
    }
    let rig = Rig::with(reviewed("\"@octocat\", \"@hubot\", \"@acme/platform\""), "");
    rig.bump(&mut rig.open());
}

#[test]
fn everything_that_is_wrong_with_token_caller_repository_and_reviewers_is_said_at_once() {
    let class = registry::edited(&[
        ("\"github:user/octocat\"", "\"github:user/hubot\""),
        ("reviewers: [\"@acme/platform\"]", "reviewers: [\"@nobody-here\"]"),
        (", repeat: 3, pull_request: never}", ", repeat: 3}"),
    ]);
    let scenario = "schema: simulation/v1\n\
        tokens: [{token: github_pat_simulator, login: octocat, kind: fine_grained_pat, expires_at: 2028-01-01T00:00:00Z}]\n\
        teams: []\n\
        repositories: [{name: acme/svc-orders, archived: true, rules: [], firewall: false, default_branch: trunk}]\n";
    let rig = Rig::with(class, "");
    *rig.sim.borrow_mut() = taskclass_sim::Sim::new(&taskclass_sim::Scenario::from_yaml(scenario).unwrap(), 1);
    let said = refusal(&rig, &bump("acme/svc-orders"));
    for part in [
        "`tokens.max_age`",
        "`callers.allow`",
        "is archived",
        "has no branch `main`",
        "`repositories.require.required_reviews`",
        "`repositories.require.required_checks`",
        "`repositories.require.firewall`",
        "`pull_request.reviewers[0]`",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
}

#[test]
fn a_new_repository_under_an_old_name_is_not_the_one_that_was_approved() {
    let rig = with("");
    let mut executor = rig.open();
    let (run, _) = rig.bump(&mut executor);
    rig.settle(&mut executor, &run);
    let taken = "repositories: [{name: acme/svc-other}, {name: acme/svc-another}, {name: acme/svc-orders, id: 4711}]\n";
    *rig.sim.borrow_mut() = taskclass_sim::Sim::new(&scenario(taken), 1);
    let said = executor.start_run(&rig.class("dependency-bump"), &bump("acme/svc-orders")).unwrap_err().to_string();
    assert!(said.contains("another repository now (id 4711") && said.contains("raise the class's version"), "{said}");
    // Under another content of the class people have looked again.
    *rig.classes.0.borrow_mut() = registry::edited(&[("per_hour: 150", "per_hour: 140")]);
    assert!(executor.start_run(&rig.class("dependency-bump"), &bump("acme/svc-orders")).is_ok());
}

#[test]
fn a_permission_that_the_token_lacks_is_named_and_puts_a_waiting_task_off() {
    let narrow = "schema: simulation/v1\n\
        tokens: [{token: github_pat_simulator, login: octocat, kind: fine_grained_pat, expires_at: 2027-01-01T00:00:00Z, \
        permissions: {agent_tasks: write, contents: read, members: read}}]\n";
    let narrow = || taskclass_sim::Sim::new(&taskclass_sim::Scenario::from_yaml(narrow).unwrap(), 1);
    let rig = with("");
    *rig.sim.borrow_mut() = narrow();
    let said = refusal(&rig, &bump("acme/svc-orders"));
    assert!(said.contains("`repositories.require.firewall`") && said.contains("copilot_agent_settings=read"), "{said}");

    let rig = Rig::with(registry::edited(&[("per_hour: 150", "per_hour: 1")]), "");
    let mut executor = rig.open();
    let key = waiting(&rig, &mut executor);
    let whole = std::mem::replace(&mut *rig.sim.borrow_mut(), narrow());
    rig.run_for(&mut executor, 3600);
    let held = &executor.ledger().tasks[&key];
    assert_eq!(held.state, State::Queued);
    assert!(
        held.held_by.as_deref().is_some_and(|why| why.contains("copilot_agent_settings=read")),
        "{:?}",
        held.held_by
    );
    // With the permission it goes, within the hour at which it is tried at the latest.
    *rig.sim.borrow_mut() = whole;
    rig.run_for(&mut executor, 3600);
    assert_ne!(executor.ledger().tasks[&key].state, State::Queued);
}
