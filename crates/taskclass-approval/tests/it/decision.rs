//! The decision: what is approved, and the table of attacks on records, each refused with its own words.

use proptest::prelude::*;
use taskclass_approval::{Decision, decide::Standing};
use taskclass_spec::written::{DocumentKind, Revoked, Risk};

use crate::support::{ALICE, BOB, CAROL, OPTIONS, World, at, days, key, line, signed};

fn standing(world: &World) -> Standing {
    match world.decide() {
        Decision::Approved(standing) => standing,
        Decision::NotApproved(shortfall) => panic!("{shortfall}"),
    }
}

/// Everything that is said when the world is not approved.
fn refused(world: &World) -> String {
    match world.decide() {
        Decision::Approved(standing) => panic!("approved: {standing:?}"),
        Decision::NotApproved(shortfall) => shortfall.to_string(),
    }
}

#[test]
fn one_good_approval_is_enough_for_a_quorum_of_one() {
    let standing = standing(&World::approved());
    assert_eq!(standing.by.len(), 1);
    assert_eq!(standing.by[0].principal.as_str(), ALICE);
    assert_eq!(standing.by[0].key_fingerprint, key(ALICE).fingerprint());
    assert_eq!(standing.until, at("2027-05-20T10:00:00Z"));
    assert_eq!(standing.renew_from, at("2027-04-08T10:00:00Z"));
    assert!(standing.set_aside.is_empty());
}

