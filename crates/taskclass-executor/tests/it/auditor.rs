//! A log whose chain is whole can still be a lie: what was written anew shows by a replay, by the bytes beside it, and by a checkpoint.

use taskclass_executor::{
    SqliteReader, SqliteStore,
    audit::{Breach, Broken, Checkpoint, Head, Sealed, cloud_event, seal},
    auditor::{Auditor, Kept, Noted},
    event::{Body, Event},
    store::{Batch, Journal as _, Payload, Store as _},
    vocab::State,
};

use crate::rig::Rig;

fn rig() -> Rig {
    let rig = Rig::new("");
    rig.bump_to_the_end();
    rig
}

/// The log, each event changed or left out, and the chain made to fit again.
fn forged(lines: &[String], change: impl Fn(&mut Event) -> bool) -> Vec<String> {
    let mut head = Head::empty();
    let mut forged = Vec::new();
    for line in lines {
        let mut event: Event = serde_json::from_str(line).unwrap();
        if change(&mut event) {
            forged.push(seal(event, &mut head).unwrap().line);
        }
    }
    forged
}

fn audit(lines: &[String], noted: Vec<Noted>) -> Result<Auditor, Broken> {
    let mut auditor = Auditor::new(noted);
    for line in lines {
        auditor.line(line)?;
    }
    Ok(auditor)
}

fn checkpoint(rig: &Rig, lines: &[String]) -> Checkpoint {
    let mut auditor = Auditor::new(Vec::new());
    let entries: Vec<_> = lines.iter().map(|line| auditor.line(line).unwrap()).collect();
    Checkpoint::at(rig.store.id(), entries.last().unwrap(), entries.last().unwrap().observed)
}

#[test]
fn what_cannot_have_happened_shows_although_every_hash_fits() {
    let rig = rig();
    let lines = rig.store.all();
    assert!(audit(&lines, Vec::new()).unwrap().finish(Some(&rig.store.head().unwrap())).is_ok());
    for (why, forged) in [
        ("a request that was never written ahead", forged(&lines, |event| !matches!(event.body, Body::Sending { .. }))),
        (
            "another state than it was left in",
            forged(&lines, |event| {
                if matches!(event.body, Body::Judged(_)) {
                    event.to = Some(State::Merged);
                }
                true
            }),
        ),
        (
            "another state than it was found in",
            forged(&lines, |event| {
                if matches!(event.body, Body::Judged(_)) {
                    event.from = Some(State::Empty);
                }
                true
            }),
        ),
    ] {
        let broken = audit(&forged, Vec::new()).map(drop).unwrap_err();
        assert!(matches!(broken.breach, Breach::Illegal { .. }) && broken.seq.is_some(), "{why}: {broken}");
    }
}

#[test]
fn a_checkpoint_shows_a_rewrite_and_a_cut_and_another_journal() {
    let rig = rig();
    let lines = rig.store.all();
    let made = checkpoint(&rig, &lines[..lines.len() - 2]);
    let noted = || vec![Noted::Checkpoint(Box::new(made.clone()))];
    assert!(audit(&lines, noted()).unwrap().finish(None).is_ok(), "the log has gone on since, which is no breach");

    let rewritten = forged(&lines, |event| {
        if let Some(caller) = &mut event.subject.caller {
            caller.trigger = None;
        }
        true
    });
    assert!(audit(&rewritten, Vec::new()).unwrap().finish(None).is_ok(), "the chain alone cannot show it");
    let broken = audit(&rewritten, noted()).map(drop).unwrap_err();
    assert!(matches!(broken.breach, Breach::Rewritten { seq, .. } if seq == made.seq), "{broken}");

    let cut = audit(&lines[..lines.len() - 3], noted()).unwrap().finish(None).unwrap_err();
    assert_eq!(cut.breach, Breach::CutBeforeCheckpoint { seq: made.seq, found: made.seq - 1 });

    let mut other = made.clone();
    other.journal = "another".to_owned();
    let broken = audit(&lines, vec![Noted::Checkpoint(Box::new(other))]).map(drop).unwrap_err();
    assert!(matches!(broken.breach, Breach::OtherJournal { .. }), "{broken}");

    assert!(audit(&lines, vec![Noted::Hash(made.hash.clone())]).unwrap().finish(None).is_ok());
    let gone = audit(&lines, vec![Noted::Hash("a".repeat(64))]).unwrap().finish(None).unwrap_err();
    assert!(matches!(gone.breach, Breach::NoSuchHead { .. }), "{gone}");
}

