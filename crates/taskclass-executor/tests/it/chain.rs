//! The hash chain finds any change, cut, reordering and insertion; the schema fits what is written.

use proptest::prelude::*;
use taskclass_executor::{
    audit::{Breach, Head, verify},
    event::Event,
    store::Journal as _,
};

use crate::rig::Rig;

fn log() -> (Vec<String>, Head) {
    use std::sync::OnceLock;
    static LOG: OnceLock<(Vec<String>, Head)> = OnceLock::new();
    LOG.get_or_init(|| {
        let rig = Rig::new("");
        rig.bump_to_the_end();
        (rig.store.all(), rig.store.head().unwrap())
    })
    .clone()
}

fn check(
    lines: &[String],
    head: Option<&Head>,
) -> Result<taskclass_executor::audit::Summary, taskclass_executor::audit::Broken> {
    verify(lines.iter().map(String::as_str), head)
}

#[test]
fn a_whole_log_holds_and_says_how_far() {
    let (lines, head) = log();
    let summary = check(&lines, Some(&head)).unwrap();
    assert_eq!((summary.head, summary.end_checked), (head.clone(), true));
    assert!(!check(&lines, None).unwrap().end_checked);
    // A cut end shows only against the head that was written down elsewhere.
    let cut = &lines[..lines.len() - 1];
    assert!(check(cut, None).is_ok());
    let broken = check(cut, Some(&head)).unwrap_err();
    assert!(matches!(broken.breach, Breach::Tail { .. }), "{broken}");
}

#[test]
fn an_event_whose_hash_was_made_to_fit_breaks_the_next() {
    let (mut lines, head) = log();
    let mut event: Event = serde_json::from_str(&lines[3]).unwrap();
    event.executor_version = "9.9.9".to_owned();
    let mut before = Head { count: 3, hash: event.previous.clone() };
    lines[3] = taskclass_executor::audit::seal(event, &mut before).unwrap().line;
    let broken = check(&lines, Some(&head)).unwrap_err();
    assert_eq!((broken.line, broken.breach), (5, Breach::Link));
}

#[test]
fn no_secret_and_no_prompt_is_in_the_log() {
    let (lines, _) = log();
    let text = lines.join("\n");
    assert!(!text.contains("github_pat_") && !text.contains("Done when"));
}

#[test]
fn every_event_says_what_an_auditor_asks() {
    let (lines, _) = log();
    let accepted = lines.iter().find(|line| line.contains("\"kind\":\"accepted\"")).unwrap();
    let value: serde_json::Value = serde_json::from_str(accepted).unwrap();
    for field in [
        "approvals",
        "attempt",
        "base_ref",
        "base_sha",
        "caller",
        "class",
        "digest",
        "epoch",
        "executor_version",
        "from",
        "hash",
        "http_request_id",
        "http_status",
        "inputs_sha256",
        "key",
        "model_asked",
        "observed",
        "occurred",
        "previous",
        "prompt_sha256",
        "repository",
        "repository_id",
        "run",
        "schema",
        "seq",
        "stage",
        "task_id",
        "task_url",
        "to",
        "token_owner",
        "version",
    ] {
        assert!(value.get(field).is_some(), "{field}: {accepted}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_edited_byte_is_found(line in any::<prop::sample::Index>(), at in any::<prop::sample::Index>(), byte in 0x20_u8..0x7f) {
        let (mut lines, head) = log();
        let line = line.index(lines.len());
        let mut bytes = lines[line].clone().into_bytes();
        let at = at.index(bytes.len());
        prop_assume!(bytes[at].is_ascii() && bytes[at] != byte);
        bytes[at] = byte;
        let Ok(text) = String::from_utf8(bytes) else { return Ok(()) };
        lines[line] = text;
        let broken = check(&lines, Some(&head)).unwrap_err();
        prop_assert!(broken.line <= line as u64 + 2, "edited {}, found at {}", line + 1, broken.line);
    }

    #[test]
    fn any_removed_swapped_or_inserted_line_is_found(a in any::<prop::sample::Index>(), b in any::<prop::sample::Index>()) {
        let (lines, head) = log();
        let (a, b) = (a.index(lines.len()), b.index(lines.len()));
        let mut removed = lines.clone();
        removed.remove(a);
        prop_assert!(check(&removed, Some(&head)).is_err());
        let mut inserted = lines.clone();
        inserted.insert(b, lines[a].clone());
        prop_assert!(check(&inserted, Some(&head)).is_err());
        if a != b {
            let mut swapped = lines.clone();
            swapped.swap(a, b);
            let broken = check(&swapped, Some(&head)).unwrap_err();
            prop_assert_eq!(broken.line, a.min(b) as u64 + 1);
        }
    }
}

#[test]
fn the_schema_is_about_what_is_written() {
    let schema = serde_json::to_value(schemars::schema_for!(Event)).unwrap();
    let text = schema.to_string();
    for word in ["\"sending\"", "\"judged\"", "\"previous\"", "taskclass-audit/v1", "\"prompt_sha256\""] {
        assert!(text.contains(word), "{word}");
    }
}