/// The table: what is done to a world that is approved, and what is said then.
#[test]
fn each_attack_is_refused_with_its_own_words() {
    type Attack = fn(&mut World);
    macro_rules! signed_with {
        ($from:expr, $to:expr) => {
            |world| {
                let mut draft = world.draft(ALICE);
                let text = String::from_utf8(draft.bytes).unwrap();
                assert!(text.contains($from), "{}", $from);
                draft.bytes = text.replacen($from, $to, 1).into_bytes();
                world.approvals = vec![signed(&draft, &key(ALICE))];
            }
        };
    }
    let table: &[(&str, Attack, &str)] = &[
        (
            "nothing signed",
            |w| w.approvals.clear(),
            "0 of 1 approvals\n  needed: 1 signer, each with: taskclass approve dependency-bump",
        ),
        (
            "no signature file",
            |w| w.approvals[0].signature = Ok(None),
            "has no signature beside it; sign it: ssh-keygen -Y sign -n approval@taskclass",
        ),
        (
            "a signature over other bytes",
            |w| {
                let other = w.draft_at(ALICE, at("2026-11-22T10:00:00Z"), days(10));
                w.approvals[0].signature = signed(&other, &key(ALICE)).signature;
            },
            "it is over other bytes than these",
        ),
        (
            "a signature for another purpose",
            |w| {
                let mut draft = w.draft(ALICE);
                draft.namespace = taskclass_spec::signers::Namespace::Revocation;
                w.approvals = vec![signed(&draft, &key(ALICE))];
            },
            "made for the namespace `revocation@taskclass`, not for `approval@taskclass`",
        ),
        ("a signature without its record", |w| w.approvals[0].record = Ok(None), "is a signature without its record"),
        (
            "an unreadable record",
            |w| w.approvals[0].record = Err("it is a symbolic link".into()),
            "cannot be read: it is a symbolic link",
        ),
        ("a key that nobody knows", |w| w.trust = line(BOB, OPTIONS), "is not in trust/allowed_signers"),
        (
            "another person's key",
            |w| {
                let draft = w.draft(ALICE);
                w.approvals = vec![signed(&draft, &key(BOB))];
            },
            "belongs to bob@acme.com",
        ),
        (
            "a key for other purposes",
            |w| w.trust = line(ALICE, "namespaces=\"audit@taskclass\""),
            "may not sign for approval@taskclass; add that to its namespaces= in trust/allowed_signers, line 1",
        ),
        (
            "a key expired before it signed",
            |w| w.trust = line(ALICE, &format!("{OPTIONS},valid-before=\"20261101Z\"")),
            "was valid until 2026-11-01T00:00:00Z, and is no longer at 2026-11-21T10:00:00Z",
        ),
        (
            "a key expired since it signed",
            |w| w.trust = line(ALICE, &format!("{OPTIONS},valid-before=\"20261130Z\"")),
            "is no longer at 2026-12-01T00:00:00Z",
        ),
        (
            "a key not yet valid when it signed",
            |w| w.trust = line(ALICE, &format!("{OPTIONS},valid-after=\"20261122Z\"")),
            "is valid from 2026-11-22T00:00:00Z on, and was not yet at 2026-11-21T10:00:00Z",
        ),
        (
            "a revoked key",
            |w| w.revoke(BOB, Revoked::Key(key(ALICE).fingerprint().to_string())),
            "is revoked by bob@acme.com at 2026-11-25T00:00:00Z: it opens too many pull requests (revocations/",
        ),
        (
            "another registry",
            |w| w.registry = "acme/other".parse().unwrap(),
            "is for the registry acme/agent-tasks; this one is acme/other",
        ),
        (
            "another kind",
            |w| {
                w.subject.kind = DocumentKind::Policy;
                w.subject.name = "policy".into();
                w.subject.version = None;
            },
            "is for another kind of document",
        ),
        ("another name", |w| w.subject.name = "dependency-bumps".into(), "is for `dependency-bump`"),
        ("another version", |w| w.subject.version = Some(4), "names version 3, which is not this content's"),
        (
            "other content",
            |w| w.subject.digest = taskclass_spec::Digest::of(b"changed"),
            "approves other content (version 3, sha256:ed7002b439e9…); the content has changed since",
        ),
        ("another risk", |w| w.subject.risk = Risk::High, "was given for risk low; the risk is high now"),
        (
            "approved in the future",
            |w| w.now = at("2026-11-21T09:59:59Z"),
            "lies in the future (2026-11-21T09:59:59Z now)",
        ),
        ("over", |w| w.now = at("2027-05-20T10:00:00Z"), "expired at 2027-05-20T10:00:00Z"),
        (
            "longer than the policy lets it",
            |w| w.rules.max_age = days(179),
            "the policy's max_age of 179d ends it at 2027-05-19T10:00:00Z at the latest",
        ),
        (
            "a break-glass approval without a reason",
            |w| {
                let mut draft = w.draft_at(ALICE, at("2026-11-30T10:00:00Z"), days(1));
                let text = String::from_utf8(draft.bytes).unwrap();
                draft.bytes = text.replacen("\"note\":\"looked at it\",", "", 1).into_bytes();
                w.approvals = vec![signed(&draft, &key(ALICE))];
            },
            "is a break-glass approval (it lives 1d at most) without a reason; approve again and say why in the note",
        ),
        (
            "a break-glass approval with a reason that nobody sees",
            |w| {
                let mut draft = w.draft_at(ALICE, at("2026-11-30T10:00:00Z"), days(1));
                let text = String::from_utf8(draft.bytes).unwrap();
                draft.bytes = text.replacen("looked at it", "\u{200b} \u{2800}", 1).into_bytes();
                w.approvals = vec![signed(&draft, &key(ALICE))];
            },
            "is a break-glass approval (it lives 1d at most) without a reason; approve again and say why in the note",
        ),
        ("ends before it begins", signed_with!("2027-05-20", "2026-05-20"), "ends before it begins"),
        (
            "the author's own",
            |w| w.authors = vec!["Alice@Acme.com".into()],
            "Alice@Acme.com is the last author of this content; someone else has to approve it",
        ),
        (
            "under another's file name",
            |w| w.approvals[0].path = w.approvals[0].path.replace("alice", "carol"),
            "is misfiled: a record with this content is named approvals/dependency-bump/ed7002b439e9.alice@acme.com.json",
        ),
        (
            "under another folder",
            |w| w.approvals[0].path = w.approvals[0].path.replace("dependency-bump", "Dependency-bump"),
            "is misfiled",
        ),
        (
            "the content is revoked",
            |w| w.revoke(BOB, Revoked::Digest(w.subject.digest)),
            "is not approved: it has been revoked",
        ),
        (
            "the class is revoked",
            |w| w.revoke(BOB, Revoked::All),
            "revoked by bob@acme.com at 2026-11-25T00:00:00Z: it opens too many pull requests, with every approval until then; approve again if the content is right",
        ),
        (
            "duplicate JSON keys",
            signed_with!("\"risk\":\"low\"", "\"risk\":\"low\",\"risk\":\"low\""),
            "the record sets `risk` twice",
        ),
        ("trailing bytes", signed_with!("\"version\":3}", "\"version\":3}\n"), "bytes follow the record's end"),
        ("not canonical", signed_with!("{\"approved_at\"", "{ \"approved_at\""), "not in canonical form"),
        ("an unknown field", signed_with!("\"risk\"", "\"risky\":1,\"risk\""), "unknown field `risky`"),
    ];
    for (name, attack, words) in table {
        let mut world = World::approved();
        attack(&mut world);
        let said = refused(&world);
        assert!(said.contains(words), "{name}: {said}");
    }
}

