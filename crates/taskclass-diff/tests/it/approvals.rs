//! Who approved a document, who has to, and who may sign at all.

use taskclass_diff::{Approvals, Effect, Given, Kind, Standing, Status, render};

use crate::support::*;

/// Alice approved whatever the base holds; nobody the head's.
struct ByAlice;

impl Approvals for ByAlice {
    fn at_base(&self, _: Kind, _: &str) -> Option<Standing> {
        let given = Given { principal: "alice@acme.com".parse().unwrap(), until: now(), break_glass: false };
        Some(Standing { needed: 1, by: vec![given], approved: true, authors: Vec::new(), revoked: None })
    }

    fn at_head(&self, _: Kind, _: &str) -> Option<Standing> {
        Some(Standing {
            needed: 1,
            by: Vec::new(),
            approved: false,
            authors: vec!["Bob@acme.com".to_owned()],
            revoked: None,
        })
    }
}

#[test]
fn a_change_voids_what_was_approved_and_its_author_cannot_approve_it() {
    let head = registry().class("per_task: 40", "per_task: 30");
    let diff = diff_of(&registry().files(), &head.files(), &ByAlice);
    let approval = named(&diff, "bump").approval.as_ref().unwrap();
    assert_eq!((approval.needed_before, approval.needed, approval.voids.len()), (Some(1), 1, 1));
    let candidates: Vec<_> =
        approval.candidates.iter().map(|c| (c.principal.as_str(), c.hindrance.as_deref())).collect();
    assert_eq!(candidates, [("alice@acme.com", None), ("bob@acme.com", Some("the last change is their own"))]);
}

/// Alice has signed the head's content too, and one more has to.
struct HalfSigned;

impl Approvals for HalfSigned {
    fn at_base(&self, kind: Kind, name: &str) -> Option<Standing> {
        ByAlice.at_base(kind, name)
    }

    fn at_head(&self, kind: Kind, name: &str) -> Option<Standing> {
        Some(Standing { needed: 2, approved: false, ..ByAlice.at_base(kind, name)? })
    }
}

#[test]
fn who_has_signed_already_cannot_sign_for_another() {
    let head = registry().class("per_task: 40", "per_task: 30");
    let diff = diff_of(&registry().files(), &head.files(), &HalfSigned);
    let approval = named(&diff, "bump").approval.as_ref().unwrap();
    let candidates: Vec<_> =
        approval.candidates.iter().map(|c| (c.principal.as_str(), c.hindrance.as_deref())).collect();
    assert_eq!(candidates, [("alice@acme.com", Some("has signed it already")), ("bob@acme.com", None)]);
}

#[test]
fn layout_voids_nothing_and_a_raised_risk_asks_for_more() {
    let same = |text: &str| text.replace("risk: low", "risk:  low");
    let head = registry().with("task-classes/bump.yaml", &same(CLASS));
    let diff = edited(|_| head.clone());
    let approval = named(&diff, "bump").approval.as_ref().unwrap();
    assert!(approval.voids.is_empty() && approval.standing.is_none());
    let diff = edited(|registry| registry.class("risk: low", "risk: high"));
    let approval = named(&diff, "bump").approval.as_ref().unwrap();
    assert_eq!((approval.needed_before, approval.needed), (Some(1), 2));
}

#[test]
fn who_could_sign_is_said_by_the_trust_file_of_the_base() {
    let base = registry().edit("trust/allowed_signers", "alice@acme.com", "alice@acme.com valid-before=\"20261101Z\",");
    let base = base.edit("trust/allowed_signers", ", namespaces", ",namespaces");
    let line = format!("mallory@acme.com namespaces=\"approval@taskclass\" {THIRD_KEY}\n");
    let head = base.clone().class("per_task: 40", "per_task: 30").with("trust/allowed_signers", &line);
    let diff = diff(&base, &head);
    let approval = named(&diff, "bump").approval.as_ref().unwrap();
    let names: Vec<_> = approval.candidates.iter().map(|candidate| candidate.principal.as_str()).collect();
    assert_eq!(names, ["alice@acme.com", "bob@acme.com"]);
    assert!(approval.candidates[0].hindrance.as_ref().unwrap().contains("expired"));
}

