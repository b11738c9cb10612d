//! Webhooks: sent until they are taken, always the same message, holding nothing up.

use jiff::{SignedDuration, Timestamp};
use taskclass_executor::{
    Decision,
    answer::Answer,
    lifecycle::{Occasion, Progress},
    vocab::Action,
};

use crate::escalation::{ASKS, Death, Does, Hooks, ISSUE, dies, lines, open, waiting};
use crate::registry::{self, Classes};
use crate::rig::{Rig, bump};

/// The class with this ladder.
fn class(ladder: &str) -> Classes {
    registry::edited(&[("[{after: 0m, notify: [issue]}]", ladder)])
}

const ONLY: &str = "[{after: 0m, notify: [\"webhook:oncall\"]}]";

fn failing(hooks: &Hooks, times: usize) {
    hooks.next.borrow_mut().extend((0..times).map(|_| Does::Answers(500)));
}

#[test]
fn it_is_sent_until_it_is_taken_with_one_id_and_longer_waits() {
    let rig = Rig::with(class(ONLY), ASKS);
    let hooks = Hooks::default();
    failing(&hooks, 5);
    let mut executor = open(&rig, &hooks, &Death::default());
    let (_, key) = rig.bump(&mut executor);
    rig.run_for(&mut executor, 3 * 3600);
    let got = hooks.got.borrow();
    assert_eq!(got.len(), 6);
    assert!(got.iter().all(|message| message.id == got[0].id && message.id.contains(key.as_str())));
    let waits: Vec<_> = got.windows(2).map(|pair| pair[1].at.duration_since(pair[0].at).as_secs()).collect();
    assert!(waits.windows(2).all(|pair| pair[1] >= pair[0] * 3 / 2) && waits[0] >= 2, "{waits:?}");
    assert_eq!(rig.requests(ISSUE), 0);

    let body: serde_json::Value = serde_json::from_slice(&got[5].body).unwrap();
    let task = &executor.ledger().tasks[&key];
    assert_eq!(body["type"], "taskclass.escalation");
    let data = &body["data"];
    assert_eq!((data["class"].as_str(), data["task"].as_str()), (Some("dependency-bump"), Some(key.as_str())));
    assert_eq!(
        (data["trigger"].as_str(), data["reason"].as_str()),
        (Some("waiting_for_user"), Some("the agent waits for a person"))
    );
    assert_eq!(data["owners"][0], "@acme/platform-deps");
    assert_eq!(data["task_url"].as_str(), task.at_github.as_ref().unwrap().url.as_deref());
    assert_eq!(data["deadline"]["do"], "cancel");
    let deadline: Timestamp = data["deadline"]["at"].as_str().unwrap().parse().unwrap();
    assert_eq!(deadline, task.episodes[0].opened + SignedDuration::from_hours(24));
    assert_eq!(data["next"][0].as_str(), Some(format!("taskclass show {}", key.short()).as_str()));
    assert_eq!((data["escalation"].as_u64(), data["rung"].as_u64()), (Some(1), Some(1)));
    let text = String::from_utf8(got[5].body.clone()).unwrap();
    assert!(!text.contains("Done when") && !text.contains("github_pat"), "neither prompt nor token: {text}");
}

#[test]
fn one_that_nobody_takes_for_a_day_waits_in_the_inbox() {
    let ladder = "[{after: 0m, notify: [\"webhook:oncall\"]}]";
    let class = registry::edited(&[
        ("[{after: 0m, notify: [issue]}]", ladder),
        ("deadline: {after: 24h, do: cancel}", "deadline: {after: 9d, do: hold}"),
        ("waiting: 24h", "waiting: 8d"),
    ]);
    let rig = Rig::with(class, ASKS);
    let hooks = Hooks::default();
    failing(&hooks, 18);
    let mut executor = open(&rig, &hooks, &Death::default());
    let (_, key) = rig.bump(&mut executor);
    rig.run_for(&mut executor, 3 * 86_400);
    assert_eq!(hooks.got.borrow().len(), 18, "and not without end");
    let task = &executor.ledger().tasks[&key];
    assert!(task.episodes.iter().all(|episode| episode.trigger != Occasion::GivenUp), "no notice about a notice");
    let items = waiting(&executor);
    assert!(items.contains(&(key.clone(), Answer::Retry)), "{items:?}");
    executor.resolve(&key, "alice", Decision::Retry).unwrap();
    rig.run_for(&mut executor, 60);
    assert_eq!(hooks.got.borrow().len(), 19);
    let ids: std::collections::BTreeSet<_> = hooks.got.borrow().iter().map(|message| message.id.clone()).collect();
    assert_eq!(ids.len(), 1, "still the same message");
    assert!(!waiting(&executor).contains(&(key, Answer::Retry)));
}

