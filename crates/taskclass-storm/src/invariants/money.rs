//! Budget and slots: a sum of our own over the journal's events, held against the ledger's and against what GitHub says was used.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use taskclass_executor::event::{Body, Event};
use taskclass_executor::vocab::{Key, State};

use super::Case;

/// One task's account, kept by our own book.
#[derive(Debug, Default)]
struct Account {
    class: String,
    repository: i64,
    day: jiff::civil::Date,
    reserved: u64,
    used: Option<u64>,
    settled: bool,
    exists: bool,
    doubted: bool,
    state: Option<State>,
}

impl Account {
    fn take(&mut self, event: &Event) {
        match &event.body {
            Body::Accepted { .. } => self.exists = true,
            Body::Unknown { .. } => self.doubted = true,
            Body::Adopted { .. } => (self.exists, self.doubted) = (true, false),
            // A task that is over is not read any more into its account.
            Body::Observed(view) if !event.to.as_ref().is_some_and(State::is_ended) => {
                (self.used, self.settled) = (view.nano_credits, view.state.is_settled());
            }
            _ => {}
        }
        self.state.clone_from(&event.to);
    }

    fn charged(&self) -> u64 {
        let never = !self.exists && !self.doubted;
        match (&self.state, self.used) {
            (Some(State::Refused | State::Abandoned), _) if never => 0,
            (_, Some(used)) if self.settled => used,
            (_, Some(used)) => used.max(self.reserved),
            (_, None) => self.reserved,
        }
    }

    fn in_flight(&self) -> bool {
        self.state.as_ref().is_some_and(State::is_in_flight)
    }
}

pub(super) fn check(case: &Case<'_>) {
    let world = case.world;
    let mut accounts: BTreeMap<Key, Account> = BTreeMap::new();
    for event in &case.events {
        let Some(key) = &event.key else { continue };
        if let Body::Planned(plan) = &event.body {
            let (class, day) = (plan.contract.class.to_string(), event.observed.to_zoned(TimeZone::UTC).date());
            let today = accounts.values().filter(|account| account.class == class && account.day == day);
            let reserved = plan.reserved.nanos().0;
            let sum = today.map(Account::charged).sum::<u64>() + reserved;
            if sum > plan.contract.budget.per_day.nanos().0 {
                world.broke("money", format!("{key} overdraws the day's budget of {class}: {sum}"));
            }
            let account = Account { class, repository: plan.repository_id, day, reserved, ..Account::default() };
            accounts.insert(key.clone(), account);
        }
        if let Body::Sending { .. } = &event.body {
            let limit = case.ledger.tasks.get(key).map_or(1, |task| task.contract().per_repository());
            let own = accounts.get(key).map(|account| (account.class.clone(), account.repository));
            let there = accounts.iter().filter(|(other, account)| {
                *other != key && account.in_flight() && own == Some((account.class.clone(), account.repository))
            });
            let there = there.count();
            if there >= limit as usize {
                world.broke("money", format!("{key} is sent where {there} are under way and {limit} may be"));
            }
        }
        accounts.entry(key.clone()).or_default().take(event);
    }
    for (key, task) in &case.ledger.tasks {
        let Some(account) = accounts.get(key) else { continue };
        if account.charged() != task.charged().0 {
            world.broke(
                "money",
                format!("{key} is charged {}, and the journal adds up to {}", task.charged().0, account.charged()),
            );
        }
        if account.in_flight() != task.state.is_in_flight() {
            world.broke("money", format!("{key}: its slot is not what the journal says"));
        }
        let over = task.state.is_ended() || matches!(task.state, State::Judged(_));
        if over && account.in_flight() {
            world.broke("money", format!("{key} is over and keeps its slot"));
        }
        at_github(case, key, account);
    }
}

/// What GitHub says was used, for a task that both sides call settled in the same state.
fn at_github(case: &Case<'_>, key: &Key, account: &Account) {
    let Some(task) = case.ledger.tasks.get(key) else { return };
    let (Some(found), Some(view), true) = (&task.at_github, &task.agent, account.settled) else { return };
    let path = format!("/agents/repos/{}/tasks/{}", task.plan.repository, found.id);
    let Some(value) = case.look(&path) else { return };
    let sessions = value["sessions"].as_array().cloned().unwrap_or_default();
    if sessions.len() != view.sessions.len() || value["state"] != view.state.as_str() {
        return;
    }
    let parts: Option<Vec<u64>> = sessions
        .iter()
        .map(|session| {
            let usage = &session["usage"];
            (usage["type"] == "ai_credits").then(|| usage["amount"].as_u64().or(usage["credits"].as_u64())).flatten()
        })
        .collect();
    let Some(parts) = parts else { return };
    let sum: u64 = parts.iter().sum();
    if account.used != Some(sum) {
        case.world.broke("money", format!("{key} used {sum} by GitHub's word, and {:?} by the journal", account.used));
    }
}
