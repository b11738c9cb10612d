//! Who may sign, what is signed, and what has changed: what is said in each case, and where.

use taskclass_lint::{Linter, Report, Scope, fix};
use taskclass_source::{Finding, Level, Safety};

use crate::fixture::{self, lint_example};

const OTHER: &str = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

fn only(report: &Report) -> &Finding {
    let [finding] = report.findings.as_slice() else { panic!("{:#?}", report.findings) };
    finding
}

/// An approval of the example by `person`, with fields of its own.
fn approval(person: &str, fields: &str) -> String {
    format!("# file: approvals/example/<digest>.{person}@acme.com.json\n{{{fields}}}\n")
}

fn texts(finding: &Finding) -> Vec<(&str, &str, &str)> {
    let labels = std::iter::once(&finding.primary).chain(&finding.secondary);
    labels.map(|label| (label.source.path(), label.source.slice(label.span), label.text.as_str())).collect()
}

#[test]
fn each_way_in_which_an_approval_does_not_count_is_told_with_its_place() {
    for (fields, said, place) in [
        ("\"registry\": \"acme/other\"", "is for another registry, acme/other", "\"acme/other\""),
        ("\"risk\": \"high\"", "was given for another risk", "\"high\""),
        ("\"version\": 7", "names version 7, which is not this content's", "7"),
        (
            "\"approved_at\": \"2026-12-24T10:00:00Z\"",
            "is dated 2026-12-24, which lies in the future",
            "\"2026-12-24T10:00:00Z\"",
        ),
        (
            "\"expires_at\": \"2028-01-01T10:00:00Z\"",
            "lasts longer than the policy lets it, which ends it on 2027-05-19",
            "\"2028-01-01T10:00:00Z\"",
        ),
        ("\"expires_at\": \"2026-01-01T10:00:00Z\"", "ends before it begins", "\"2026-01-01T10:00:00Z\""),
    ] {
        let report = lint_example(&approval("alice", fields));
        let finding = only(&report);
        assert_eq!((&*finding.rule, finding.level), ("void-approval", Level::Warning), "{fields}");
        assert!(finding.message.ends_with(said), "{}", finding.message);
        assert_eq!(finding.primary.source.slice(finding.primary.span), "1");
        assert!(texts(finding).iter().any(|(_, text, _)| *text == place), "{fields}: {:?}", texts(finding));
        assert!(!finding.help.is_empty());
    }
}

#[test]
fn who_signed_is_looked_up_in_the_trust_file() {
    let trust = |line: &str| {
        format!(
            "# file: trust/allowed_signers\n{line}\nbob@acme.com namespaces=\"approval@taskclass\" ssh-ed25519 AAAA…bob\ncarol@acme.com namespaces=\"approval@taskclass\" ssh-ed25519 AAAA…carol\n"
        )
    };
    for (line, said) in [
        (
            "alice@acme.com namespaces=\"revocation@taskclass\" ssh-ed25519 AAAA…alice",
            "is by somebody who may not sign approvals",
        ),
        (
            "alice@acme.com namespaces=\"approval@taskclass\",valid-after=\"20270101Z\" ssh-ed25519 AAAA…alice",
            "was signed on 2026-11-20, when no key of alice@acme.com counted",
        ),
        ("", "is by somebody whom trust/allowed_signers does not name"),
    ] {
        let report = lint_example(&(trust(line) + &approval("alice", "")));
        assert!(only(&report).message.ends_with(said), "{}", only(&report).message);
    }
    // The key ends before the record does.
    let line = "alice@acme.com namespaces=\"approval@taskclass\",valid-before=\"20261201Z\" ssh-ed25519 AAAA…alice";
    let report = lint_example(&(trust(line) + &approval("alice", "")));
    let rules: Vec<_> = report.findings.iter().map(|finding| &*finding.rule).collect();
    assert_eq!(rules, ["approval-expiring", "expired-key"]);
    assert!(report.findings[0].message.ends_with("ends on 2026-12-01, in 10 days"), "{}", report.findings[0].message);
    assert!(texts(&report.findings[0]).contains(&(
        "trust/allowed_signers",
        "valid-before=\"20261201Z\"",
        "whose key ends then"
    )));
}

#[test]
fn a_revocation_and_a_lost_signature_are_told() {
    let revoked = "# file: revocations/example/0123456789ab.bob@acme.com.json\n{\"principal\": \"bob@acme.com\"}\n";
    let report = lint_example(&(approval("alice", "") + revoked));
    assert!(only(&report).message.ends_with("was revoked by bob@acme.com on 2026-11-20"), "{}", only(&report).message);
    let report = lint_example(&approval("alice", "").replace('{', "# without: signature\n{"));
    assert!(only(&report).message.ends_with("is not signed"), "{}", only(&report).message);
    assert!(only(&report).help[0].starts_with("sign it: `ssh-keygen -Y sign -n approval@taskclass -f KEY approvals/"));
    let report = lint_example(&approval("alice", "").replace("<digest>", "ffffffffffff"));
    assert!(only(&report).message.ends_with("is misfiled"), "{}", only(&report).message);
}

