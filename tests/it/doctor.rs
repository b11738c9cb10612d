//! `doctor`: what stands in the way of a run is said before one is tried, all at once, and nothing is written or sent for it.

use std::fs;

use serde_json::{Value, json};

use crate::harness::{CLASS, CLASS_FILE, Ended, REPOSITORY, Running, World};

/// A token of the built-in scenario's organisation that ends so many days from the simulation's first moment.
fn token(text: &str, kind: &str, rest: &str) -> String {
    format!("tokens: [{{token: {text}, login: octocat, kind: {kind}{rest}}}]\n")
}

/// Doctor with another token.
fn with_token(world: &World, token: &str, arguments: &[&str]) -> Ended {
    let mut command = world.command(&[&["doctor"], arguments].concat());
    command.env("TASKCLASS_TOKEN", token);
    let ended = Running::start(command).wait();
    assert!(!ended.to_string().contains(token), "the token was printed\n{ended}");
    ended
}

/// The checks of a report that are not as they should be, as `name: what it says`.
#[track_caller]
fn amiss(ended: &Ended) -> Vec<String> {
    let report = ended.json();
    let checks = report["checks"].as_array().unwrap();
    let amiss = checks.iter().filter(|check| !matches!(check["level"].as_str(), Some("ok" | "skipped")));
    amiss.map(|check| format!("{}: {}", check["name"].as_str().unwrap(), check["says"].as_str().unwrap())).collect()
}

/// One check of a report.
#[track_caller]
fn check(ended: &Ended, name: &str) -> Value {
    let report = ended.json();
    let found = report["checks"].as_array().unwrap().iter().find(|check| check["name"] == name);
    found.unwrap_or_else(|| panic!("no `{name}`: {report}")).clone()
}

#[test]
fn a_sound_executor_is_healthy_and_nothing_is_written_for_it() {
    let world = World::slow();
    let healthy = world.executor(&["doctor", "--class", CLASS, "--repo", REPOSITORY, "--format", "json"]).exits(0);
    let report = healthy.json();
    assert_eq!((&report["schema"], &report["healthy"], &report["bad"]), (&json!("doctor/v1"), &json!(true), &json!(0)));
    assert_eq!(report["simulated"], false);
    for name in [
        "configuration.file",
        "tools.git",
        "state.file",
        "registry.ref",
        "registry.trust",
        "registry.policy",
        "token.source",
        "token.kind",
        "token.owner",
        "token.expiry",
        "token.agent_tasks",
        "github.reachable",
        "github.clock",
        "github.rate",
        "preflight.approved",
        "preflight.run",
    ] {
        assert_eq!(check(&healthy, name)["level"], "ok", "{name}: {report}");
    }
    // Only one of the five classes is approved here, and the token reaches all of the organisation.
    let [classes, reach] = &*amiss(&healthy) else { panic!("{:?}", amiss(&healthy)) };
    assert!(classes.starts_with("registry.classes: 1 of 5 classes approved; not: migration-proposal"), "{classes}");
    assert!(reach.starts_with("token.reach: ") && reach.contains("no class reaches"), "{reach}");
    assert!(
        !world.state().exists() && !world.executor_folder().join("taskclass.db.lock").exists(),
        "the state was made"
    );
    world.assert_nothing_posted();

    let said = world.executor(&["doctor"]).exits(0);
    let said = said.prints(&["configuration\n", "  ok    read from", "\nGitHub\n", "  warn  1 of 5 classes approved"]);
    said.says(&["healthy: ", "2 warnings to look at", "Next: "]);

    // The state once there is one, and while another process is at work.
    world.run(&[]).exits(0);
    let after = world.executor(&["doctor", "--format", "json"]).exits(0);
    let journal = check(&after, "state.journal")["says"].as_str().unwrap().to_owned();
    assert!(journal.contains("events, an unbroken chain, the last"), "{journal}");
    assert_eq!(check(&after, "state.lock")["says"], "no other process holds it");
}

