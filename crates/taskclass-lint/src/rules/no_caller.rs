//! `no-caller`: nobody can run the class.

use taskclass_spec::Caller;

use crate::context::ClassContext;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// Nobody can run the class.
    ///
    /// ## What it does
    /// Reports `callers.allow` with nothing but `oidc:` subjects.
    ///
    /// ## Why it matters
    /// This version does not verify OIDC tokens, so such a line admits nobody: every run is refused.
    ///
    /// ## Bad
    /// ```yaml
    /// callers: {allow: ["oidc:repo:acme/portal:ref:refs/heads/main"]}
    ///                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// callers: {allow: ["github:team/acme/platform"]}
    /// ```
    name: "no-caller", family: Callers, level: Error, hold: Format, check: Class(check)
}

fn check(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    let Some(Some(callers)) = cx.class.callers else { return };
    if callers.allow.iter().all(|caller| matches!(caller, Caller::Oidc(_))) {
        let message = "nobody can run the class: this version does not verify OIDC callers";
        sink.report(cx.at("callers.allow").value(""), message, |finding| {
            let owner = cx.class.owners.and_then(|owners| owners.first()).map(|owner| owner.as_caller().to_string());
            let example = owner.unwrap_or_else(|| "github:team/ORG/TEAM".to_owned());
            finding.with_help(format!(
                "add a team or a person: `{example}`; or leave `callers` out, so that the owners may"
            ))
        });
    }
}
