//! Whether a change of the policy counts for a class: whether the class, left as it is, may do something else under it.
//!
//! What no field here knows counts for every class. The rules' levels count for none: they decide what the linter lets into the
//! registry, not what a task may do; so it is with `approvals.warn_before`, which tells people and stops nobody.

use serde_json::Value;
use taskclass_source::path::Segment;
use taskclass_spec::{
    ModelId, PathPattern, RepoPattern,
    written::{Notice, Policy, Priority, TaskClass},
};

use crate::Change;

/// The policy on both sides.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Policies<'p> {
    pub(crate) before: &'p Policy,
    pub(crate) after: &'p Policy,
}

impl Policies<'_> {
    /// Whether `change` could count for any class at all.
    pub(crate) fn may_count(change: &Change) -> bool {
        !is_told_only(&keys(change)) && (!keys(change).is_empty() || change.path.is_root())
    }

    /// Whether `change`, one of the policy's, counts for `class`.
    pub(crate) fn counts(&self, change: &Change, class: &TaskClass) -> bool {
        match keys(change)[..] {
            [] => !change.is_layout(),
            ref keys if is_told_only(keys) => false,
            ["approvals", "quorum", risk] => risk == class.risk.word(),
            ["models", "allow", ..] => self.models(change, class, |policy| &policy.models.allow),
            ["models", "sensitive", "repositories", ..] => {
                entry(change).map_or_else(|| self.is_sensitive(class), |pattern| allows(class, &pattern))
            }
            ["models", "sensitive", "allow", ..] => {
                self.is_sensitive(class)
                    && self.models(change, class, |policy| {
                        policy.models.sensitive.as_ref().map_or(&[][..], |sensitive| &sensitive.allow)
                    })
            }
            ["models", "sensitive"] => self.is_sensitive(class),
            ["repositories", "deny", ..] => match entry(change) {
                Some(pattern) => allows(class, &pattern),
                None => self.differing(|policy| &policy.repositories.deny).any(|pattern| allows(class, pattern)),
            },
            ["paths", "deny", ..] => match entry(change) {
                Some(pattern) => touches(class, &pattern),
                None => self.differing(|policy| &policy.paths.deny).any(|pattern| touches(class, pattern)),
            },
            ["maxima", field] => self.maximum(field, class),
            ["free_reach"] => self.free_reach(class),
            ["reserve", ..] => class.limits.priority != Priority::Critical,
            ["escalation", "repository"] => {
                class.escalation.ladder.iter().any(|rung| rung.notify.contains(&Notice::Issue))
            }
            _ => true,
        }
    }

    /// Whether a list of models takes something from the class on one side and not on the other.
    fn models<'m>(&'m self, change: &Change, class: &TaskClass, list: impl Fn(&'m Policy) -> &'m [ModelId]) -> bool {
        let own = &class.model;
        let overrides = own.overrides.iter().flat_map(|one| std::iter::once(&one.default).chain(&one.allowed));
        let mut offered = std::iter::once(&own.default).chain(&own.allowed).chain(overrides);
        match entry::<ModelId>(change) {
            Some(model) => offered.any(|own| *own == model),
            None => offered.any(|own| list(self.before).contains(own) != list(self.after).contains(own)),
        }
    }

    /// Whether the class may run where either side's policy calls the repository sensitive.
    fn is_sensitive(&self, class: &TaskClass) -> bool {
        let sensitive = [self.before, self.after].into_iter().filter_map(|policy| policy.models.sensitive.as_ref());
        sensitive.flat_map(|sensitive| &sensitive.repositories).any(|pattern| allows(class, pattern))
    }

    /// What stands in a list on one side alone.
    fn differing<'p, T: PartialEq + 'p>(&'p self, list: impl Fn(&'p Policy) -> &'p [T]) -> impl Iterator<Item = &'p T> {
        let (a, b) = (list(self.before), list(self.after));
        let gone = a.iter().filter(move |entry| !b.contains(entry));
        gone.chain(b.iter().filter(move |entry| !a.contains(entry)))
    }

    /// Whether the smaller of the class's number and the policy's differs.
    fn maximum(&self, field: &str, class: &TaskClass) -> bool {
        let (a, b) = (&self.before.maxima, &self.after.maxima);
        let limits = &class.limits;
        match field {
            "per_task" => differs(class.budget.per_task, a.per_task, b.per_task),
            "per_day" => differs(class.budget.per_day, a.per_day, b.per_day),
            "run" => differs(limits.timeouts.run, a.run, b.run),
            "submissions_per_hour" => {
                let own = limits.submissions.and_then(|own| own.per_hour);
                differs_unless(own, a.submissions_per_hour, b.submissions_per_hour)
            }
            "in_flight" => differs_unless(limits.in_flight.and_then(|own| own.total), a.in_flight, b.in_flight),
            "open_pull_requests" => {
                let own = limits.open_pull_requests.and_then(|own| own.total);
                differs_unless(own, a.open_pull_requests, b.open_pull_requests)
            }
            "stage_repositories" => {
                let mut stages = class.rollout.iter().flat_map(|rollout| &rollout.stages);
                stages.any(|stage| differs(stage.repositories, a.stage_repositories, b.stage_repositories))
            }
            _ => true,
        }
    }

    /// Whether the class can reach more repositories than the smaller number allows to single runs.
    fn free_reach(&self, class: &TaskClass) -> bool {
        let allow = &class.repositories.allow;
        let fewer = self.before.free_reach.min(self.after.free_reach);
        !allow.iter().all(RepoPattern::is_literal) || u32::try_from(allow.len()).is_ok_and(|count| count > fewer)
    }
}

