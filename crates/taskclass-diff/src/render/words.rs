//! What the formats say in the same words.

use taskclass_source::path::Segment;
use taskclass_spec::{Credits, written::Risk};

use crate::{Approval, Cause, Change, Cost, Diff, Document, Effect, Kind, Moved, Reached, Spend, Status, reach::List};

/// The effects in the order of attention.
pub(super) const EFFECTS: [Effect; 5] =
    [Effect::Widens, Effect::MayWiden, Effect::Rewrites, Effect::Narrows, Effect::Neutral];

/// How many repositories that came or went are named.
pub(super) const NAMED: usize = crate::reach::NAMED;

/// `1 class`, `2 classes`.
pub(super) fn number(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// How many documents differ between what, and what they do: one line without a full stop. The names of the sides are as they
/// were given.
pub(super) fn headline(diff: &Diff) -> String {
    let between = format!("between {} and {}", diff.base, diff.head);
    match diff.documents.as_slice() {
        [] => format!("nothing differs {between}"),
        [one] => format!("1 document differs {between}: it {}", verb(one.effect(), 1)),
        many => format!("{} documents differ {between}: {}", many.len(), counts(many.iter())),
    }
}

/// `1 widens, 2 are neutral`.
pub(super) fn counts<'a>(documents: impl Iterator<Item = &'a Document> + Clone) -> String {
    let of = |effect| documents.clone().filter(|document| document.effect() == effect).count();
    let counted = EFFECTS.map(|effect| (effect, of(effect)));
    let said = counted.iter().filter(|(_, count)| *count > 0);
    said.map(|(effect, count)| format!("{count} {}", verb(*effect, *count))).collect::<Vec<_>>().join(", ")
}

fn verb(effect: Effect, count: usize) -> &'static str {
    match (effect, count) {
        (Effect::Neutral, 1) => "is neutral",
        (Effect::Neutral, _) => "are neutral",
        (Effect::Widens, 2..) => "widen",
        (Effect::Rewrites, 2..) => "rewrite",
        (Effect::Narrows, 2..) => "narrow",
        (effect, _) => effect.word(),
    }
}

/// What kind of document it is, where its name does not say it.
pub(super) fn kind(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::TaskClass => Some("task class"),
        Kind::Policy => None,
        Kind::Trust => Some("who may sign, and what is revoked"),
    }
}

/// What became of it; nothing where it only changed.
pub(super) fn status(document: &Document) -> Option<String> {
    match &document.status {
        Status::Added => Some("new".to_owned()),
        Status::Removed => Some("removed".to_owned()),
        Status::Changed => None,
        Status::Renamed { from } => Some(format!("renamed from `{from}`")),
        Status::Reached => Some("reached by the policy".to_owned()),
    }
}

/// `high`, or `medium → high`.
pub(super) fn risk(document: &Document) -> Option<String> {
    let of = |version: &Option<crate::Version>| version.as_ref().and_then(|version| version.risk);
    moved(of(&document.before).map(risk_word), of(&document.after).map(risk_word))
}

/// The word for a risk.
pub(super) fn risk_word(risk: Risk) -> &'static str {
    match risk {
        Risk::Low => "low",
        Risk::Medium => "medium",
        Risk::High => "high",
    }
}

/// `3`, or `3 → 4`.
pub(super) fn version(document: &Document) -> Option<String> {
    let of = |version: &Option<crate::Version>| version.as_ref().and_then(|version| version.version);
    moved(of(&document.before), of(&document.after))
}

/// What is known of both sides, or of one.
pub(super) fn moved<T: PartialEq + std::fmt::Display>(before: Option<T>, after: Option<T>) -> Option<String> {
    match (before, after) {
        (Some(before), Some(after)) if before != after => Some(format!("{before} → {after}")),
        (before, after) => after.or(before).map(|one| one.to_string()),
    }
}

/// The place of a change for people: `budget.per_day`, `policy.yaml: models.allow`, `prompts/x.md`.
pub(super) fn path(kind: Kind, change: &Change) -> String {
    match &change.cause {
        Cause::Own if kind == Kind::Trust => match change.path.segments() {
            // Whose key: a name, not a place in a tree.
            [Segment::Key(principal)] => principal.to_string(),
            _ => change.path.to_string(),
        },
        Cause::File(file) => file.as_str().to_owned(),
        Cause::Policy if change.path.is_root() => "policy.yaml".to_owned(),
        Cause::Policy => format!("policy.yaml: {}", change.path),
        Cause::Own if change.path.is_root() => "the whole document".to_owned(),
        Cause::Own => change.path.to_string(),
    }
}

