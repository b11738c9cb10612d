//! `unknown-caller-form`: an OIDC subject that GitHub Actions does not issue.

use taskclass_spec::Caller;

use crate::context::ClassContext;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// An OIDC subject that GitHub Actions does not issue.
    ///
    /// ## What it does
    /// Reports `oidc:` callers whose subject does not begin with `repo:owner/name:`.
    ///
    /// ## Why it matters
    /// The subject is compared as a whole. One of another form never matches, and the caller is refused.
    ///
    /// ## Bad
    /// ```yaml
    /// # taskclass: allow(unverified-caller): for the version that verifies such callers
    /// callers: {allow: ["github:team/acme/platform", "oidc:acme/portal:ref:refs/heads/main"]}
    ///                                                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// # taskclass: allow(unverified-caller): for the version that verifies such callers
    /// callers: {allow: ["github:team/acme/platform", "oidc:repo:acme/portal:ref:refs/heads/main"]}
    /// ```
    name: "unknown-caller-form", family: Callers, level: Warning, hold: Free, check: Class(check)
}

fn check(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    let Some(Some(callers)) = cx.class.callers else { return };
    for (index, caller) in callers.allow.iter().enumerate() {
        if matches!(caller, Caller::Oidc(subject) if !subject.starts_with("repo:")) {
            let at = cx.at(&format!("callers.allow[{index}]"));
            sink.report(at.value(""), "GitHub Actions issues no subject of this form", |finding| {
                finding.with_help("write `oidc:repo:owner/name:ref:refs/heads/main`")
            });
        }
    }
}
