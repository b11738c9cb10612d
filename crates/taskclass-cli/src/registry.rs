//! The registry as commands look at it: a policy that must be sound, a class that must exist.

use std::sync::Arc;

use jiff::{Timestamp, tz::TimeZone};
use taskclass_lint::{Linter, Scope};
use taskclass_source::{Files, Finding, Level, ReadError};
use taskclass_spec::{Loaded, Registry, registry::Surroundings, suggest, written};

use crate::exit::{Exit, Failure};

/// The linter's errors in a document and in what it draws in: they keep it from being signed for and from being run.
pub(crate) fn lint_errors(files: &dyn Files, now: Timestamp, document: &Scope) -> Result<Vec<Finding>, ReadError> {
    let today = now.to_zoned(TimeZone::UTC).date();
    let mut findings = Linter::new(today).lint(files, document)?.findings;
    findings.retain(|finding| finding.level == Level::Error);
    Ok(findings)
}

/// The policy, or what is wrong with it.
pub(crate) fn policy_of(surroundings: &Surroundings) -> Result<Arc<written::Policy>, Failure> {
    let Some(loaded) = &surroundings.policy else {
        return Err(
            Failure::usage("the registry has no policy.yaml").help("`taskclass init` shows what one looks like")
        );
    };
    let policy = loaded
        .checked()
        .map_err(|findings| Failure::new(Exit::Findings, "policy.yaml has errors").findings(findings))?;
    Ok(Arc::new(policy.clone()))
}

/// The class of that name.
pub(crate) fn class_named<'r>(registry: &'r Registry, name: &str) -> Result<&'r Loaded<written::TaskClass>, Failure> {
    name.parse().ok().and_then(|name| registry.class(&name)).ok_or_else(|| {
        let near = suggest::closest(name, registry.class_names()).map(|near| format!("did you mean `{near}`?"));
        let known: Vec<&str> = registry.class_names().collect();
        Failure::usage(format!("there is no class `{name}` in this registry"))
            .help(near.unwrap_or_else(|| format!("there are: {}", known.join(", "))))
    })
}
