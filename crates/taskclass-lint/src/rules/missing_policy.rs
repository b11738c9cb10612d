//! `missing-policy`: the registry has no policy.

use taskclass_source::{Label, SourceFile, Span};
use taskclass_spec::registry::paths;

use crate::context::RegistryContext;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// The registry has no policy.
    ///
    /// ## What it does
    /// Reports a registry without `policy.yaml`. What would follow from the policy is then not checked.
    ///
    /// ## Why it matters
    /// Without ceilings each class sets its own, and the executor refuses them all.
    ///
    /// ## Bad
    /// ```text
    /// task-classes/dependency-bump.yaml
    /// ```
    ///
    /// ## Good
    /// ```text
    /// policy.yaml
    /// task-classes/dependency-bump.yaml
    /// ```
    name: "missing-policy", family: Policy, level: Error, hold: Format, check: Registry(check)
}

fn check(cx: &RegistryContext<'_>, sink: &mut Sink<'_>) {
    let unreadable = cx.unreadable.iter().any(|error| error.path().as_str() == paths::POLICY);
    if cx.surroundings.policy.is_none() && !unreadable {
        let nothing = SourceFile::new(paths::POLICY, "");
        sink.report(Label::mark(&nothing, Span::at(0)), "this registry has no policy", |finding| {
            finding.with_help("`taskclass init` writes one to begin with")
        });
    }
}
