//! A class with a slip, found, mended, refused, approved, run, judged, and told the same by every command that tells.

use serde_json::{Value, json};

use crate::harness::{CLASS, CLASS_FILE, World, texts};

/// The line of the prompt that the slip is made in.
const LINE: &str = "    Raise the dependency `{{ inputs.package }}` to version";

#[test]
fn a_slip_is_found_where_it_is_and_mended_and_the_class_lints_clean() {
    let world = World::new();
    let registry = &world.registry;
    registry.taskclass(&["lint"]).exits(0);
    registry.replace(CLASS_FILE, LINE, &LINE.replace("package", "packge"));
    let line = 1 + registry.read(CLASS_FILE).lines().position(|line| line.contains("inputs.packge")).unwrap();
    let found = registry.taskclass(&["lint"]).exits(1);
    let found = found.prints(&["undefined-variable", "packge", &format!("{CLASS_FILE}:{line}:")]);
    assert!(found.stdout.contains("package"), "the right name is not offered\n{found}");
    let findings = registry.taskclass(&["lint", "--format", "json"]).exits(1).json();
    assert_eq!(findings.to_string().matches("undefined-variable").count(), 1, "{findings}");
    registry.taskclass(&["lint", "--fix"]).exits(0);
    registry.taskclass(&["lint", "--fail-on", "warning"]).exits(0);
    assert!(registry.read(CLASS_FILE).contains(LINE));
    assert_eq!(registry.git(&["status", "--porcelain"]), "", "the fix has changed something else as well");
}

#[test]
fn nothing_reaches_github_before_policy_and_class_are_approved() {
    let world = World::new();
    let registry = &world.registry;
    world.run(&["--wait"]).fails_clearly(3, &["policy", "0 of 2"]);
    registry.approve("policy", "alice").exits(0);
    registry.commit("One approval of two");
    world.run(&["--wait"]).fails_clearly(3, &["policy", "1 of 2"]);
    registry.approve("policy", "bob").exits(0);
    registry.commit("The second");
    world.run(&["--wait"]).fails_clearly(3, &[CLASS, "0 of 1"]);
    world.run(&["--dry-run"]).fails_clearly(3, &[CLASS, "0 of 1"]);
    assert_eq!(world.sim.requests(), Vec::<Value>::new(), "what is not approved asks GitHub nothing at all");
    registry.taskclass(&["verify", CLASS]).exits(3).prints(&["not approved", "0 of 1"]);
    registry.approve(CLASS, "alice").exits(0);
    // An approval in the work tree is none: only what is committed counts.
    world.run(&["--dry-run"]).fails_clearly(3, &[CLASS, "0 of 1"]);
    registry.commit("The class as well");
    registry.taskclass(&["verify", "policy"]).exits(0).prints(&["2 of 2", "alice@acme.com", "bob@acme.com"]);
    registry.taskclass(&["verify", CLASS]).exits(0).prints(&["1 of 1", "alice@acme.com"]);
    world.run(&["--dry-run"]).exits(0).prints(&["POST /agents/repos/acme/svc-orders/tasks", "serde", "1.0.230"]);
    world.assert_nothing_posted();
    world.executor(&["status"]).exits(0).says(&["nothing has been run yet"]);
}

#[test]
fn whoever_made_the_change_does_not_approve_it() {
    let world = World::new();
    let registry = &world.registry;
    let line = registry.new_signer("dana");
    let trust = registry.read("trust/allowed_signers") + &line;
    registry.write("trust/allowed_signers", &trust);
    registry.commit("Dana signs as well");
    registry.approve(CLASS, "dana").fails_clearly(3, &["dana@acme.com", "somebody else"]);
}

