//! What the formats say in the same words.

use taskclass_spec::{Credits, written::Risk};

use crate::{Approval, Cause, Change, Cost, Diff, Document, Effect, Kind, Spend, Status};

/// The effects in the order of attention.
pub(super) const EFFECTS: [Effect; 5] =
    [Effect::Widens, Effect::MayWiden, Effect::Rewrites, Effect::Narrows, Effect::Neutral];

/// How many repositories that came or went are named.
pub(super) const NAMED: usize = 20;

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

/// What kind of document it is; of the policy and the trust file the name says it.
pub(super) fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::TaskClass => "task class",
        Kind::Policy => "policy",
        Kind::Trust => "trust file",
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
pub(super) fn path(change: &Change) -> String {
    match &change.cause {
        Cause::File(file) => file.as_str().to_owned(),
        Cause::Policy => format!("policy.yaml: {}", change.path),
        Cause::Own if change.path.is_root() => "the whole document".to_owned(),
        Cause::Own => change.path.to_string(),
    }
}

/// A list that keeps repositories away.
pub(super) fn list(reached: &crate::Reached) -> String {
    match &reached.cause {
        Cause::Policy => format!("policy.yaml: {}", reached.path),
        _ => reached.path.to_string(),
    }
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

/// How many have to sign, and how many had to.
pub(super) fn quorum(approval: &Approval) -> String {
    let needed = number(approval.needed as usize, "signature", "signatures");
    match approval.needed_before {
        Some(before) if before != approval.needed => format!("{needed} needed, {before} before"),
        _ => format!("{needed} needed"),
    }
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
        let said =
            format!("{} cannot be read and so not be judged; fix first", number(unreadable, "document", "documents"));
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
        let said = "Once it is committed, whoever agrees approves it; nothing runs before".to_owned();
        steps.push((said, commands));
    }
    if diff.documents.iter().any(|document| document.kind == Kind::Trust) {
        let said = "Who may sign changed: no approval covers that; executors go on with the file they are pinned to until \
                    their configuration names the new one";
        steps.push((said.to_owned(), Vec::new()));
    }
    if steps.is_empty() && !diff.documents.is_empty() {
        steps.push(("Nothing is left to approve".to_owned(), Vec::new()));
    }
    steps
}