#[test]
fn a_key_that_came_widens_and_one_that_went_narrows() {
    let line = format!("{TRUST}carol@acme.com namespaces=\"approval@taskclass\" {THIRD_KEY}\n");
    let came = edited(|registry| registry.with("trust/allowed_signers", &line));
    let trust = named(&came, "trust");
    assert_eq!((trust.kind, &trust.status, trust.effect()), (Kind::Trust, &Status::Changed, Effect::Widens));
    assert!(trust.changes[0].what.starts_with("`carol@acme.com` can sign with the key `SHA256:"));
    let went = diff(&registry().with("trust/allowed_signers", &line), &registry());
    assert_eq!(changes(named(&went, "trust")), [(Effect::Narrows, "[\"carol@acme.com\"]".to_owned())]);
}

#[test]
fn a_line_says_for_whom_for_what_and_how_long_a_key_counts() {
    let edit = |from: &str, to: &str| {
        let diff = edited(|registry| registry.edit("trust/allowed_signers", from, to));
        changes(named(&diff, "trust"))
    };
    let key = |effect, field: &str| [(effect, format!("[\"bob@acme.com\"].{field}"))];
    let bob = "bob@acme.com ";
    assert_eq!(edit(bob, "bob@acme.com valid-before=\"20270101Z\","), key(Effect::Narrows, "valid-before"));
    assert_eq!(edit(bob, "bob@acme.com valid-after=\"20250101Z\","), key(Effect::Narrows, "valid-after"));
    let taken = "bob@acme.com namespaces=\"approval@taskclass,revocation@taskclass\"";
    assert_eq!(edit(taken, "bob@acme.com namespaces=\"approval@taskclass\""), key(Effect::Narrows, "namespaces"));
    assert_eq!(edit(bob, "# moved\nbob@acme.com "), [(Effect::Neutral, String::new())]);
    assert_eq!(edit(bob, "dora@acme.com "), [(Effect::Widens, "[\"dora@acme.com\"].principal".to_owned())]);
}

#[test]
fn a_trust_file_that_is_written_otherwise_says_so() {
    let diff = edited(|registry| registry.with("trust/allowed_signers", &format!("# the team\n{TRUST}")));
    let human = render::human(&diff, render::Human { colour: false, width: 100 });
    for text in [human, render::markdown(&diff)] {
        assert!(text.contains("the whole document") && text.contains("written otherwise"), "{text}");
    }
}

#[test]
fn a_trust_file_that_is_refused_may_widen() {
    let diff = edited(|registry| registry.edit("trust/allowed_signers", "bob@acme.com", "*@acme.com"));
    let trust = named(&diff, "trust");
    assert_eq!((trust.effect(), trust.unreadable.len(), trust.changes.len()), (Effect::MayWiden, 1, 0));
}

#[test]
fn a_revocation_that_is_taken_away_widens() {
    let record = "revocations/bump/0123456789ab.alice@acme.com.json";
    let revoked = registry().with(record, "{}").with(&format!("{record}.sig"), "signature");
    let path = format!("[{record:?}]");
    assert_eq!(changes(named(&diff(&registry(), &revoked), "trust")), [(Effect::Narrows, path.clone())]);
    let back = diff(&revoked, &registry());
    assert_eq!(changes(named(&back, "trust")), [(Effect::Widens, path.clone())]);
    assert_eq!(named(&back, "trust").status, Status::Changed);
    let unsigned = registry().with(record, "{}");
    assert_eq!(changes(named(&diff(&unsigned, &revoked), "trust")), [(Effect::MayWiden, path)]);
}
