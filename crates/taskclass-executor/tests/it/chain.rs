//! The hash chain finds any change, cut, reordering and insertion; the schema fits what is written.

use proptest::prelude::*;
use taskclass_executor::{
    audit::{Breach, Head, Verifier, verify},
    auditor::Auditor,
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
    assert_eq!((broken.line, broken.seq), (5, Some(5)));
    assert!(matches!(broken.breach, Breach::Link { .. }), "{broken}");
}

#[test]
fn what_is_wrong_is_told_apart() {
    let (lines, head) = log();
    let kind = |change: &dyn Fn(&mut Vec<String>)| {
        let mut lines = lines.clone();
        change(&mut lines);
        let broken = check(&lines, Some(&head)).unwrap_err();
        assert!(!broken.breach.advice().is_empty());
        broken
    };
    let edited = kind(&|lines| lines[3] = lines[3].replacen("octocat", "octocbt", 1));
    assert!(matches!(edited.breach, Breach::Changed { .. }), "{edited}");
    assert!(edited.at.is_some() && edited.to_string().contains("line 4: event 4 of 2026-12-01"), "{edited}");
    let spaced = kind(&|lines| lines[3] = lines[3].replacen("\":", "\": ", 1));
    assert_eq!(spaced.breach, Breach::NotCanonical);
    let cut = kind(&|lines| lines[3].truncate(100));
    assert_eq!(cut.breach, Breach::NotAnEvent { reason: "it ends in the middle".to_owned() });
    let removed = kind(&|lines| drop(lines.drain(3..5)));
    assert_eq!(removed.breach, Breach::Gap { expected: 4, found: 6, later: None });
    assert!(removed.to_string().contains("the events 4 to 5 are missing"), "{removed}");
    let doubled = kind(&|lines| lines.insert(4, lines[3].clone()));
    assert_eq!((doubled.line, doubled.breach), (5, Breach::Repeated { expected: 5, found: 4 }));
    // A look at what stands further down tells an order that was changed from events that were removed.
    let mut swapped = lines.clone();
    swapped.swap(3, 6);
    let mut broken = check(&swapped, Some(&head)).unwrap_err();
    assert!(broken.breach.wants_more());
    (5..).zip(&swapped[4..]).for_each(|(at, line)| broken.breach.look_on(at, line));
    assert_eq!(broken.breach, Breach::Gap { expected: 4, found: 7, later: Some(7) });
    assert!(broken.to_string().contains("reordered"), "{broken}");
}

#[test]
fn what_the_program_prints_verifies_although_what_hides_in_it_is_escaped() {
    let rig = Rig::new("");
    let mut executor = rig.open();
    let mut asked = crate::rig::bump("acme/svc-orders");
    asked.trigger = Some("a\u{202e}b\u{200b}\u{9b}c".to_owned());
    executor.start_run(&rig.class("dependency-bump"), &asked).unwrap();
    let raw = rig.store.all();
    assert!(raw.iter().any(|line| line.contains('\u{202e}')));
    let shown: Vec<String> = raw.iter().map(|line| taskclass_source::text::visible_json(line).into_owned()).collect();
    assert!(
        shown.iter().any(|line| line.contains("a\\u202eb\\u200b\\u009bc"))
            && shown.iter().all(|line| !line.contains('\u{202e}'))
    );
    assert_eq!(check(&shown, None), check(&raw, None));
    // No third form is taken for the same, and an edit within an escape is an edit.
    for (from, to) in [("\\u202e", "\\u202E"), ("\\u202e", "\\u202d"), ("\\u200b", "\\u200c")] {
        let edited: Vec<String> = shown.iter().map(|line| line.replace(from, to)).collect();
        assert!(check(&edited, None).is_err(), "{to}");
    }
}

#[test]
fn events_that_only_a_newer_version_knows_are_no_breach() {
    let (mut lines, head) = log();
    let mut after = head.clone();
    let mut value: serde_json::Value = serde_json::from_str(lines.last().unwrap()).unwrap();
    let fields = value.as_object_mut().unwrap();
    fields.remove("hash");
    fields.insert("seq".to_owned(), (head.count + 1).into());
    fields.insert("previous".to_owned(), head.hash.into());
    fields.insert("kind".to_owned(), "teleported".into());
    let canonical = serde_json_canonicalizer::to_string(&value).unwrap();
    let hash = sha256(&format!("taskclass-audit/v1\n{canonical}"));
    value.as_object_mut().unwrap().insert("hash".to_owned(), hash.clone().into());
    lines.push(serde_json_canonicalizer::to_string(&value).unwrap());
    (after.count, after.hash) = (after.count + 1, hash);
    assert_eq!(check(&lines, Some(&after)).unwrap().head, after);
    let mut auditor = Auditor::new(Vec::new());
    lines.iter().for_each(|line| drop(auditor.line(line).unwrap()));
    assert_eq!(auditor.foreign(), Some(after.count));
}

fn sha256(text: &str) -> String {
    taskclass_spec::Digest::of(text.as_bytes()).to_string().trim_start_matches("sha256:").to_owned()
}

#[test]
fn a_part_of_a_log_is_held_to_what_it_has() {
    let (lines, _) = log();
    let part: Vec<&String> = lines.iter().filter(|line| line.contains("\"key\":\"")).collect();
    let verify = |lines: &[&String]| {
        let mut verifier = Verifier::of_a_part();
        for line in lines {
            verifier.line(line)?;
        }
        verifier.finish(None)
    };
    let summary = verify(&part).unwrap();
    assert!(summary.first_seq > Some(1) && summary.events == part.len() as u64, "{summary:?}");
    let without = [&part[..2], &part[4..]].concat();
    assert_eq!(verify(&without).unwrap().missing, summary.missing + 2);
    let mut swapped = part.clone();
    swapped.swap(1, 2);
    assert!(verify(&swapped).is_err());
    let edited = part[2].replacen("octocat", "octocbt", 1);
    let mut changed = part.clone();
    changed[2] = &edited;
    assert!(matches!(verify(&changed).unwrap_err().breach, Breach::Changed { .. }));
}

#[test]
fn no_secret_and_no_prompt_is_in_the_log() {
    let (lines, _) = log();
    let text = lines.join("\n");
    assert!(!text.contains("github_pat_") && !text.contains("Done when"));
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
    fn any_byte_of_the_file_that_is_put_in_taken_out_or_changed_is_found(
        at in any::<prop::sample::Index>(), how in 0_u8..3, byte in any::<u8>(),
    ) {
        let (lines, head) = log();
        let whole = lines.iter().map(|line| format!("{line}\n")).collect::<String>().into_bytes();
        // What follows the last line feed is no line.
        let at = at.index(whole.len() - 1);
        let mut bytes = whole.clone();
        match how {
            0 => bytes[at] = byte,
            1 => drop(bytes.remove(at)),
            _ => bytes.insert(at, byte),
        }
        // What is no text is no log: the program says so before it looks at an event.
        let Ok(text) = String::from_utf8(bytes) else { return Ok(()) };
        prop_assume!(text.as_bytes() != whole);
        let lines: Vec<String> = text.strip_suffix('\n').unwrap_or(&text).split('\n').map(str::to_owned).collect();
        prop_assert!(check(&lines, Some(&head)).is_err(), "{how} at {at}");
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
