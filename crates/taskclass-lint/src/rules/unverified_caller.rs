//! `unverified-caller`: a caller whom this version admits nobody as.

use taskclass_spec::Caller;

use crate::context::ClassContext;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// A caller as whom nobody is admitted.
    ///
    /// ## What it does
    /// Reports `oidc:` subjects in `callers.allow` beside other callers.
    ///
    /// ## Why it matters
    /// This version does not verify OIDC tokens: the line reads as if a workflow could run the class, and it cannot.
    ///
    /// ## Bad
    /// ```yaml
    /// callers: {allow: ["github:team/acme/platform", "oidc:repo:acme/portal:ref:refs/heads/main"]}
    ///                                                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// callers: {allow: ["github:team/acme/platform", "github:user/octocat"]}
    /// ```
    name: "unverified-caller", family: Callers, level: Warning, hold: Free, check: Class(check)
}

fn check(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    let Some(Some(callers)) = cx.class.callers else { return };
    // Where there is no other, `no-caller` says it.
    if callers.allow.iter().all(|caller| matches!(caller, Caller::Oidc(_))) {
        return;
    }
    for (index, caller) in callers.allow.iter().enumerate() {
        if matches!(caller, Caller::Oidc(_)) {
            let at = cx.at(&format!("callers.allow[{index}]"));
            sink.report(
                at.value(""),
                "this line admits nobody: this version does not verify OIDC callers",
                |finding| finding.with_help("name the person as whom the workflow runs the class: `github:user/LOGIN`"),
            );
        }
    }
}