#[test]
fn the_quorum_decides_when_an_approval_ends() {
    let policy = "# file: policy.yaml\napprovals: {quorum: {low: 2, medium: 2, high: 2}, max_age: 180d}\n";
    let soon = "\"approved_at\": \"2026-06-09T10:00:00Z\", \"expires_at\": \"2026-12-01T10:00:00Z\"";
    let gone = "\"approved_at\": \"2026-05-01T10:00:00Z\", \"expires_at\": \"2026-10-28T10:00:00Z\"";
    // One of two is no approval yet, however soon it ends.
    assert_eq!(lint_example(&(policy.to_owned() + &approval("alice", soon))).findings, []);
    let report = lint_example(&(policy.to_owned() + &approval("alice", soon) + &approval("bob", "")));
    assert_eq!(&*only(&report).rule, "approval-expiring");
    assert!(only(&report).help[0].contains("taskclass approve example --as alice@acme.com --key FILE"));
    let report = lint_example(&(policy.to_owned() + &approval("alice", gone) + &approval("bob", "")));
    assert_eq!(&*only(&report).rule, "approval-expired");
    assert!(only(&report).message.ends_with("ended on 2026-10-28"), "{}", only(&report).message);
}

#[test]
fn approvals_are_found_whatever_stands_before_and_behind_them_and_whatever_the_scope() {
    let soon = "\"approved_at\": \"2026-06-09T10:00:00Z\", \"expires_at\": \"2026-12-01T10:00:00Z\"";
    let beside = ["example-two", "exampl", "examples"].map(|name| {
        format!(
            "# file: task-classes/{name}.yaml\nversion: 1\n# file: approvals/{name}/0123456789ab.bob@acme.com.json\n\
             {{\"name\": \"{name}\", \"version\": 7, \"digest\": \"{OTHER}\"}}\n"
        )
    });
    let fixture = fixture::read(&(approval("alice", soon) + &beside.concat()));
    let files = fixture::files(&fixture);
    let class = Scope::document(fixture::path(fixture::CLASS));
    for (scope, others) in [(Scope::All, 3), (class, 0)] {
        let report = Linter::new(jiff::civil::date(2026, 11, 21)).lint(&files, &scope).unwrap();
        let count = |rule: &str| report.findings.iter().filter(|finding| finding.rule == rule).count();
        assert_eq!((count("approval-expiring"), count("approval-of-other-content")), (1, others), "{scope:?}");
    }
}

#[test]
fn malformed_records_are_marked_at_the_fault() {
    for (fields, said, marked) in [
        ("\"expirs_at\": \"2027-01-01T00:00:00Z\"", "`expirs_at` is not a field", "\"expirs_at\""),
        ("\"risk\": \"lwo\"", "`risk` must be", "\"lwo\""),
        ("\"reviewed_commit\": \"main\"", "`reviewed_commit` must be", "\"main\""),
        ("\"kind\": \"policy\"", "the policy's name is `policy`", ""),
    ] {
        let report = lint_example(&approval("alice", fields));
        let finding = only(&report);
        assert_eq!(&*finding.rule, "malformed-approval", "{fields}");
        assert!(finding.message.contains(said), "{}", finding.message);
        assert!(marked.is_empty() || finding.primary.source.slice(finding.primary.span) == marked, "{fields}");
    }
    for (text, said, marked) in [("{\"a\" 1}", "is not JSON", "1"), ("not json", "is not JSON", "o")] {
        let report = lint_example(&format!("# file: approvals/example/0123456789ab.alice@acme.com.json\n{text}\n"));
        let finding = only(&report);
        assert!(finding.message.contains(said), "{}", finding.message);
        assert_eq!(finding.primary.source.slice(finding.primary.span), marked, "{text}");
    }
}

#[test]
fn twins_are_told_once_for_a_folder() {
    let record = |name: &str| {
        format!(
            "# file: approvals/{name}/0123456789ab.alice@acme.com.json\n{{\"name\": \"example\", \"digest\": \"{OTHER}\", \"version\": 7}}\n"
        )
    };
    let report = lint_example(&(record("example") + &record("Example")));
    let twins: Vec<_> = report.findings.iter().filter(|finding| finding.rule == "twin-files").collect();
    let [twin] = twins.as_slice() else { panic!("{twins:#?}") };
    assert_eq!(twin.message, "`approvals/example` and `approvals/Example` differ only in upper and lower case");
}