/// Repositories by the list that keeps them away on the other side: the list, how many there are, and those that are named.
pub(super) fn by_list(moved: &Moved) -> Vec<(String, usize, Vec<&Reached>)> {
    let name = |list: &List| match &list.cause {
        Cause::Policy => format!("policy.yaml: {}", list.path),
        _ => list.path.to_string(),
    };
    let named = |list: &List| {
        let of_it = moved.named.iter().filter(|one| one.path == list.path && one.cause == list.cause);
        of_it.collect::<Vec<_>>()
    };
    moved.lists.iter().map(|list| (name(list), list.count, named(list))).collect()
}

/// `12 repositories that repositories.allow kept away before`; without the list where there was no class, or is none.
pub(super) fn group(document: &Document, count: usize, list: &str, kept: &str) -> String {
    let repositories = number(count, "repository", "repositories");
    let both = document.before.is_some() && document.after.is_some();
    if both { format!("{repositories} that `{list}` {kept}") } else { repositories }
}

/// `40 credits (US$0.40)`.
pub(super) fn credits(credits: Credits) -> String {
    format!("{} ({})", number(credits.0 as usize, "credit", "credits"), credits.nanos().dollars())
}

/// The rows of a table of what can be spent: what, before, after.
pub(super) fn costs(cost: &Cost) -> Vec<[String; 3]> {
    type Of = fn(&Spend) -> String;
    let rows: [(&str, Of); 4] = [
        ("a task", |spend| credits(spend.per_task)),
        ("a day", |spend| credits(spend.per_day)),
        ("a month", |spend| credits(spend.per_month)),
        ("tasks an hour", |spend| spend.tasks_per_hour.to_string()),
    ];
    let side = |spend: &Option<Spend>, of: Of| spend.as_ref().map_or_else(|| "–".to_owned(), of);
    rows.map(|(what, of)| [what.to_owned(), side(&cost.before, of), side(&cost.after, of)]).into()
}

/// Whether what can be spent differs.
pub(super) fn costs_differ(cost: &Cost) -> bool {
    cost.before != cost.after
}

/// How many have to sign, how many had to, and whether that is so.
pub(super) fn quorum(approval: &Approval) -> String {
    let needed = number(approval.needed as usize, "signature", "signatures");
    let before = approval.needed_before.filter(|before| *before != approval.needed);
    let before = before.map(|before| format!(" ({before} before)")).unwrap_or_default();
    let has = match &approval.standing {
        None => String::new(),
        Some(standing) if standing.approved && standing.by.iter().any(|given| given.break_glass) => {
            ": approved, break-glass".to_owned()
        }
        Some(standing) if standing.approved => ": approved".to_owned(),
        Some(standing) if standing.by.is_empty() => ", has none".to_owned(),
        Some(standing) => format!(", has {}", standing.by.len()),
    };
    format!("needs {needed}{before}{has}")
}

/// An approval's end, to the minute.
pub(super) fn until(given: &crate::Given) -> String {
    given.until.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

/// Whether somebody still has to sign for it.
pub(super) fn is_open(document: &Document) -> bool {
    let standing = document.approval.as_ref().map(|approval| approval.standing.as_ref());
    standing.is_some_and(|standing| standing.is_none_or(|standing| !standing.approved))
}

/// What to do now: sentences, and commands under them.
pub(super) fn next(diff: &Diff) -> Vec<(String, Vec<String>)> {
    const SHOWN: usize = 5;
    let mut steps = Vec::new();
    let unreadable = diff.documents.iter().filter(|document| !document.unreadable.is_empty()).count();
    if unreadable > 0 {
        let said = format!("{} cannot be read; what is wrong", number(unreadable, "document", "documents"));
        steps.push((said, vec!["taskclass lint".to_owned()]));
    }
    let open: Vec<&Document> = diff.documents.iter().filter(|document| is_open(document)).collect();
    if !open.is_empty() {
        let mut commands: Vec<String> = open
            .iter()
            .take(SHOWN)
            .map(|document| format!("taskclass approve {} --as PRINCIPAL --key FILE", document.name))
            .collect();
        if open.len() > SHOWN {
            commands.push(format!("and {} more", open.len() - SHOWN));
        }
        let said = "whoever agrees signs what is committed; nothing runs before".to_owned();
        steps.push((said, commands));
    }
    let digest = |version: &Option<crate::Version>| version.as_ref().and_then(|version| version.digest);
    let pinned = |document: &Document| digest(&document.before) != digest(&document.after);
    for document in diff.documents.iter().filter(|document| document.kind == Kind::Trust) {
        // Revocations stand beside the trust file, and no pin is on them.
        let pin = if pinned(document) {
            "; executors refuse to run until a person has written the new pin into their configuration"
        } else {
            ""
        };
        let said = format!("no approval covers who may sign and what is revoked: who merges it decides{pin}");
        steps.push((said, Vec::new()));
    }
    if steps.is_empty() && !diff.documents.is_empty() {
        steps.push(("nothing is left to approve".to_owned(), Vec::new()));
    }
    steps
}
