//! Whether a rule had all before it that it goes by. Only then does its silence say that a suppression of it is unused.

use crate::context::RegistryContext;

/// What a run may have been given or not.
#[derive(Clone, Copy)]
enum Given {
    Base,
    Executor,
    Inventory,
}

/// Rules that can be suppressed and say nothing, or less, in a run that was not given these.
const NEEDS: [(&str, Given); 5] = [
    ("budget-below-history", Given::Executor),
    ("dead-pattern", Given::Inventory),
    ("missing-rollout", Given::Inventory),
    ("unknown-escalation-repository", Given::Inventory),
    ("version-not-raised", Given::Base),
];

/// Whether there is a sound policy, and nothing around the classes is broken or could not be read.
pub(super) fn is_sound(shared: &RegistryContext<'_>) -> bool {
    let around = shared.surroundings;
    shared.policy.is_some()
        && shared.unreadable.is_empty()
        && around.own_catalogue.as_ref().is_none_or(|own| own.written.is_some())
        && !matches!(around.inventory, Some(Err(_)))
        && around.trust.as_ref().is_none_or(|trust| trust.reading.problems.is_empty())
}

/// Whether the run was given what the rule `name` needs.
pub(super) fn suffices_for(shared: &RegistryContext<'_>, name: &str) -> bool {
    NEEDS.iter().filter(|(rule, _)| *rule == name).all(|(_, needed)| match needed {
        Given::Base => shared.base.is_some(),
        Given::Executor => shared.executor.is_some(),
        Given::Inventory => shared.inventory().is_some(),
    })
}

#[cfg(test)]
mod tests {
    use super::NEEDS;
    use crate::rule::Hold;
    use crate::rules::find;

    #[test]
    fn what_needs_something_is_a_rule_that_can_be_suppressed() {
        for (name, _) in NEEDS {
            assert_eq!(find(name).map(|rule| rule.hold), Some(Hold::Free), "{name}");
        }
    }
}