#[test]
fn a_revocation_beats_any_number_of_approvals_and_outlives_its_key() {
    let mut world = World::approved();
    world.approve(BOB);
    world.approve(CAROL);
    assert_eq!(standing(&world).by.len(), 3);
    let digest = world.subject.digest;
    world.revoke(ALICE, Revoked::Digest(digest));
    assert!(refused(&world).contains("revoked by alice@acme.com"));
    // Alice's key ends later: what she revoked stays revoked, and not as something doubtful.
    world.trust = line(ALICE, &format!("{OPTIONS},valid-before=\"20261126Z\"")) + &line(BOB, OPTIONS);
    let said = refused(&world);
    assert!(said.contains("revoked by alice@acme.com") && !said.contains("cannot be checked"), "{said}");
}

#[test]
fn a_revocation_of_all_ends_what_was_approved_until_then_and_nothing_later() {
    let mut world = World::approved();
    world.revoke(BOB, Revoked::All);
    refused(&world);
    let draft = world.draft_at(CAROL, at("2026-11-26T00:00:00Z"), days(30));
    world.approvals.push(signed(&draft, &key(CAROL)));
    assert_eq!(standing(&world).by[0].principal.as_str(), CAROL);
}

#[test]
fn a_revocation_of_all_is_no_revocation_of_the_content() {
    let mut world = World::approved();
    world.revoke(BOB, Revoked::All);
    let Decision::NotApproved(shortfall) = world.decide() else { panic!("approved") };
    let [refusal] = shortfall.refusals.as_slice() else { panic!("{shortfall}") };
    assert_eq!((refusal.reason.code(), refusal.reason.is_revocation()), ("withdrawn", false));
    assert!(shortfall.to_string().contains("needed: 1 signer"), "{shortfall}");
}

#[test]
fn approvals_of_earlier_content_are_counted_and_what_is_broken_is_still_named() {
    let mut world = World::approved();
    world.approve(BOB);
    world.approve(CAROL);
    world.approvals[2].signature = Ok(None);
    world.subject.digest = taskclass_spec::Digest::of(b"newer");
    // What is misplaced does not pass for something old.
    world.approve(ALICE);
    world.approvals[3].path.push_str(".json");
    let said = refused(&world);
    assert!(said.contains("\n  3 approvals of earlier content; it has changed since"), "{said}");
    assert!(said.contains("is misfiled") && !said.contains("approves other content"), "{said}");
}

