//! Whose word on a check counts. The agent writes to its own branch, so whatever that branch can make GitHub say is the agent's word.

use crate::event::Planned;
use crate::vocab::{Check, Disbelief, Evidence, Maker};

/// The account of GitHub's coding agent.
const AGENT: i64 = 198_982_749;
/// The app of GitHub Actions on github.com, and the account that its token writes statuses as.
const ACTIONS_APP: i64 = 15_368;
const ACTIONS: &str = "github-actions";
const ACTIONS_BOT: &str = "github-actions[bot]";

/// An account or an app of the agent itself: `Copilot`, `copilot-swe-agent`, ….
fn is_agent(name: &str) -> bool {
    name.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("copilot"))
}

/// Why a check's word does not count, if it does not.
pub(super) fn why_not(check: &Check, evidence: &Evidence, plan: &Planned) -> Option<Disbelief> {
    let wanted = evidence.apps_wanted.get(&check.name);
    let (agent, actions) = match &check.by {
        Maker::Nobody => return Some(Disbelief::Nobody),
        Maker::App { id, .. } if wanted.is_some_and(|wanted| wanted != id) => return Some(Disbelief::OtherApp),
        Maker::Person { .. } | Maker::Bot { .. } if wanted.is_some() => return Some(Disbelief::OtherApp),
        Maker::App { id, slug } => {
            let slug = slug.as_deref();
            (slug.is_some_and(is_agent), *id == ACTIONS_APP || slug == Some(ACTIONS))
        }
        Maker::Person { id, .. } if *id == plan.token_owner.id => return Some(Disbelief::Requester),
        Maker::Person { .. } => (false, false),
        Maker::Bot { login, id } => (*id == AGENT || is_agent(login), login.eq_ignore_ascii_case(ACTIONS_BOT)),
    };
    match (agent, actions) {
        (true, _) => Some(Disbelief::Agent),
        (_, true) if evidence.touches_workflows() => Some(Disbelief::OwnWorkflows),
        _ => None,
    }
}
