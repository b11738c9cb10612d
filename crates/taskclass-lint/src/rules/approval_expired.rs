//! `approval-expired`: an approval that has ended, and nothing in its place.

use crate::approvals::{Signed, Standing, day};
use crate::context::{ClassContext, PolicyContext};
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// An approval that has ended, and nothing in its place.
    ///
    /// ## What it does
    /// Reports a class or a policy of which an approval has ended, or the key that it was signed with, so that the ones that are
    /// left are not enough for the policy's quorum.
    ///
    /// ## Why it matters
    /// The executor refuses every run of the class; without an approved policy, of all classes.
    ///
    /// ## Bad
    /// ```yaml
    /// version: 1
    ///          ^
    /// # file: approvals/example/<digest>.alice@acme.com.json
    /// {"approved_at": "2026-05-01T10:00:00Z", "expires_at": "2026-10-28T10:00:00Z"}
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// version: 1
    /// # file: approvals/example/<digest>.alice@acme.com.json
    /// {"approved_at": "2026-11-20T10:00:00Z", "expires_at": "2027-05-19T10:00:00Z"}
    /// ```
    name: "approval-expired", family: Trust, level: Warning, hold: Free, check: Class(class), Policy(policy)
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
    let Standing::Ended(ended) = signed.standing() else { return };
    let Some(last) = ended.first() else { return };
    let message = format!("the approval of `{}` ended on {}", signed.name, day(last.ends));
    sink.report(signed.place("this content is not approved any more"), message, |mut finding| {
        for one in &ended {
            let (person, end) = (&one.record.principal, day(one.ends));
            let text = match one.with_key {
                Some(signer) => {
                    format!("{person}'s key ended on {end} (trust/allowed_signers, line {})", signer.line())
                }
                None => format!("{person}'s approval ended on {end}"),
            };
            finding = finding
                .with_label(Signed::field(one.filed, "expires_at", text))
                .with_help(format!("approve it anew: `{}`", signed.command(person)));
        }
        finding
    });
}
