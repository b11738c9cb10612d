//! Records have one form; every other one is refused with its reason.

use taskclass_approval::write;
use taskclass_spec::record;
use taskclass_spec::written::{ApprovalRecord, RevocationRecord, Revoked};

use crate::support::{ALICE, World, key};

fn refusal(text: &str) -> String {
    record::parse::<ApprovalRecord>(text.as_bytes()).expect_err(text).to_string()
}

#[test]
fn a_record_is_written_as_the_format_says() {
    let draft = World::approved().draft(ALICE);
    let digest = taskclass_spec::Digest::of(b"content");
    assert_eq!(draft.path, format!("approvals/dependency-bump/{}.alice@acme.com.json", &digest.hex()[..12]));
    assert_eq!(draft.signature_path(), format!("{}.sig", draft.path));
    let expected = format!(
        r#"{{"approved_at":"2026-11-21T10:00:00Z","digest":"{digest}","expires_at":"2027-05-20T10:00:00Z","kind":"task-class","name":"dependency-bump","note":"looked at it","principal":"alice@acme.com","registry":"acme/agent-tasks","reviewed_commit":"0123456789abcdef0123456789abcdef01234567","risk":"low","schema":"approval/v1","version":3}}"#
    );
    assert_eq!(String::from_utf8(draft.bytes).unwrap(), expected);
}

#[test]
fn fractions_of_a_second_are_cut_off() {
    let draft = World::approved().draft_at(ALICE, "2026-11-21T10:00:00.999Z".parse().unwrap(), crate::support::days(1));
    let record: ApprovalRecord = record::parse(&draft.bytes).unwrap();
    assert_eq!(record.approved_at.to_string(), "2026-11-21T10:00:00Z");
}

#[test]
fn each_other_form_is_refused_with_its_reason() {
    let good = String::from_utf8(World::approved().draft(ALICE).bytes).unwrap();
    record::parse::<ApprovalRecord>(good.as_bytes()).unwrap();
    let swap = |from: &str, to: &str| {
        assert!(good.contains(from), "{from}");
        good.replacen(from, to, 1)
    };
    let cases = [
        (swap("\"risk\":\"low\"", "\"risk\":\"high\",\"risk\":\"low\""), "sets `risk` twice"),
        (swap("\"risk\":\"low\"", "\"ris\\u006b\":\"high\",\"risk\":\"low\""), "sets `risk` twice"),
        (format!("{good}\n"), "bytes follow the record's end, from byte"),
        (format!("{good}{good}"), "bytes follow the record's end"),
        (format!("{good} x"), "bytes follow the record's end"),
        (format!(" {good}"), "not in canonical form"),
        (swap(",\"risk\"", ", \"risk\""), "not in canonical form"),
        (swap("10:00:00Z\",\"digest", "10:00:00.000Z\",\"digest"), "not in canonical form"),
        (swap("10:00:00Z\",\"digest", "10:00:00+00:00\",\"digest"), "not in canonical form"),
        (swap("looked", "loo\\u006bed"), "not in canonical form"),
        (swap("\"version\":3", "\"version\":3.0"), "not valid"),
        (swap("\"risk\":\"low\"", "\"risk\":\"low\",\"role\":\"admin\""), "unknown field `role`"),
        (swap(",\"risk\":\"low\"", ""), "missing field `risk`"),
        (swap("approval/v1", "approval/v2"), "not valid"),
        (swap("\"task-class\"", "\"workflow\""), "not valid"),
        (swap("dependency-bump", "../x"), "expected a name"),
        (swap("dependency-bump", "dependency-bumр"), "expected a name"),
        (swap("0123456789abcdef0123456789abcdef01234567", "main"), "40 or 64 lower-case hexadecimal digits"),
        (swap("alice@acme.com", "*@acme.com"), "expected a signer's name"),
        (swap("looked at it", &"x".repeat(2001)), "text of 0 to 2000 characters"),
        (swap(",\"version\":3", ""), "a task class has a version"),
        (
            swap("\"task-class\",\"name\":\"dependency-bump\"", "\"policy\",\"name\":\"x\""),
            "the policy's name is `policy`",
        ),
        ("{".to_owned(), "not JSON"),
        (String::new(), "not JSON"),
        ("[]".to_owned(), "bytes follow"),
        (good.replace("looked", &"x".repeat(20_000)), "larger than"),
    ];
    for (text, message) in cases {
        let refused = refusal(&text);
        assert!(refused.contains(message), "{message}: {refused}");
    }
    assert!(record::parse::<ApprovalRecord>(b"\xff").unwrap_err().to_string().contains("not UTF-8"));
}

#[test]
fn a_revocation_of_a_key_names_a_whole_fingerprint() {
    let world = World::approved();
    let good = world.revocation(ALICE, Revoked::Key(key(ALICE).fingerprint().to_string()));
    record::parse::<RevocationRecord>(&good.bytes).unwrap();
    for short in ["SHA256:abc", "abc", ""] {
        let text = String::from_utf8(good.bytes.clone()).unwrap().replace(key(ALICE).fingerprint().as_str(), short);
        let refused = record::parse::<RevocationRecord>(text.as_bytes()).unwrap_err().to_string();
        assert!(refused.contains("is not a fingerprint"), "{refused}");
    }
}

#[test]
fn a_revocation_says_why_so_that_it_can_be_seen() {
    let world = World::approved();
    let good = world.revocation(ALICE, Revoked::All);
    write::printed_revocation(&good.bytes).unwrap();
    for blank in [" ", "\u{200b}", "\u{2800}\u{3164}", "…"] {
        let text = String::from_utf8(good.bytes.clone()).unwrap();
        let bytes = text.replace("it opens too many pull requests", blank).into_bytes();
        assert_eq!(write::printed_revocation(&bytes).unwrap_err(), write::WriteError::NoReason, "{blank:?}");
        // What stands in a registry already counts: nothing is approved again by a word.
        record::parse::<RevocationRecord>(&bytes).unwrap();
    }
}

proptest::proptest! {
    #[test]
    fn no_other_bytes_read_as_the_same_record(at in 0..400usize, byte: u8) {
        let good = World::approved().draft(ALICE).bytes;
        let mut changed = good.clone();
        let at = at % changed.len();
        proptest::prop_assume!(changed[at] != byte);
        changed[at] = byte;
        if let Ok(record) = record::parse::<ApprovalRecord>(&changed) {
            // One record, one form: what reads from other bytes is written as those bytes, so it is another record.
            proptest::prop_assert_eq!(record::canonical(&record).unwrap(), changed);
        }
    }
}