#[test]
fn a_process_that_dies_while_it_is_sent_sends_it_again() {
    let rig = Rig::with(class(ONLY), ASKS);
    let hooks = Hooks::default();
    hooks.next.borrow_mut().push_back(Does::Dies);
    let mut executor = open(&rig, &hooks, &Death::default());
    let (_, key) = rig.bump(&mut executor);
    dies(&rig, executor, 3600);
    let written = lines(&rig);
    assert!(written.contains("\"kind\":\"acting\"") && written.contains("webhook:oncall"), "written ahead");
    let mut executor = open(&rig, &hooks, &Death::default());
    rig.run_for(&mut executor, 60);
    let got = hooks.got.borrow();
    assert_eq!(got.len(), 2);
    assert_eq!(got[0].id, got[1].id);
    let task = &executor.ledger().tasks[&key];
    assert!(task.actions.values().any(|doing| matches!(doing.progress, Progress::Done { .. })));
}

#[test]
fn it_is_sent_while_github_does_not_answer() {
    let ladder = "[{after: 0m, notify: [issue]}, {after: 30m, notify: [\"webhook:oncall\"]}]";
    let rig = Rig::with(class(ladder), ASKS);
    let hooks = Hooks::default();
    let mut executor = open(&rig, &hooks, &Death::default());
    rig.bump(&mut executor);
    rig.run_for(&mut executor, 600);
    let down = "faults: [{operation: \"*\", count: 0, do: {kind: status, status: 503, when: before}}]\n";
    for fault in crate::rig::scenario(down).faults {
        rig.sim.borrow_mut().add_fault(fault);
    }
    rig.run_for(&mut executor, 3600);
    assert_eq!(hooks.got.borrow().len(), 1);
}

#[test]
fn nobody_is_told_of_what_has_been_answered_meanwhile() {
    let rig =
        Rig::with(class(ONLY), "agents:\n  - sessions: [{pause: {state: waiting_for_user, after: 4m, for: 30m}}]\n");
    let hooks = Hooks::default();
    failing(&hooks, 100);
    let mut executor = open(&rig, &hooks, &Death::default());
    let (run, key) = rig.bump(&mut executor);
    rig.run_for(&mut executor, 1800);
    let tried = hooks.got.borrow().len();
    assert!(tried > 3);
    rig.run_for(&mut executor, 3600);
    rig.settle(&mut executor, &run);
    rig.run_for(&mut executor, 86_400);
    assert!(hooks.got.borrow().len() <= tried + 2, "{tried}, {}", hooks.got.borrow().len());
    let task = &executor.ledger().tasks[&key];
    assert!(!task.actions.values().any(|doing| matches!(doing.action, Action::Notify { .. })), "{:?}", task.actions);
    assert!(waiting(&executor).is_empty());
}

#[test]
fn a_receiver_that_is_down_is_asked_once_a_while_however_much_there_is_to_tell() {
    let rig = Rig::with(class(ONLY), ASKS);
    let hooks = Hooks::default();
    failing(&hooks, 1000);
    let mut executor = open(&rig, &hooks, &Death::default());
    for repository in ["acme/svc-orders", "acme/svc-catalog", "acme/svc-payments"] {
        let asked = bump(repository);
        if let Err(error) = executor.start_run(&rig.class("dependency-bump"), &asked) {
            assert!(repository != "acme/svc-orders", "{error}");
        }
    }
    rig.run_for(&mut executor, 1800);
    let got = hooks.got.borrow();
    let gaps: Vec<_> = got.windows(2).map(|pair| pair[1].at.duration_since(pair[0].at).as_secs()).collect();
    assert!(gaps.iter().all(|gap| *gap >= 2), "{gaps:?}");
    assert!(got.len() < 14, "{}", got.len());
}

#[test]
fn a_class_whose_webhook_is_not_there_is_not_run() {
    let rig = Rig::with(class("[{after: 0m, notify: [issue, \"webhook:nobody\"]}]"), "");
    let hooks = Hooks::default();
    let mut executor = open(&rig, &hooks, &Death::default());
    let refused = executor.start_run(&rig.class("dependency-bump"), &bump("acme/svc-orders")).unwrap_err().to_string();
    assert!(
        refused.contains("`escalation.ladder[0].notify[1]`: `webhook:nobody` tells nobody: it is not configured"),
        "{refused}"
    );
}

/// The signature as a receiver computes it, by its own means: HMAC from its definition, over SHA-256 alone.
#[test]
fn a_receiver_can_check_who_sent_it() {
    use sha2::{Digest as _, Sha256};
    use taskclass_executor::webhook::{Message, Secret};

    let key = b"a secret of some thirty-two bytes";
    let secret = Secret::parse(std::str::from_utf8(key).unwrap()).unwrap();
    let message =
        Message { id: "m_1".to_owned(), at: "2026-11-21T22:00:00.5Z".parse().unwrap(), body: b"{\"a\": 1}".to_vec() };
    let headers: std::collections::BTreeMap<_, _> = message.headers(&secret).into_iter().collect();
    let signed = [headers["webhook-id"].as_bytes(), headers["webhook-timestamp"].as_bytes(), &message.body].join(&b'.');
    let pad = |byte: u8| -> Vec<u8> { (0..64).map(|at| key.get(at).copied().unwrap_or(0) ^ byte).collect() };
    let inner = Sha256::digest([pad(0x36), signed].concat());
    let outer = Sha256::digest([pad(0x5c), inner.to_vec()].concat());
    assert_eq!(headers["webhook-signature"], format!("v1,{}", data_encoding::BASE64.encode(&outer)));
    assert_eq!(headers["webhook-timestamp"], "1795298400");
}
