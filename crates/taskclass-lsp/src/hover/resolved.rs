//! What a class's value comes to under the policy, which can only make it tighter.

use taskclass_source::{Node, Path};
use taskclass_spec::written::Risk;
use taskclass_spec::{Duration, RepoPattern, paths};

use crate::markdown::{code, listed};
use crate::view::{FileKind, View};

/// The most patterns that are named.
const MAX_NAMED: usize = 8;

/// Which of the policy's numbers bounds which of a class's.
const CEILINGS: [(&str, &str); 7] = [
    ("budget.per_task", "maxima.per_task"),
    ("budget.per_day", "maxima.per_day"),
    ("limits.timeouts.run", "maxima.run"),
    ("limits.in_flight.total", "maxima.in_flight"),
    ("limits.submissions.per_hour", "maxima.submissions_per_hour"),
    ("limits.open_pull_requests.total", "maxima.open_pull_requests"),
    ("rollout.stages[].repositories", "maxima.stage_repositories"),
];

/// What counts at `path` of a class.
pub(super) fn of(view: &View<'_>, path: &Path) -> Option<String> {
    if view.kind != FileKind::Class {
        return None;
    }
    let text = path.to_string();
    match text.as_str() {
        "risk" => quorum(view),
        "repositories" => reach(view),
        "validation.paths.deny" => {
            let policy = view.policy()?;
            let patterns: Vec<String> = policy.paths.deny.iter().map(ToString::to_string).collect();
            added("paths.deny", &patterns)
        }
        "repositories.deny" => {
            let policy = view.policy()?;
            let patterns: Vec<String> = policy.repositories.deny.iter().map(ToString::to_string).collect();
            added("repositories.deny", &patterns)
        }
        text => {
            let (before, after) = text.split_once('[').unwrap_or((text, ""));
            let shape = match after.split_once(']') {
                Some((_, rest)) => format!("{before}[]{rest}"),
                None => text.to_owned(),
            };
            let (_, ceiling) = CEILINGS.iter().find(|(own, _)| *own == shape)?;
            tighter(view, path, ceiling)
        }
    }
}

/// The smaller of the class's number and the policy's.
fn tighter(view: &View<'_>, path: &Path, ceiling: &str) -> Option<String> {
    let own = view.root()?.at(path)?.value;
    let document = view.policy_document()?;
    document.written.as_ref()?;
    let bound = document.root.as_ref()?.at(ceiling)?.value;
    let (mine, theirs) = (view.source.slice(own.span), document.source.slice(bound.span));
    let policy = format!("the policy's {} is {}", code(ceiling), code(theirs));
    Some(match (measure(own)?, measure(bound)?) {
        (mine, theirs) if mine > theirs => {
            format!("What counts is {}: {policy}.", code(document.source.slice(bound.span)))
        }
        _ => format!("What counts is {}: {policy}.", code(mine)),
    })
}

/// A number or a duration as something to compare.
fn measure(node: &Node) -> Option<u64> {
    match (node.as_int(), node.as_str()) {
        (Some(number), _) => u64::try_from(number).ok(),
        (_, Some(text)) => u64::try_from(text.parse::<Duration>().ok()?.signed().as_secs()).ok(),
        _ => None,
    }
}

fn quorum(view: &View<'_>) -> Option<String> {
    let risk = match view.node("risk")?.as_str()? {
        "low" => Risk::Low,
        "medium" => Risk::Medium,
        "high" => Risk::High,
        _ => return None,
    };
    let quorum = &view.policy()?.approvals.quorum;
    let count = match risk {
        Risk::Low => quorum.low,
        Risk::Medium => quorum.medium,
        Risk::High => quorum.high,
    };
    Some(match count {
        1 => "The policy asks for one approval at this risk.".to_owned(),
        count => format!("The policy asks for {count} approvals by different people at this risk."),
    })
}

/// How many of the known repositories the class reaches.
fn reach(view: &View<'_>) -> Option<String> {
    let inventory = view.inventory()?;
    let patterns = |path: &str| -> Vec<RepoPattern> {
        let items = view.node(path).and_then(Node::as_seq).unwrap_or_default();
        items.iter().filter_map(|item| item.as_str()?.parse().ok()).collect()
    };
    let (allow, mut deny) = (patterns("repositories.allow"), patterns("repositories.deny"));
    deny.extend(view.policy().into_iter().flat_map(|policy| policy.repositories.deny.iter().cloned()));
    let any = |patterns: &[RepoPattern], name| patterns.iter().any(|pattern| pattern.matches(name));
    let reached: Vec<String> =
        inventory.iter().filter(|name| any(&allow, name) && !any(&deny, name)).map(ToString::to_string).collect();
    let all = inventory.iter().count();
    let names = if reached.is_empty() { String::new() } else { format!(": {}", listed(&reached, MAX_NAMED)) };
    Some(format!("Reaches {} of the {all} repositories in {}{names}.", reached.len(), code(paths::INVENTORY)))
}

fn added(path: &str, patterns: &[String]) -> Option<String> {
    (!patterns.is_empty()).then(|| format!("The policy's {} is added: {}.", code(path), listed(patterns, MAX_NAMED)))
}