#[test]
fn a_revocation_of_other_content_changes_nothing() {
    let mut world = World::approved();
    world.revoke(BOB, Revoked::Digest(taskclass_spec::Digest::of(b"older")));
    standing(&world);
    world.subject.name = "another".to_owned();
    world.revoke(BOB, Revoked::All);
    world.subject.name = "dependency-bump".to_owned();
    standing(&world);
    world.registry = "acme/another".parse().unwrap();
    world.revoke(BOB, Revoked::All);
    world.registry = "acme/agent-tasks".parse().unwrap();
    standing(&world);
}

#[test]
fn breaking_a_revocation_does_not_undo_it() {
    let mut base = World::approved();
    let digest = base.subject.digest;
    base.revoke(BOB, Revoked::Digest(digest));
    type Breaking = fn(&mut World);
    let table: &[(Breaking, &str)] = &[
        (|w| w.revocations[0].signature = Ok(None), "cannot be checked and so stands: has no signature beside it"),
        (
            |w| w.revocations[0].record = Ok(Some(b"{}".to_vec())),
            "cannot be checked and so stands: the record is not valid",
        ),
        (|w| w.revocations[0].record = Err("it is a submodule".into()), "so stands: cannot be read: it is a submodule"),
        (|w| w.trust = line(ALICE, OPTIONS), "so stands: is signed by the key"),
        (
            |w| w.trust = line(ALICE, OPTIONS) + &line(BOB, "namespaces=\"approval@taskclass\""),
            "may not sign for revocation@taskclass",
        ),
        (
            |w| w.trust = line(ALICE, OPTIONS) + &line(BOB, &format!("{OPTIONS},valid-after=\"20261126Z\"")),
            "was not yet at 2026-11-25T00:00:00Z",
        ),
    ];
    for (breaking, words) in table {
        let mut world = base.clone();
        breaking(&mut world);
        let said = refused(&world);
        assert!(said.contains(words), "{said}");
    }
}

#[test]
fn a_quorum_counts_people_and_keys_once() {
    let mut world = World::approved();
    world.rules.quorum = 2;
    assert!(refused(&world).contains("1 of 2 approvals"));
    assert!(refused(&world).contains("needed: 1 other signer,"));
    // The same person with a second key.
    let second = key("alice's second key");
    world.trust += &format!("{ALICE} {OPTIONS} {}\n", second.public_openssh());
    let draft = world.draft_at(ALICE, at("2026-11-22T00:00:00Z"), days(10));
    world.approvals.push(signed(&draft, &second));
    let said = refused(&world);
    assert!(said.contains("1 of 2") && said.contains("repeats an approval of the same person or key"), "{said}");
    world.approve(BOB);
    let standing = standing(&world);
    assert_eq!(standing.by.iter().map(|by| by.principal.as_str()).collect::<Vec<_>>(), [ALICE, BOB]);
    assert_eq!(standing.set_aside.len(), 1);
}

#[test]
fn it_ends_with_the_approval_that_the_quorum_cannot_miss() {
    let mut world = World::approved();
    world.rules.quorum = 2;
    for (person, lasts) in [(BOB, 60), (CAROL, 30)] {
        let draft = world.draft_at(person, at("2026-11-21T10:00:00Z"), days(lasts));
        world.approvals.push(signed(&draft, &key(person)));
    }
    assert_eq!(standing(&world).until, at("2027-01-20T10:00:00Z"), "Bob's: with Alice's it still is two");
    world.trust =
        world.trust.replacen(&line(ALICE, OPTIONS), &line(ALICE, &format!("{OPTIONS},valid-before=\"20261210Z\"")), 1);
    assert_eq!(standing(&world).until, at("2026-12-21T10:00:00Z"), "a key's end counts like an approval's");
}

