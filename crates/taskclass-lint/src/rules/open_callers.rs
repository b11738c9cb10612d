//! `open-callers`: a workload that more people control than the class means.

use taskclass_spec::Caller;

use crate::context::ClassContext;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// A workload that more people control than the class means.
    ///
    /// ## What it does
    /// Reports `oidc:repo:…` subjects that name neither a ref nor an environment, such as those of pull requests.
    ///
    /// ## Why it matters
    /// A workflow of a pull request is written by whoever opened it. As a caller it lets anyone start tasks.
    ///
    /// ## Bad
    /// ```yaml
    /// # taskclass: allow(unverified-caller): for the version that verifies such callers
    /// callers: {allow: ["github:team/acme/platform", "oidc:repo:acme/portal:pull_request"]}
    ///                                                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// # taskclass: allow(unverified-caller): for the version that verifies such callers
    /// callers: {allow: ["github:team/acme/platform", "oidc:repo:acme/portal:ref:refs/heads/main"]}
    /// ```
    name: "open-callers", family: Callers, level: Error, hold: Security, check: Class(check)
}

fn check(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    let Some(Some(callers)) = cx.class.callers else { return };
    for (index, caller) in callers.allow.iter().enumerate() {
        let Caller::Oidc(subject) = caller else { continue };
        let Some(rest) = subject.strip_prefix("repo:") else { continue };
        let bound = rest.split_once(':').is_some_and(|(_, what)| {
            let named = |prefix| what.strip_prefix(prefix).is_some_and(|name: &str| !name.is_empty());
            named("ref:refs/heads/") || named("ref:refs/tags/") || named("environment:")
        });
        if !bound {
            let at = cx.at(&format!("callers.allow[{index}]"));
            sink.report(at.value(""), "this caller is not bound to a branch or an environment", |finding| {
                finding.with_help("name one: `oidc:repo:owner/name:ref:refs/heads/main` or `…:environment:production`")
            });
        }
    }
}