#[test]
fn a_policy_that_changed_since_it_was_approved_is_told() {
    let record = format!(
        "# file: approvals/policy/0123456789ab.alice@acme.com.json\n\
         {{\"kind\": \"policy\", \"name\": \"policy\", \"risk\": \"high\", \"digest\": \"{OTHER}\"}}\n# without: version\n"
    );
    let report = lint_example(&record);
    let finding = only(&report);
    assert_eq!((&*finding.rule, finding.primary.source.path()), ("approval-of-other-content", "policy.yaml"));
    assert!(finding.help[0].contains("taskclass approve policy --as alice@acme.com"), "{:?}", finding.help);
}

#[test]
fn a_version_rises_with_its_content_and_never_falls() {
    let base = "# file: task-classes/example.yaml@main\nversion: 3\n";
    assert_eq!(lint_example(&format!("version: 3\n{base}")).findings, [], "nothing has changed");
    assert_eq!(lint_example(&format!("# a comment\nversion: 3\n{base}")).findings, [], "a comment is no content");
    let report = lint_example(&format!("version: 2\n{base}"));
    assert_eq!(only(&report).message, "the version falls from 3 to 2");
    assert!(texts(only(&report)).contains(&("task-classes/example.yaml@main", "3", "3 at main")));
    let approved = format!(
        "# file: approvals/example/0123456789ab.bob@acme.com.json\n{{\"version\": 3, \"digest\": \"{OTHER}\"}}\n"
    );
    let report = lint_example(&format!("version: 3\ntitle: Change one thing, and well\n{base}{approved}"));
    assert_eq!(&*only(&report).rule, "version-not-raised", "one cause, one finding");
    // A partial counts.
    let class = "version: 3\nprompt: {template: \"{% include \\\"partials/x.md\\\" %} Change `{{ inputs.thing }}`. Done when the build passes.\"}\n";
    let partial = |text: &str, at: &str| format!("# file: task-classes/prompts/partials/x.md{at}\n{text}\n");
    let example = class.to_owned()
        + &partial("Small steps.", "")
        + "# file: task-classes/example.yaml@main\n"
        + class
        + &partial("Big steps.", "@main");
    let fixture = fixture::read(&example);
    let report = fixture::lint_fixture(&fixture);
    let finding = only(&report);
    assert_eq!(finding.message, "the content has changed, and the version is still 3");
    assert_eq!(finding.notes, ["`task-classes/prompts/partials/x.md`, which the prompt draws in, has changed"]);
    let fixed = fix::apply(&report.findings, Safety::Safe);
    assert!(fixed[0].text.contains("version: 4\n"), "{}", fixed[0].text);
}

#[test]
fn a_trust_file_is_mended_where_what_was_meant_is_plain() {
    let mended = |text: &str, safety| {
        let fixture = fixture::read(&format!("# file: trust/allowed_signers\n{text}"));
        let report = fixture::lint_fixture(&fixture);
        let fixed = fix::apply(&report.findings, safety);
        fixed.into_iter().map(|file| file.text).collect::<Vec<_>>()
    };
    let line = "alice@acme.com namespaces=\"approval@taskclass\" ssh-ed25519 AAAA…alice\n";
    let [twice] = &mended(&format!("{line}{line}"), Safety::Safe)[..] else { panic!() };
    assert_eq!(twice.lines().count(), 1);
    let [crlf] = &mended(&format!("# encoding: crlf\n{line}"), Safety::Safe)[..] else { panic!() };
    assert!(!crlf.contains('\r'));
    let hidden = mended(&format!("# a comment\r{line}"), Safety::Unsafe);
    assert_eq!(hidden, [] as [String; 0], "what stands in a comment must not become a line that counts");
    let bare = "alice@acme.com valid-before=\"20290101Z\" ssh-ed25519 AAAA…alice\n";
    assert_eq!(mended(bare, Safety::Safe), [] as [String; 0], "what a key is for is a person's word");
    let [named] = &mended(bare, Safety::Unsafe)[..] else { panic!() };
    assert!(
        named.starts_with("alice@acme.com namespaces=\"approval@taskclass,revocation@taskclass\",valid-before="),
        "{named}"
    );
    let report = lint_example(
        "# file: trust/allowed_signers\n# \u{202e}alice\nalice@acme.com namespaces=\"approval@taskclass\" ssh-ed25519 AAAA…alice\nbob@acme.com namespaces=\"approval@taskclass\" ssh-ed25519 AAAA…bob\n",
    );
    assert_eq!(&*only(&report).rule, "hidden-character");
}
