//! Users, bots, organisations, teams.

use std::collections::HashMap;

use super::UserIndex;
use crate::scenario::{Scenario, TeamScript};

/// The account that the agent's pull requests and runs bear.
pub(crate) const COPILOT: &str = "Copilot";
const COPILOT_ID: u64 = 198_982_749;

/// What sort of account it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AccountKind {
    User,
    Bot,
    Organization,
}

impl AccountKind {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::User => "User",
            Self::Bot => "Bot",
            Self::Organization => "Organization",
        }
    }
}

/// One account.
#[derive(Debug, Clone)]
pub(crate) struct Account {
    pub(crate) login: String,
    pub(crate) id: u64,
    pub(crate) name: Option<String>,
    pub(crate) kind: AccountKind,
}

impl Account {
    /// The address of its commits.
    pub(crate) fn email(&self) -> String {
        format!("{}+{}@users.noreply.github.com", self.id, self.login)
    }
}

/// All accounts and teams.
#[derive(Debug, Clone)]
pub(crate) struct People {
    accounts: Vec<Account>,
    by_login: HashMap<String, UserIndex>,
    pub(crate) teams: Vec<TeamScript>,
}

impl People {
    pub(crate) fn new(scenario: &Scenario) -> Self {
        let mut people = Self { accounts: Vec::new(), by_login: HashMap::new(), teams: scenario.teams.clone() };
        people.add(COPILOT, COPILOT_ID, None, AccountKind::Bot);
        for user in &scenario.users {
            let kind = if user.bot { AccountKind::Bot } else { AccountKind::User };
            people.add(&user.login, user.id, user.name.clone(), kind);
        }
        let owners = scenario.repositories.iter().filter_map(|repository| repository.name.split('/').next());
        let organizations = scenario.teams.iter().map(|team| team.organization.as_str());
        let mut id = 9_000_000;
        for login in owners.chain(organizations) {
            if people.find(login).is_none() {
                id += 1;
                people.add(login, id, None, AccountKind::Organization);
            }
        }
        people
    }

    fn add(&mut self, login: &str, id: u64, name: Option<String>, kind: AccountKind) {
        self.by_login.insert(login.to_ascii_lowercase(), self.accounts.len());
        self.accounts.push(Account { login: login.to_owned(), id, name, kind });
    }

    /// The account of this login, in whatever case.
    pub(crate) fn find(&self, login: &str) -> Option<UserIndex> {
        self.by_login.get(&login.to_ascii_lowercase()).copied()
    }

    /// The account of this login, the agent's where there is none: a script may name whom it likes.
    pub(crate) fn find_or_copilot(&self, login: &str) -> UserIndex {
        self.find(login).unwrap_or(0)
    }

    /// The agent's own account.
    pub(crate) fn copilot(&self) -> UserIndex {
        0
    }

    pub(crate) fn get(&self, index: UserIndex) -> &Account {
        &self.accounts[index]
    }

    /// The team of this organisation and slug.
    pub(crate) fn team(&self, organization: &str, slug: &str) -> Option<(usize, &TeamScript)> {
        self.teams.iter().enumerate().find(|(_, team)| {
            team.organization.eq_ignore_ascii_case(organization) && team.slug.eq_ignore_ascii_case(slug)
        })
    }
}