#[test]
fn what_events_refer_to_is_there_or_was_cleared_away_by_an_event_that_says_so() {
    let rig = rig();
    let lines = rig.store.all();
    let whole = audit(&lines, Vec::new()).unwrap().payloads(&rig.store).unwrap().unwrap();
    assert!(whole.whole >= 3 && whole.cleared == 0, "inputs, request and evidence: {whole:?}");

    let sending = lines.iter().map(|line| serde_json::from_str::<Event>(line).unwrap());
    let request = sending
        .filter_map(
            |event| if let Body::Sending { request_sha256, .. } = event.body { Some(request_sha256) } else { None },
        )
        .next()
        .unwrap();
    let mut store = rig.store.reopen();
    let head = store.head().unwrap();
    store.append(&head, &Batch { cleared: vec![request], ..Batch::default() }).unwrap();
    let broken = audit(&rig.store.all(), Vec::new()).unwrap().payloads(&store).unwrap().unwrap_err();
    assert_eq!(broken.breach, Breach::PayloadGone { sha256: request });
    assert!(
        broken.seq.is_some() && broken.to_string().contains("nothing says that they were cleared away"),
        "{broken}"
    );

    let mut last: Event = serde_json::from_str(lines.last().unwrap()).unwrap();
    let before = last.observed + jiff::SignedDuration::from_secs(1);
    (last.key, last.run, last.from, last.to) = (None, None, None, None);
    last.subject = taskclass_executor::event::Subject::default();
    last.body = Body::Pruned { by: "alice".to_owned(), before, count: 1 };
    let mut after = head.clone();
    let sealed = seal(last, &mut after).unwrap();
    store.append(&head, &Batch { events: vec![sealed], ..Batch::default() }).unwrap();
    let kept = audit(&rig.store.all(), Vec::new()).unwrap().payloads(&store).unwrap().unwrap();
    assert_eq!(kept, Kept { whole: whole.whole - 1, cleared: 1 });
}

#[test]
fn bytes_that_were_changed_under_their_name_are_found() {
    let rig = rig();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.db");
    let mut batch = Batch::default();
    for line in rig.store.all() {
        batch.events.push(Sealed { event: serde_json::from_str(&line).unwrap(), line });
    }
    let mut names = Vec::new();
    let keep = &mut |sha256, _| {
        names.push(sha256);
        true
    };
    rig.store.payloads(keep).unwrap();
    let request = names[0];
    for sha256 in names {
        batch.payloads.push(Payload { sha256, bytes: rig.store.payload(&sha256).unwrap().unwrap() });
    }
    SqliteStore::open(&path).unwrap().append(&Head::empty(), &batch).unwrap();
    let raw = rusqlite::Connection::open(&path).unwrap();
    let sql = "UPDATE payloads SET bytes = x'7b7d' WHERE sha256 = ?1";
    assert_eq!(raw.execute(sql, [request.to_string()]).unwrap(), 1);
    drop(raw);
    let reader = SqliteReader::open(&path).unwrap();
    let broken = audit(&rig.store.all(), Vec::new()).unwrap().payloads(&reader).unwrap().unwrap_err();
    assert_eq!(broken.breach, Breach::Payload { sha256: request });
    assert!(broken.seq.is_some() && broken.to_string().contains("was changed"), "{broken}");
}

#[test]
fn a_cloud_event_is_one_and_its_data_can_still_be_verified() {
    let rig = rig();
    let mut auditor = Auditor::new(Vec::new());
    let mut ids = std::collections::BTreeSet::new();
    for line in rig.store.all() {
        let entry = auditor.line(&line).unwrap();
        let text = cloud_event(rig.store.id(), &line, &entry).unwrap();
        let event: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(event["specversion"], "1.0");
        assert_eq!(event["id"], format!("journal-of-the-test/{}", entry.seq));
        assert_eq!(event["source"], "urn:taskclass:journal:journal-of-the-test");
        assert_eq!(event["datacontenttype"], "application/json");
        assert_eq!(event["type"], format!("taskclass.audit.v1.{}", event["data"]["kind"].as_str().unwrap()));
        assert_eq!(event["time"], event["data"]["occurred"]);
        assert_eq!(
            event.get("subject").is_some(),
            event["data"].get("key").is_some() || event["data"].get("class").is_some()
        );
        assert_eq!(serde_json_canonicalizer::to_string(&event["data"]).unwrap(), line);
        assert!(!text.contains('\n') && ids.insert(event["id"].to_string()));
    }
}