#[test]
fn an_approved_class_runs_to_an_accepted_verdict_and_every_command_tells_the_same() {
    let world = World::with_pull_requests();
    world.registry.taskclass(&["verify", "--config", "../executor/executor.yaml", CLASS]).exits(0);
    let ran = world.run(&["--wait", "--trigger", "RUSTSEC-2026-0042", "--format", "json"]).exits(0).json();
    assert_eq!(ran["state"], "verdict.accepted");
    let (key, run) = (ran["key"].as_str().unwrap(), ran["run"].as_str().unwrap());

    // GitHub has exactly this task, as the class says it.
    let tasks = world.sim.tasks();
    assert_eq!(tasks.len(), 1, "{tasks:?}");
    let task = &tasks[0];
    assert_eq!(world.sim.creations().len(), 1);
    assert_eq!((&task["model"], &task["base_ref"]), (&json!("gpt-5.3-codex"), &json!("main")));
    assert_eq!(task["create_pull_request"], false, "the executor opens it once the branch is accepted");
    let prompt = task["prompt"].as_str().unwrap();
    for part in
        ["Raise the dependency `serde` to version 1.0.230 in acme/svc-orders", &format!("Task-Class-Key: {key}")]
    {
        assert!(prompt.contains(part), "`{part}` is not in the prompt:\n{prompt}");
    }
    let id = task["id"].as_str().unwrap();

    // The verdict stands at the commit, the pull request is open.
    let statuses = world.sim.posts_to(task_head(&world, key).as_str());
    assert_eq!(statuses.len(), 1, "{statuses:?}");
    let body: Value = serde_json::from_str(statuses[0]["body"].as_str().unwrap()).unwrap();
    assert_eq!((&body["context"], &body["state"]), (&json!("taskclass/verdict"), &json!("success")));
    assert_eq!(world.sim.posts_to("/pulls").len(), 1);

    // status, show, trace by every name, inbox.
    let views = world.views();
    let row = views.task();
    let mut told = ran.clone();
    // What only a run says: where its class was read.
    assert_eq!(
        told.as_object_mut().unwrap().remove("registry").unwrap()["commit"],
        world.registry.git(&["rev-parse", "HEAD"]).trim()
    );
    assert_eq!(row, told, "`run` and `status` tell two stories");
    assert_eq!(row["nano_credits"], 12_400_000_000_u64);
    assert!(row["pull_request_url"].as_str().unwrap().contains("acme/svc-orders"), "{row}");
    for name in [key, &key[..8], run, id] {
        assert_eq!(views.show(name)["row"], row, "show {name}");
    }
    let traced = views.trace(key);
    assert_eq!(traced.as_array().unwrap().len(), 1);
    assert_eq!(traced[0]["row"], row);
    assert_eq!(traced[0]["plan"]["caller"]["trigger"], "RUSTSEC-2026-0042");
    assert_eq!(texts(traced[0]["plan"]["approvals"].as_array().unwrap(), "principal"), ["alice@acme.com"]);
    let head = traced[0]["head_sha"].as_str().unwrap();
    let number = traced[0]["pull_request"]["number"].as_u64().unwrap();
    for name in [id, run, head, &format!("acme/svc-orders#{number}"), row["pull_request_url"].as_str().unwrap()] {
        assert_eq!(views.trace(name), traced, "trace {name}");
    }
    let waiting = world.executor(&["inbox", "--format", "json"]).exits(4).json();
    assert_eq!(waiting[0]["key"], key, "an open pull request waits for review: {waiting}");
    world.executor(&["trace", id]).exits(0).prints(&[key, "alice@acme.com", "accepted", "12.4", "Cargo.toml"]);
    world.executor(&["show", &key[..8]]).exits(0).prints(&[key, "verdict.accepted"]);
    world.executor(&["status", run]).exits(0).prints(&["dependency-bump", "verdict.accepted"]);

    // The log says the same in its order, and holds.
    let kinds = views.kinds();
    let story = [
        "begun",
        "registry_accepted",
        "planned",
        "queued",
        "sending",
        "accepted",
        "observed",
        "evidence_read",
        "judged",
    ];
    let mut rest = kinds.iter();
    for kind in story {
        assert!(rest.any(|found| found == kind), "`{kind}` is not in its place: {kinds:?}");
    }
    let events = views.events();
    let of_task: Vec<_> = events.iter().filter(|event| event["task_id"] == id).collect();
    assert!(!of_task.is_empty() && of_task.iter().all(|event| event["key"] == key), "{of_task:?}");
    let verified = world.executor(&["audit", "verify", "--format", "json"]).exits(0).json();
    let last = events.last().unwrap();
    assert_eq!((&verified["head"]["count"], &verified["head"]["hash"]), (&json!(events.len()), &last["hash"]));
    world.executor(&["audit", "verify"]).exits(0).prints(&["verified", last["hash"].as_str().unwrap()]);
    let tail = world.executor(&["audit", "tail", "-n", "1", "--format", "json"]).exits(0).json();
    assert_eq!(&tail, last);
}

/// The path of the status at the commit that was judged.
fn task_head(world: &World, key: &str) -> String {
    let traced = world.views().trace(key);
    format!("/statuses/{}", traced[0]["head_sha"].as_str().unwrap())
}

#[test]
fn checks_that_take_their_time_are_waited_for() {
    let world = World::approved();
    let checks = json!([{"name": "build", "after": "1s"}, {"name": "test", "after": "10m"}]);
    world.sim.agents(&json!({"sessions": [{"work": "1m"}], "checks": checks}));
    world.run(&["--wait"]).exits(0).prints(&["accepted"]);
    let reads = world.views().kinds().iter().filter(|kind| *kind == "evidence_read").count();
    assert!(reads >= 2, "{reads}");
}

#[test]
fn a_single_run_of_a_class_whose_proof_has_no_pull_request_opens_none() {
    let world = World::approved();
    world.run(&["--wait"]).exits(0);
    assert_eq!(world.sim.posts_to("/pulls").len(), 0);
    world.executor(&["inbox"]).exits(0).says(&["nothing waits"]);
}

#[test]
fn a_run_without_waiting_is_followed_by_ticks_to_the_same_end() {
    let world = World::approved();
    let begun = world.run(&["--format", "json"]).exits(0).json();
    let ended = world.tick_until_state("verdict.accepted");
    assert_eq!(begun["key"], ended["key"]);
    assert_eq!(world.sim.creations().len(), 1);
}

#[test]
fn a_result_out_of_scope_is_rejected_and_an_unanswerable_one_needs_a_person() {
    let world = World::approved();
    world.sim.agents(&json!({"sessions": [{"work": "3m", "files": [{"path": "infra/prod/main.tf"}]}], "checks": []}));
    world.run(&["--wait"]).exits(1).prints(&["rejected", "infra/prod/main.tf"]);
    assert_eq!(world.sim.posts_to("/pulls").len(), 0, "nothing that was rejected becomes a pull request");
    assert_eq!(world.sim.posts_to("/issues").len(), 1, "the class escalates on it");
    world.sim.agents(&json!({"sessions": [{"work": "3m", "outcome": "waiting_for_user"}]}));
    world
        .executor(&["run", CLASS, "--repo", "acme/svc-billing", "-i", "package=serde", "-i", "to=1.0.230", "--wait"])
        .exits(4);
    world.executor(&["inbox"]).exits(4).prints(&["acme/svc-billing", "acme/svc-orders"]);
}