#[test]
fn what_is_wrong_with_a_token_is_said_and_a_token_that_may_not_be_used_is_sent_nowhere() {
    let world = World::with_scenario(&token("github_pat_soon", "fine_grained_pat", ", lasts: 3d"));
    // Installation tokens: GitHub Actions' own is one.
    let ended = with_token(&world, "ghs_ofactions", &["--format", "json"]).exits(1);
    let source = check(&ended, "token.source");
    let says = source["says"].as_str().unwrap();
    assert!(says.contains("installation token") && says.contains("\"Agent tasks\""), "{says}");
    // Classic tokens, which this policy does not allow, and what is no token of GitHub's.
    for (token, words) in [
        ("ghp_classic", "a classic personal access token (ghp_…)"),
        ("s3cret", "of a kind that this version does not know"),
    ] {
        let ended = with_token(&world, token, &["--repo", REPOSITORY, "--format", "json"]).exits(1);
        let kind = check(&ended, "token.kind");
        let says = kind["says"].as_str().unwrap();
        assert!(
            says.contains(words) && says.contains("`tokens.kinds`") && says.contains("personal-access-tokens/new"),
            "{says}"
        );
        assert_eq!(check(&ended, "github.reachable")["level"], "skipped");
        assert_eq!(check(&ended, "preflight.run")["level"], "skipped");
        // A run says the same, and asks nothing either.
        let mut run = world.command(&World::run_arguments(&[]));
        run.env("TASKCLASS_TOKEN", token);
        Running::start(run).wait().fails_clearly(3, &[words, "`tokens.kinds`"]);
    }
    assert_eq!(world.sim.requests(), Vec::<Value>::new());

    let soon = with_token(&world, "github_pat_soon", &["--format", "json"]).exits(0);
    let expiry = check(&soon, "token.expiry");
    assert_eq!(expiry["level"], "warn");
    assert!(expiry["says"].as_str().unwrap().starts_with("it expires in 2d 23h"), "{expiry}");
    let unknown = with_token(&world, "github_pat_unknown", &["--format", "json"]).exits(1);
    assert!(check(&unknown, "token.accepted")["says"].as_str().unwrap().contains("wrong, expired or revoked"));
    world.sim.advance(4 * 86_400);
    with_token(&world, "github_pat_soon", &[]).exits(1).prints(&["wrong, expired or revoked", "fix: make a new token"]);
}

#[test]
fn a_token_that_lives_too_long_or_lacks_a_permission_is_named_with_the_permission() {
    let rest = ", lasts: 200d, permissions: {contents: read, issues: write}, repositories: [\"acme/svc-*\"]";
    let world = World::with_scenario(&token("github_pat_narrow", "fine_grained_pat", rest));
    let ended =
        with_token(&world, "github_pat_narrow", &["--class", CLASS, "--repo", REPOSITORY, "--format", "json"]).exits(1);
    let amiss = amiss(&ended);
    for (name, part) in [
        ("token.expiry", "later than policy `tokens.max_age`"),
        ("token.agent_tasks", "agent_tasks=read"),
        // The firewall's setting cannot be read, so it counts as not met.
        ("preflight.run", "`repositories.require.firewall` could not be checked"),
        ("preflight.run", "copilot_agent_settings=read"),
    ] {
        assert!(amiss.iter().any(|line| line.starts_with(name) && line.contains(part)), "{name} {part}: {amiss:#?}");
    }
}

#[test]
fn a_repository_that_takes_no_work_is_named_with_every_reason_at_once() {
    let scenario =
        "repositories: [{name: acme/svc-orders, archived: true, rules: [], firewall: false, default_branch: trunk}]\n";
    let world = World::with_scenario(&format!(
        "{scenario}{}",
        token("github_pat_simulator", "fine_grained_pat", ", lasts: 60d")
    ));
    let ended = world.executor(&["doctor", "--repo", REPOSITORY, "--format", "json"]).exits(1);
    let amiss = amiss(&ended).join("\n");
    for part in [
        "`dependency-bump` on acme/svc-orders",
        "is archived",
        "has no branch `main`",
        "`repositories.require.firewall`",
    ] {
        assert!(amiss.contains(part), "{part}: {amiss}");
    }
    let nowhere = world.executor(&["doctor", "--repo", "evil/else", "--format", "json"]).exits(1);
    assert!(check(&nowhere, "preflight.repository")["says"].as_str().unwrap().contains("no class reaches evil/else"));
    world.executor(&["doctor", "--class", "zzz"]).exits(1).prints(&["there is no class `zzz`"]);
    world.executor(&["doctor", "--repo", "no name"]).exits(2);
}

