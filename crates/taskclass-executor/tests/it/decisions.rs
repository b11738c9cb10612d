//! What a person may decide where, what the inbox asks for, and how a story is told.

use taskclass_executor::{
    Decision, Executor,
    answer::Answer,
    views,
    vocab::{Key, State, Verdict},
};
use taskclass_spec::written::AfterDeadline;

use crate::registry;
use crate::rig::Rig;

const REVIEWED: (&str, &str) =
    ("{name: proof, repositories: 1, repeat: 3, pull_request: never}", "{name: proof, repositories: 1, repeat: 3}");

fn answers(executor: &Executor<'_>) -> Vec<Answer> {
    views::inbox(executor.ledger()).iter().map(|item| item.answer).collect()
}

/// Giving it up is refused, says this, and changes nothing.
#[track_caller]
fn refuses(executor: &mut Executor<'_>, key: &Key, words: &[&str]) {
    let before = executor.ledger().tasks[key].clone();
    let said = executor.resolve(key, "mallory", Decision::Abandon).unwrap_err().to_string();
    assert!(words.iter().all(|word| said.contains(word)), "{said}");
    assert_eq!(executor.ledger().tasks[key], before);
}

#[test]
fn what_waits_for_its_review_is_not_given_up() {
    let rig = Rig::with(registry::edited(&[REVIEWED]), "");
    let mut executor = rig.open();
    let (run, key) = rig.bump(&mut executor);
    refuses(&mut executor, &key, &["intent.queued", "never sent", "taskclass cancel"]);
    rig.run_for(&mut executor, 120);
    refuses(&mut executor, &key, &["task.in_progress", "taskclass cancel"]);
    rig.settle(&mut executor, &run);
    assert_eq!(executor.ledger().tasks[&key].state, State::Judged(Verdict::Accepted));
    let number = executor.ledger().tasks[&key].pull.as_ref().unwrap().number;
    refuses(&mut executor, &key, &["verdict.accepted", &format!("#{number} is open"), "merged or closed"]);
    assert_eq!(answers(&executor), [Answer::Review]);
}

#[test]
fn what_is_over_is_not_given_up_and_has_nothing_to_be_cancelled() {
    let rig = Rig::new("agents:\n  - sessions: [{files: []}]\n");
    let task = rig.bump_to_the_end();
    let mut executor = rig.open();
    refuses(&mut executor, &task.key, &["verdict.rejected", "--acknowledge"]);
    let inbox = views::inbox(executor.ledger());
    assert_eq!((inbox.len(), inbox[0].answer), (1, Answer::Acknowledge));
    assert_eq!(inbox[0].deadline.map(|(_, then)| then), Some(AfterDeadline::Hold), "nothing is left to cancel");
    executor.resolve(&task.key, "alice", Decision::Acknowledge).unwrap();
    assert_eq!(answers(&executor), []);
}

#[test]
fn what_works_is_cancelled_at_the_deadline_and_the_inbox_says_so() {
    let rig = Rig::new("agents:\n  - sessions: [{pause: {state: waiting_for_user, after: 4m}}]\n");
    rig.bump_to_the_end();
    let executor = rig.open();
    let inbox = views::inbox(executor.ledger());
    assert_eq!((inbox.len(), inbox[0].answer), (1, Answer::Agent));
    assert_eq!(inbox[0].deadline.map(|(_, then)| then), Some(AfterDeadline::Cancel));
}

#[test]
fn what_nobody_can_judge_or_stop_may_be_given_up() {
    let inconclusive = Rig::new("agents:\n  - sessions: [{}]\n    checks: [{name: build}]\n");
    let task = inconclusive.bump_to_the_end();
    assert_eq!(task.state, State::Judged(Verdict::Inconclusive));
    let mut executor = inconclusive.open();
    assert_eq!(answers(&executor), [Answer::GiveUp]);
    executor.resolve(&task.key, "alice", Decision::Abandon).unwrap();
    assert_eq!(answers(&executor), []);

    let rig = Rig::new("agents:\n  - sessions: [{work: 50m}]\n    run: {on_cancel: ignored}\n");
    let mut executor = rig.open();
    let (_, key) = rig.bump(&mut executor);
    rig.run_for(&mut executor, 120);
    executor.cancel(&key, "alice", "wrong package").unwrap();
    refuses(&mut executor, &key, &["was told to stop"]);
    rig.run_for(&mut executor, 15 * 60);
    assert!(answers(&executor).contains(&Answer::Abandon), "{:?}", views::inbox(executor.ledger()));
    executor.resolve(&key, "alice", Decision::Abandon).unwrap();
    assert_eq!(executor.ledger().tasks[&key].state, State::Abandoned);
    refuses(&mut executor, &key, &["end.abandoned already"]);
}

#[test]
fn a_story_says_nothing_twice_and_everything_in_words() {
    let rig = Rig::with(registry::edited(&[REVIEWED]), "");
    let task = rig.bump_to_the_end();
    let story = views::show(&rig.store, &task).unwrap().story;
    let told: Vec<_> = story.iter().map(|line| (&line.what, &line.to)).collect();
    for (at, line) in told.iter().enumerate() {
        assert!(!told[..at].contains(line), "told twice: {line:?}");
    }
    assert!(told.iter().all(|(what, _)| !what.is_empty() && !what.contains("publish_status")), "{told:#?}");
    assert!(told.iter().any(|(what, _)| what.starts_with("published the verdict accepted on ")), "{told:#?}");
}
