//! What the linter is told from outside the registry: what an executor knows.

use std::{collections::BTreeMap, path::Path};

use taskclass_executor::{Ledger, SqliteReader};
use taskclass_lint::{ExecutorFacts, Spent};
use taskclass_spec::{ClassName, Credits, NanoCredits};

use crate::{
    exit::Failure,
    machine::{self, read_config},
};

/// What the executor with this configuration knows: its webhooks, and, if it has a state already, what tasks cost.
pub(super) fn executor(path: &Path) -> Result<ExecutorFacts, Failure> {
    let (config, folder) = read_config(path)?;
    let webhooks = config.notify.map(|notify| notify.webhooks).unwrap_or_default();
    let webhooks = webhooks.into_keys().map(|name| name.to_string()).collect();
    let state = folder.join(&config.state);
    let spent = if state.exists() { spent(&state)? } else { BTreeMap::new() };
    Ok(ExecutorFacts { webhooks, spent })
}

fn spent(state: &Path) -> Result<BTreeMap<ClassName, Spent>, Failure> {
    let journal = SqliteReader::open(state).map_err(|error| machine::store_failure(&error))?;
    let ledger = Ledger::load(&journal).map_err(Failure::usage)?;
    let mut used: BTreeMap<ClassName, Vec<NanoCredits>> = BTreeMap::new();
    for task in ledger.tasks.values() {
        let settled = task.agent.as_ref().is_some_and(|agent| agent.state.is_settled());
        if let Some(usage) = task.usage().filter(|_| settled) {
            used.entry(task.plan.contract.class.clone()).or_default().push(usage);
        }
    }
    Ok(used.into_iter().filter_map(|(class, used)| Some((class, ninetieth(used)?))).collect())
}

/// What nine in ten cost at most, in whole credits, rounded up.
fn ninetieth(mut used: Vec<NanoCredits>) -> Option<Spent> {
    used.sort_by_key(|used| used.0);
    let rank = (used.len() * 9).div_ceil(10);
    let p90 = used.get(rank.checked_sub(1)?)?;
    let credits = p90.0.div_ceil(Credits(1).nanos().0);
    Some(Spent {
        tasks: u32::try_from(used.len()).unwrap_or(u32::MAX),
        p90: Credits(u32::try_from(credits).unwrap_or(u32::MAX)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nine_in_ten_cost_at_most_that_much() {
        let of = |credits: &[u32]| ninetieth(credits.iter().map(|credits| Credits(*credits).nanos()).collect());
        assert_eq!(of(&[]), None);
        assert_eq!(of(&[7]), Some(Spent { tasks: 1, p90: Credits(7) }));
        assert_eq!(of(&[90, 10, 20, 30, 40, 50, 60, 70, 80, 1000]), Some(Spent { tasks: 10, p90: Credits(90) }));
        assert_eq!(ninetieth(vec![NanoCredits(1)]).map(|spent| spent.p90), Some(Credits(1)));
    }
}
