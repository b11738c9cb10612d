//! Records as a registry holds them: what is there, and where exactly each fault stands.

use taskclass_source::{InMemory, RegistryPath};
use taskclass_spec::{
    record::{Filed, Listed, below, canonical, listed, parse},
    written::{ApprovalRecord, RevocationRecord},
};

const GOOD: &str = r#"{"approved_at":"2026-11-21T10:00:00Z","digest":"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855","expires_at":"2027-05-20T10:00:00Z","kind":"task-class","name":"dependency-bump","principal":"alice@acme.com","registry":"acme/agent-tasks","reviewed_commit":"0123456789abcdef0123456789abcdef01234567","risk":"low","schema":"approval/v1","version":3}"#;

fn path(text: &str) -> RegistryPath {
    RegistryPath::new(text).unwrap()
}

fn filed(text: &[u8]) -> Filed<ApprovalRecord> {
    let listed = Listed { path: path("approvals/x/y.json"), has_record: true, has_signature: false };
    Filed::of(listed, text.to_vec())
}

/// What is said of a record, and the text that is marked.
fn faults(text: &str) -> Vec<(String, String)> {
    let filed = filed(text.as_bytes());
    filed.faults().into_iter().map(|fault| (fault.message, filed.source.slice(fault.span).to_owned())).collect()
}

#[test]
fn a_sound_record_has_no_fault_and_a_place_for_each_field() {
    let filed = filed(GOOD.as_bytes());
    let record = filed.record.as_ref().unwrap();
    assert_eq!(canonical(record).unwrap(), GOOD.as_bytes());
    assert_eq!(filed.faults(), []);
    assert_eq!(filed.source.slice(filed.place("risk")), "\"low\"");
    assert_eq!(filed.source.slice(filed.place("version")), "3");
    assert_eq!(filed.source.slice(filed.place("note")), GOOD, "a field that is not written is nowhere in particular");
}

#[test]
fn nothing_is_written_that_would_not_be_read() {
    let good = filed(GOOD.as_bytes()).record.unwrap();
    let refused = |change: fn(&mut ApprovalRecord)| {
        let mut record = good.clone();
        change(&mut record);
        canonical(&record).unwrap_err().to_string()
    };
    let note = refused(|record| record.note = "é".repeat(2001));
    assert_eq!(note, "the record is not valid: note: expected text of 0 to 2000 characters");
    let said = "the record is not valid: reviewed_commit: expected 40 or 64 lower-case hexadecimal digits";
    assert_eq!(refused(|record| record.reviewed_commit.push('0')), said);
    assert_eq!(refused(|record| record.reviewed_commit.make_ascii_uppercase()), said);
    let longest = ApprovalRecord { note: "é".repeat(2000), ..good };
    parse::<ApprovalRecord>(&canonical(&longest).unwrap()).unwrap();
}

#[test]
fn each_fault_is_told_where_it_stands() {
    let swap = |from: &str, to: &str| {
        assert!(GOOD.contains(from), "{from}");
        GOOD.replacen(from, to, 1)
    };
    for (text, said, marked) in [
        (swap("\"risk\":\"low\"", "\"risk\":\"high\",\"risk\":\"low\""), "sets `risk` twice", "\"risk\""),
        (swap("\"low\"", "\"lowest\""), "`risk` must be", "\"lowest\""),
        (swap("\"low\"", "\"low\",\"role\":\"admin\""), "`role` is not a field", "\"role\""),
        (swap("dependency-bump", "../x"), "expected a name", "\"../x\""),
        (format!("{GOOD}\n"), "bytes follow the record's end", "\n"),
        (swap(",\"risk\"", ", \"risk\""), "not in canonical form", " "),
        (swap("10:00:00Z\",\"digest", "10:00:00+00:00\",\"digest"), "not in canonical form", "+"),
        (GOOD[..GOOD.len() - 1].to_owned(), "not JSON", "3"),
    ] {
        let found = faults(&text);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].0.contains(said), "{said}: {found:?}");
        assert_eq!(found[0].1, marked, "{said}");
    }
    let two = faults(&swap("\"low\"", "\"lowest\"").replace("task-class", "class"));
    assert_eq!(two.len(), 2, "all departures at once: {two:?}");
    let filed = filed(b"\xff{}");
    assert_eq!(filed.source.slice(filed.faults()[0].span), "\u{fffd}");
}

#[test]
fn records_and_signatures_are_paired() {
    let files = InMemory::new()
        .with(path("revocations/a/x.json"), "{}")
        .with(path("revocations/a/x.json.sig"), "s")
        .with(path("revocations/b.json.sig"), "s")
        .with(path("revocations/README.md"), "no record");
    let pairs = listed(&files, &path("revocations")).unwrap();
    let seen: Vec<_> = pairs.iter().map(|one| (one.path.as_str(), one.has_record, one.has_signature)).collect();
    assert_eq!(seen, [("revocations/a/x.json", true, true), ("revocations/b.json", false, true)]);
    let found = below::<RevocationRecord>(&files, &path("revocations")).unwrap();
    assert_eq!((found.filed.len(), found.alone.len(), found.unreadable.len()), (1, 1, 0));
    assert!(found.filed[0].record.is_err() && found.alone[0].signature() == "revocations/b.json.sig");
}

#[test]
fn a_time_that_is_none_is_told_in_words_about_the_field() {
    let hour = GOOD.find("\"approved_at\":\"").unwrap() + "\"approved_at\":\"2026-10-28T".len();
    let mut text = GOOD.to_owned();
    text.replace_range(hour..hour + 2, "36");
    let messages: Vec<String> = filed(text.as_bytes()).faults().iter().map(|fault| fault.message.clone()).collect();
    let meant = "a date and time in UTC, such as `2026-01-31T09:30:00Z`";
    assert!(messages.iter().any(|message| message.contains(meant)), "{messages:?}");
}

proptest::proptest! {
    #[test]
    fn no_bytes_break_the_reader(bytes: Vec<u8>) {
        let filed = filed(&bytes);
        proptest::prop_assert_eq!(filed.record.is_err(), !filed.faults().is_empty());
    }

    #[test]
    fn a_record_with_one_byte_changed_is_marked_within_its_text(at in 0..GOOD.len(), byte in 0x20u8..0x7f) {
        let mut bytes = GOOD.as_bytes().to_vec();
        bytes[at] = byte;
        let filed = filed(&bytes);
        for fault in filed.faults() {
            proptest::prop_assert!(filed.source.text().get(fault.span.range()).is_some());
        }
        proptest::prop_assert_eq!(filed.record.is_err(), !filed.faults().is_empty());
    }
}