#[test]
fn a_short_approval_is_break_glass_wherever_the_quorum_needs_it() {
    let mut world = World::approved();
    world.rules.quorum = 2;
    let short = |w: &mut World, person: &str, lasts: u64| {
        let draft = w.draft_at(person, at("2026-11-30T12:00:00Z"), taskclass_spec::Duration::from_seconds(lasts));
        w.approvals.push(signed(&draft, &key(person)));
    };
    short(&mut world, BOB, 86_400);
    let found = standing(&world);
    assert_eq!(found.by.iter().map(|by| by.break_glass).collect::<Vec<_>>(), [false, true]);
    assert!(found.is_break_glass());
    assert_eq!(found.until, at("2026-12-01T12:00:00Z"));
    // A second more is an approval as any other.
    let mut longer = World::approved();
    longer.rules.quorum = 2;
    short(&mut longer, BOB, 86_401);
    assert!(!standing(&longer).is_break_glass());
    // A third person's lasting approval makes the short one needless.
    world.approve(CAROL);
    let found = standing(&world);
    assert!(!found.is_break_glass() && found.by[1].break_glass);
    // Of one person's two the lasting one counts, even where it ends first.
    world.now = at("2027-05-20T09:00:00Z");
    let draft = world.draft_at(ALICE, at("2027-05-20T08:00:00Z"), days(1));
    world.approvals.push(signed(&draft, &key(ALICE)));
    let found = standing(&world);
    assert!(!found.is_break_glass() && !found.by[0].break_glass);
    assert_eq!(found.until, at("2027-05-20T10:00:00Z"));
}

#[test]
fn what_does_not_count_is_named_beside_what_does() {
    let mut world = World::approved();
    world.authors = vec![BOB.to_owned()];
    world.approve(BOB);
    let standing = standing(&world);
    assert_eq!(standing.by.len(), 1);
    assert_eq!(standing.set_aside[0].reason.code(), "own-change");
    let json = serde_json::to_value(&standing.set_aside[0]).unwrap();
    assert_eq!(json["rule"], "own-change");
    assert_eq!(json["principal"], BOB);
    let json = serde_json::to_value(world.decide()).unwrap();
    assert_eq!(json["state"], "approved");
    assert_eq!(json["by"][0]["principal"], ALICE);
    assert_eq!(json["subject"]["kind"], "task-class");
}

#[test]
fn text_from_records_cannot_forge_output() {
    let mut world = World::approved();
    let mut draft = world.revocation(BOB, Revoked::All);
    let text = String::from_utf8(draft.bytes).unwrap().replace("it opens", "\\u001b[2K\u{202e}it opens");
    draft.bytes = text.into_bytes();
    world.revocations.push(signed(&draft, &key(BOB)));
    let said = refused(&world);
    assert!(said.chars().all(|c| !c.is_control() || c == '\n') && !said.contains('\u{202e}'), "{said:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn one_changed_byte_in_record_or_signature_is_never_approved(in_record: bool, at in 0..1000usize, bit in 0..8u8) {
        let mut world = World::approved();
        let file = &mut world.approvals[0];
        let bytes = match (in_record, &mut file.record, &mut file.signature) {
            (true, Ok(Some(bytes)), _) => bytes,
            (false, _, Ok(Some(bytes))) => bytes,
            _ => unreachable!(),
        };
        let at = at % bytes.len();
        bytes[at] ^= 1 << bit;
        prop_assert!(!world.decide().is_approved());
    }

    #[test]
    fn an_approval_counts_exactly_between_its_beginning_and_its_end(seconds in -20_000_000i64..40_000_000) {
        let mut world = World::approved();
        world.now = at("2026-11-21T10:00:00Z") + jiff::SignedDuration::from_secs(seconds);
        prop_assert_eq!(world.decide().is_approved(), (0..180 * 86_400).contains(&seconds));
    }

    #[test]
    fn more_approvals_never_take_an_approval_away(people in proptest::collection::vec(0..6usize, 0..8)) {
        let mut world = World::approved();
        world.rules.quorum = 2;
        let mut approved = false;
        for person in people {
            let person = [ALICE, BOB, CAROL, "eve@acme.com", "dave@acme.com", "mallory@acme.com"][person];
            world.approve(person);
            let now = world.decide().is_approved();
            prop_assert!(now || !approved);
            approved = now;
        }
    }
}
