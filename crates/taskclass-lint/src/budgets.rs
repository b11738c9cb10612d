//! A class's budgets and the policy's: which of two rules speaks of a number that is too large.

use taskclass_spec::Credits;
use taskclass_spec::written::Budget;

use crate::context::{ClassContext, PolicyContext};

/// What the class gives for a field of `budget`.
pub(crate) fn budgeted(budget: &Budget, field: &str) -> Option<Credits> {
    match field {
        "per_task" => Some(budget.per_task),
        "per_day" => Some(budget.per_day),
        "per_month" => Some(budget.per_month),
        _ => None,
    }
}

/// The most that the policy allows for it, if it bounds it.
pub(crate) fn ceiling(policy: &PolicyContext<'_>, field: &str) -> Option<Credits> {
    match field {
        "per_task" => Some(policy.policy.maxima.per_task),
        "per_day" => Some(policy.policy.maxima.per_day),
        _ => None,
    }
}

/// The budget of the longer time that is smaller, also where the policy's ceiling is kept to.
pub(crate) fn out_of_order(cx: &ClassContext<'_>, budget: &Budget, shorter: &str) -> Option<(&'static str, Credits)> {
    let longer = match shorter {
        "per_task" => "per_day",
        "per_day" => "per_month",
        _ => return None,
    };
    let most = cx.policy().and_then(|policy| ceiling(policy, shorter));
    let own = budgeted(budget, shorter)?;
    let bound = budgeted(budget, longer)?;
    (most.map_or(own, |most| own.min(most)) > bound).then_some((longer, bound))
}