/// Whether a field of the policy decides on what people are told and nothing else.
fn is_told_only(keys: &[&str]) -> bool {
    matches!(keys, ["lint" | "schema", ..] | ["approvals", "warn_before"])
}

fn differs<T: Ord + Copy>(own: T, before: T, after: T) -> bool {
    own.min(before) != own.min(after)
}

fn differs_unless(own: Option<u32>, before: u32, after: u32) -> bool {
    own.map_or(before != after, |own| differs(own, before, after))
}

/// The keys of a change's path, up to its first place in a list.
fn keys(change: &Change) -> Vec<&str> {
    fn key(segment: &Segment) -> Option<&str> {
        match segment {
            Segment::Key(key) => Some(key),
            Segment::Index(_) => None,
        }
    }
    change.path.segments().iter().map_while(key).collect()
}

/// The one entry of a list that a change is about; `None` where it is about more or less.
fn entry<T: std::str::FromStr>(change: &Change) -> Option<T> {
    let text = |written: &crate::Written| match &written.value {
        Value::String(text) => Some(text.clone()),
        _ => None,
    };
    match (&change.before, &change.after) {
        (Some(one), None) | (None, Some(one)) => text(one)?.parse().ok(),
        _ => None,
    }
}

/// Whether the class may run in a repository that `pattern` matches.
fn allows(class: &TaskClass, pattern: &RepoPattern) -> bool {
    let own = &class.repositories;
    own.allow.iter().any(|allowed| meets(allowed, pattern)) && !own.deny.iter().any(|denied| denied.takes_in(pattern))
}

/// Whether some repository matches both. Names have no regard to case, and no `/` for a `*` to stop at.
fn meets(a: &RepoPattern, b: &RepoPattern) -> bool {
    let path = |pattern: &RepoPattern| pattern.as_str().to_ascii_lowercase().parse::<PathPattern>();
    match (path(a), path(b)) {
        (Ok(a), Ok(b)) => a.meets(&b),
        _ => true,
    }
}

/// Whether the class may change a path that `pattern` matches.
fn touches(class: &TaskClass, pattern: &PathPattern) -> bool {
    let own = &class.validation.paths;
    own.allow.iter().any(|allowed| allowed.meets(pattern)) && !own.deny.iter().any(|denied| denied.takes_in(pattern))
}
