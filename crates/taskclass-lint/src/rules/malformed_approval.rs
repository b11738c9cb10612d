//! `malformed-approval`: an approval record that cannot be read.

use taskclass_source::{Label, ReadError};
use taskclass_spec::record::{Filed, Found};
use taskclass_spec::written::ApprovalRecord;

use crate::approvals::record_faults;
use crate::context::{ClassContext, PolicyContext};
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// An approval record that cannot be read.
    ///
    /// ## What it does
    /// Reports records that are not JSON, set a key twice, lack a field or have one that does not exist, and those in another form
    /// than the one that is signed (RFC 8785, without a byte before or behind it).
    ///
    /// ## Why it matters
    /// It does not count. A record in another form than the signed one was changed by somebody, if only by an editor.
    ///
    /// ## Bad
    /// ```yaml
    /// # file: approvals/example/<digest>.alice@acme.com.json
    /// {"role": "admin"}
    ///  ^^^^^^
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// # file: approvals/example/<digest>.alice@acme.com.json
    /// {"note": "looked at the diff and at both rendered examples"}
    /// ```
    name: "malformed-approval", family: Trust, level: Warning, hold: Security, check: Class(class), Policy(policy)
}

fn class(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    if let Some(found) = cx.approvals() {
        check(found, || cx.at("version").value(""), cx.stem, sink);
    }
}

fn policy(cx: &PolicyContext<'_>, sink: &mut Sink<'_>) {
    if let Some(found) = cx.approvals() {
        check(&found, || cx.at("registry").value(""), "policy", sink);
    }
}

fn check(found: &Found<ApprovalRecord>, place: impl Fn() -> Label, name: &str, sink: &mut Sink<'_>) {
    let again = format!("delete it and approve again: `taskclass approve {name} --as PRINCIPAL --key FILE`");
    found.filed.iter().for_each(|filed: &Filed<_>| record_faults(filed, &again, sink));
    for error in &found.unreadable {
        unreadable(error, place(), sink);
    }
}

fn unreadable(error: &ReadError, place: Label, sink: &mut Sink<'_>) {
    sink.report(place, format!("an approval record cannot be read: {error}"), |finding| {
        finding.with_help("a record is a regular file of the registry")
    });
}
