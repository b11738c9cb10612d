//! `approval-expiring`: an approval that ends soon.

use taskclass_source::Label;

use crate::approvals::{Signed, Standing, day};
use crate::context::{ClassContext, PolicyContext};
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// An approval that ends soon.
    ///
    /// ## What it does
    /// Reports a class or a policy whose approvals are enough today and will not be within the policy's `approvals.warn_before`
    /// (14 days where it does not say): the record ends, or the signer's key.
    ///
    /// ## Why it matters
    /// On that day every run is refused. Renewing takes a person, who may be away.
    ///
    /// ## Bad
    /// ```yaml
    /// version: 1
    ///          ^
    /// # file: approvals/example/<digest>.alice@acme.com.json
    /// {"approved_at": "2026-06-09T10:00:00Z", "expires_at": "2026-12-01T10:00:00Z"}
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// version: 1
    /// # file: approvals/example/<digest>.alice@acme.com.json
    /// {"approved_at": "2026-11-20T10:00:00Z", "expires_at": "2027-05-19T10:00:00Z"}
    /// ```
    name: "approval-expiring", family: Trust, level: Warning, hold: Free, check: Class(class), Policy(policy)
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
    let Standing::Until(last) = signed.standing() else { return };
    if !signed.is_due(last.ends) {
        return;
    }
    let (end, person) = (day(last.ends), &last.record.principal);
    let when = match signed.days_until(last.ends) {
        0 => "today".to_owned(),
        1 => "tomorrow".to_owned(),
        days => format!("in {days} days"),
    };
    let message = format!("the approval of `{}` ends on {end}, {when}", signed.name);
    sink.report(signed.place(format!("this content is approved until {end}")), message, |finding| {
        let finding = match last.with_key.zip(signed.trust_source()) {
            Some((signer, source)) => {
                let place = signer.places().valid_before.unwrap_or(signer.places().key);
                finding.with_label(Signed::field(last.filed, "principal", "approved by")).with_label(Label::new(
                    source,
                    place,
                    "whose key ends then",
                ))
            }
            None => {
                finding.with_label(Signed::field(last.filed, "expires_at", format!("{person}'s approval ends here")))
            }
        };
        finding.with_help(format!("approve it anew: `{}`", signed.command(person)))
    });
}
