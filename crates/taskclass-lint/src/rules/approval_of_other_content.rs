//! `approval-of-other-content`: the content has changed since it was approved, and its version has not.

use taskclass_source::Fix;
use taskclass_spec::record::Filed;
use taskclass_spec::written::ApprovalRecord;

use crate::approvals::{Signed, day};
use crate::common::{replace_scalar, with_fix};
use crate::context::{ClassContext, PolicyContext};
use crate::rule::{Sink, declare_rule};
use crate::rules::version_not_raised::not_raised;

declare_rule! {
    /// The content has changed since it was approved, and its version has not.
    ///
    /// ## What it does
    /// Compares the digest of a class, its prompt and partials included, with those in the approvals of its version. Of the policy,
    /// which has no version, it compares the last approval.
    ///
    /// ## Why it matters
    /// An approval is about one exact content. The executor refuses this one, and two contents under one version cannot be told
    /// apart in a log.
    ///
    /// ## Bad
    /// ```yaml
    /// version: 1
    ///          ^
    /// # file: approvals/example/0123456789ab.alice@acme.com.json
    /// {"digest": "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"}
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// version: 2
    /// # file: approvals/example/0123456789ab.alice@acme.com.json
    /// {"digest": "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "version": 1}
    /// ```
    name: "approval-of-other-content", family: Trust, level: Warning, hold: Free, check: Class(class), Policy(policy)
}

fn class(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    let Some(signed) = Signed::of_class(cx) else { return };
    let Some(version) = signed.version else { return };
    let others = others(&signed, |record| record.version >= Some(version));
    let Some((_, newest)) = others.last() else { return };
    // Beside a base the same cause has another name.
    if not_raised(cx).is_some() {
        return;
    }
    // One that names a version yet to come shows that the version went back.
    let next = newest.version.map_or(version, |highest| highest.max(version)) + 1;
    let at = cx.at("version");
    let fix =
        replace_scalar(&at, &next.to_string()).map(|edit| Fix::safe(format!("raise `version` to {next}"), vec![edit]));
    let message = match newest.version {
        Some(approved) if approved > version => {
            format!(
                "version {approved} of `{}` was approved, and this is version {version} with other content",
                signed.name
            )
        }
        _ => format!("version {version} of `{}` was approved with other content than this", signed.name),
    };
    report(&signed, &others, message, "the content has changed under this version", sink, |finding| {
        let command = signed.command(&newest.principal);
        with_fix(
            finding.with_help(format!("write `version: {next}`, commit it, and have it approved: `{command}`")),
            fix,
        )
    });
}

fn policy(cx: &PolicyContext<'_>, sink: &mut Sink<'_>) {
    let Some(found) = cx.approvals() else { return };
    let Some(signed) = Signed::of_policy(cx, &found) else { return };
    let mut others = others(&signed, |_| true);
    let Some((_, newest)) = others.last() else { return };
    let (message, command) = ("the policy has changed since it was approved", signed.command(&newest.principal));
    let last = newest.digest;
    others.retain(|(_, record)| record.digest == last);
    report(&signed, &others, message.to_owned(), "nobody has approved this content", sink, |finding| {
        finding.with_help(format!("have it approved anew: `{command}`"))
    });
}

type Filing<'a> = (&'a Filed<ApprovalRecord>, &'a ApprovalRecord);

/// The approvals of other content, the newest last; none where this one is approved.
fn others<'a>(signed: &Signed<'a>, concerns: impl Fn(&ApprovalRecord) -> bool) -> Vec<Filing<'a>> {
    let is_this = |(_, record): &Filing<'_>| record.digest == signed.digest;
    if signed.records().any(|filing| is_this(&filing)) {
        return Vec::new();
    }
    let about_it = |record: &ApprovalRecord| record.kind == signed.kind && record.name == signed.name;
    let mut all: Vec<_> = signed.records().filter(|(_, record)| about_it(record) && concerns(record)).collect();
    all.sort_by_key(|(_, record)| (record.version, record.approved_at));
    all
}

fn report(
    signed: &Signed<'_>,
    others: &[Filing<'_>],
    message: String,
    at_version: &str,
    sink: &mut Sink<'_>,
    more: impl FnOnce(taskclass_source::Finding) -> taskclass_source::Finding,
) {
    sink.report(signed.place(at_version), message, |mut finding| {
        for (filed, record) in others {
            let text = format!("{} approved this digest on {}", record.principal, day(record.approved_at));
            finding = finding.with_label(Signed::field(filed, "digest", text));
        }
        more(finding.with_note(format!("the digest of the content is {}", signed.digest)))
    });
}
