//! A log whose chain is whole can still be a lie: what was written anew shows by a replay, by the bytes beside it, and by a checkpoint.

use taskclass_executor::{
    Ledger, SqliteReader, SqliteStore,
    audit::{Breach, Broken, Checkpoint, Head, Sealed, cloud_event, seal},
    auditor::{Auditor, Kept, Noted},
    book::Book,
    event::{Body, Event},
    retention::prune,
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
}

/// Clears away what may be, as `state prune` does.
fn cleared(rig: &Rig) -> u64 {
    rig.clock.0.set(rig.clock.0.get() + jiff::SignedDuration::from_hours(24));
    let now = rig.clock.0.get();
    let mut book = Book::open(Box::new(rig.store.reopen()), now).unwrap();
    prune(&mut book, "alice", now, now).unwrap().payloads
}

/// Takes bytes away behind the journal's back.
fn take_away(rig: &Rig, sha256: taskclass_spec::Digest) {
    let mut store = rig.store.reopen();
    let head = store.head().unwrap();
    store.append(&head, &Batch { cleared: vec![sha256], ..Batch::default() }).unwrap();
}

fn kept(rig: &Rig) -> Result<Kept, Broken> {
    audit(&rig.store.all(), Vec::new())?.payloads(&rig.store).unwrap()
}

#[test]
fn what_was_cleared_away_and_stored_again_since_is_missed() {
    let rig = rig();
    let all = kept(&rig).unwrap().whole;
    assert_eq!(cleared(&rig), all);
    assert_eq!(kept(&rig).unwrap(), Kept { whole: 0, cleared: all });
    // The same inputs once more, long after they were cleared away.
    rig.clock.0.set(rig.clock.0.get() + jiff::SignedDuration::from_hours(24));
    let inputs = rig.bump_to_the_end().plan.inputs_sha256;
    let again = kept(&rig).unwrap();
    assert!(again.whole >= 1 && rig.store.payload(&inputs).unwrap().is_some(), "{again:?}");
    take_away(&rig, inputs);
    let broken = kept(&rig).unwrap_err();
    assert_eq!(broken.breach, Breach::PayloadGone { sha256: inputs });
}

#[test]
fn what_was_taken_away_before_the_rest_was_cleared_is_missing_in_the_count() {
    let rig = rig();
    let all = kept(&rig).unwrap().whole;
    let key = Ledger::load(&rig.store).unwrap().tasks.into_values().next().unwrap();
    take_away(&rig, key.plan.inputs_sha256);
    assert_eq!(cleared(&rig), all - 1);
    let broken = kept(&rig).unwrap_err();
    assert_eq!(broken.breach, Breach::OtherwiseCleared { expected: all, found: all - 1 });
}

#[test]
fn a_part_is_held_only_to_what_it_can_hold() {
    let rig = rig();
    let lines = rig.store.all();
    let of = |lines: &[String], noted: Noted| {
        let mut auditor = Auditor::of_a_part(vec![noted]);
        for line in lines {
            auditor.line(line).unwrap();
        }
        (auditor.absent().len(), auditor.finish(None).map(drop))
    };
    let at = |seq: usize| Noted::Checkpoint(Box::new(checkpoint(&rig, &lines[..seq])));
    let gap: Vec<String> = lines.iter().enumerate().filter(|(at, _)| *at != 5).map(|(_, line)| line.clone()).collect();
    assert_eq!(of(&lines[4..], at(2)), (1, Ok(())), "before it");
    assert_eq!(of(&gap, at(6)), (1, Ok(())), "in a gap");
    assert_eq!(of(&lines[4..], at(6)), (0, Ok(())), "in it");
    let (absent, cut) = of(&lines[4..7], at(9));
    assert!(absent == 0 && matches!(cut.unwrap_err().breach, Breach::PartEndsBeforeCheckpoint { seq: 9, found: 7 }));
    assert_eq!(of(&lines[4..], Noted::Hash("a".repeat(64))), (1, Ok(())));
    let mut other = checkpoint(&rig, &lines[..6]);
    other.hash = "a".repeat(64);
    let mut auditor = Auditor::of_a_part(vec![Noted::Checkpoint(Box::new(other))]);
    let broken = lines[4..].iter().find_map(|line| auditor.line(line).err()).unwrap();
    assert!(matches!(broken.breach, Breach::Rewritten { seq: 6, .. }), "{broken}");
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