#[test]
fn a_webhook_that_a_run_would_be_refused_for_is_bad_and_telemetry_that_goes_nowhere_is_said() {
    let world = World::slow();
    world.registry.replace(CLASS_FILE, "notify: [issue]", "notify: [\"webhook:oncall\"]");
    world.registry.commit("Whoever is on call is told");
    world.registry.approve_all();
    let hook = "notify: {webhooks: {oncall: {url: {command: [echo, \"http://127.0.0.1:9/hook\"]}, secret: {env: NOT_SET_ANYWHERE}}}}\n";
    let otlp = "telemetry: {otlp: {endpoint: \"http://127.0.0.1:9\", headers: {api-key: {env: NOT_SET_ANYWHERE}}}, prometheus: {file: no/where/x.prom}}\n";
    world.configure(&format!("{}{hook}{otlp}", world.config()));
    let bad = world.executor(&["doctor", "--class", CLASS, "--repo", REPOSITORY, "--format", "json"]).exits(1);
    let webhooks = check(&bad, "configuration.webhooks");
    assert!(webhooks["level"] == "bad" && webhooks["says"].as_str().unwrap().contains("webhook oncall"), "{webhooks}");
    let amiss = amiss(&bad).join("\n");
    for part in ["preflight.run: `dependency-bump` on acme/svc-orders: `escalation.ladder[0]", "api-key", "no/where"] {
        assert!(amiss.contains(part), "{part}: {amiss}");
    }
    world.run(&[]).fails_clearly(3, &["webhook:oncall"]);

    fs::create_dir_all(world.executor_folder().join("no/where")).unwrap();
    let sound = world.config()
        + &hook.replace("{env: NOT_SET_ANYWHERE}", "{command: [echo, a-secret-that-is-long-enough-for-it]}")
        + &otlp.replace("NOT_SET_ANYWHERE", "PATH");
    world.configure(&sound);
    let sound = world.executor(&["doctor", "--class", CLASS, "--repo", REPOSITORY, "--format", "json"]).exits(0);
    assert_eq!(check(&sound, "configuration.webhooks")["level"], "ok");
    assert_eq!(check(&sound, "configuration.telemetry")["level"], "ok");
}

#[test]
fn a_wrong_pin_a_clock_that_is_off_and_a_github_that_is_away_are_told_apart() {
    let world = World::slow();
    world.sim.advance(30);
    let off = world.executor(&["doctor", "--format", "json"]).exits(0);
    let clock = check(&off, "github.clock");
    assert!(clock["level"] == "warn" && clock["says"].as_str().unwrap().ends_with("behind GitHub's"), "{clock}");
    world.sim.advance(300);
    let off = world.executor(&["doctor", "--format", "json"]).exits(1);
    assert_eq!(check(&off, "github.clock")["level"], "bad");

    // A pin that does not fit: nothing of the registry can be believed, and GitHub is looked at all the same.
    let digest = world.registry.trust_digest();
    world.reconfigure(&digest, &format!("sha256:{}", "0".repeat(64)));
    let wrong = world.executor(&["doctor", "--repo", REPOSITORY, "--format", "json"]).exits(1);
    assert_eq!(check(&wrong, "registry.trust")["level"], "bad");
    assert_eq!(check(&wrong, "token.owner")["level"], "ok");
    assert_eq!(check(&wrong, "preflight.run")["level"], "skipped");

    world.reconfigure(&world.proxy.url(), "http://127.0.0.1:9");
    let away = world.executor(&["doctor", "--format", "json"]).exits(5);
    assert_eq!(check(&away, "github.reachable")["level"], "bad");
    assert_eq!(check(&away, "registry.trust")["level"], "ok");

    world.configure(&world.config().replace("watch: {", "watch: {often: 1s, "));
    let unusable = world.executor(&["doctor"]).exits(2);
    unusable.prints(&[
        "bad   the executor's configuration `executor.yaml` has errors",
        "bad   line 5: ",
        "often",
        "tools",
    ]);
    fs::remove_file(world.executor_folder().join("executor.yaml")).unwrap();
    world.executor(&["doctor", "--format", "json"]).exits(2).prints(&["there is no executor.yaml", "--config FILE"]);
    world.assert_nothing_posted();
}

#[test]
fn with_the_simulator_it_needs_no_configuration_and_leaves_no_trace() {
    let world = World::approved();
    let arguments = ["doctor", "--sim", "--class", CLASS, "--repo", REPOSITORY, "--format", "json"];
    let healthy = world.registry.taskclass(&arguments).exits(0);
    assert_eq!(healthy.json()["simulated"], true);
    assert_eq!(check(&healthy, "preflight.run")["level"], "ok");
    assert!(!world.registry.root().join(".git/taskclass-sim.jsonl").exists());
}
