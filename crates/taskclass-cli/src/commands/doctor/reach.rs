//! Where the token may write, and whether a class has any business there: a token that reaches further than the classes is a risk that
//! no rule in the registry can take away.

use std::collections::BTreeSet;

use taskclass_executor::Github;
use taskclass_github::{CallError, Repository};
use taskclass_spec::{RepoName, model::TaskClass, written::Policy};

use super::{
    registry::some,
    report::{Area, Check},
};

const AREA: Area = Area::Token;

/// A hundred repositories a page; an organisation with more is not looked through.
const PAGES: usize = 20;

/// One check an organisation that classes name.
pub(super) fn look(github: &Github<'_>, policy: &Policy, classes: &[TaskClass]) -> Vec<Check> {
    let owners: BTreeSet<String> = classes
        .iter()
        .flat_map(|class| &class.written().repositories.allow)
        .map(|pattern| pattern.owner().to_ascii_lowercase())
        .collect();
    owners.iter().map(|owner| of(github, policy, classes, owner)).collect()
}

fn of(github: &Github<'_>, policy: &Policy, classes: &[TaskClass], owner: &str) -> Check {
    let listed = github.list_org_repos(owner).and_then(|first| github.collect(first, PAGES));
    let repositories = match listed {
        Ok(listed) => listed.items,
        Err(CallError::TooManyPages { .. }) => {
            return Check::skipped(
                AREA,
                "reach",
                format!("{owner} has more repositories than are looked through for the token's reach"),
            );
        }
        // A person's repositories are no organisation's.
        Err(error) if error.is_not_found() => {
            return Check::skipped(AREA, "reach", format!("{owner} is no organisation that the token can list"));
        }
        Err(error) => return Check::warn(AREA, "reach", format!("where it may write is not known: {error}")),
    };
    let unsaid = repositories.iter().any(|repository| repository.permissions.is_none());
    let writable: BTreeSet<RepoName> = repositories.iter().filter(|live| may_write(live)).filter_map(name).collect();
    let has_business = |name: &RepoName| {
        policy.escalation.repository == *name || classes.iter().any(|class| class.reaches(name).is_ok())
    };
    let beyond: Vec<&str> = writable.iter().filter(|name| !has_business(name)).map(RepoName::as_str).collect();
    let says = format!("it may write to {} repositories of {owner}", writable.len());
    if unsaid {
        return Check::warn(AREA, "reach", format!("where it may write in {owner} is not known: GitHub does not say"));
    }
    if beyond.is_empty() {
        return Check::ok(AREA, "reach", format!("{says}, and to none that no class reaches"));
    }
    Check::warn(AREA, "reach", format!("{says}; no class reaches {} of them: {}", beyond.len(), some(&beyond)))
        .because("whoever gets hold of the token is bound by no class")
        .fix("give the token only the repositories that classes reach, and the one for escalations")
}

fn may_write(live: &Repository) -> bool {
    live.archived != Some(true) && live.permissions.is_some_and(|permissions| permissions.push)
}

fn name(live: &Repository) -> Option<RepoName> {
    live.full_name.parse().ok()
}
