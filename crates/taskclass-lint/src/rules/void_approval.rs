//! `void-approval`: an approval that does not count.

use crate::approvals::Signed;
use crate::context::{ClassContext, PolicyContext};
use crate::rule::{Sink, declare_rule};
use taskclass_source::Label;

declare_rule! {
    /// An approval that does not count.
    ///
    /// ## What it does
    /// Reports approvals of the present content that the executor sets aside: without a signature, for another registry or risk,
    /// revoked, dated in the future, longer than the policy allows, by somebody whom `trust/allowed_signers` does not name or does
    /// not let sign approvals; records under another name than their content asks for; signatures whose record is gone. Whether a
    /// signature holds is for `taskclass verify` to say.
    ///
    /// ## Why it matters
    /// Somebody believes that the class is approved.
    ///
    /// ## Bad
    /// ```yaml
    /// version: 1
    ///          ^
    /// # file: approvals/example/<digest>.mallory@acme.com.json
    /// {"principal": "mallory@acme.com"}
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// version: 1
    /// # file: approvals/example/<digest>.alice@acme.com.json
    /// {"principal": "alice@acme.com"}
    /// ```
    name: "void-approval", family: Trust, level: Warning, hold: Free, check: Class(class), Policy(policy)
}

fn class(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    if let Some(signed) = Signed::of_class(cx) {
        check(&signed, sink);
    }
}

fn policy(cx: &PolicyContext<'_>, sink: &mut Sink<'_>) {
    if let Some(found) = cx.approvals()
        && let Some(signed) = Signed::of_policy(cx, &found)
    {
        check(&signed, sink);
    }
}

fn check(signed: &Signed<'_>, sink: &mut Sink<'_>) {
    for (filed, record) in signed.records() {
        let person = &record.principal;
        if let Some(path) = Signed::misfiled(filed, record) {
            let message = format!("the approval of `{}` by {person} is misfiled", signed.name);
            sink.report(signed.place(""), message, |finding| {
                finding
                    .with_label(Label::mark(&filed.source, filed.source.whole()))
                    .with_help(format!("a record with this content is named `{path}`, its signature `{path}.sig`"))
            });
        } else if record.digest == signed.digest
            && let Ok(void) = signed.void(filed, record)
        {
            let message = format!("the approval of `{}` by {person} {}", signed.name, void.what);
            sink.report(signed.place("it does not count for this content"), message, |finding| void.explain(finding));
        }
    }
    for path in signed.lone_signatures() {
        sink.report(signed.place(""), format!("`{path}` is a signature without its record"), |finding| {
            finding.with_help("bring the record back, or delete the signature")
        });
    }
}
