//! What the formats say in the same words.

use taskclass_source::path::Segment;
use taskclass_spec::{Credits, written::Risk};

use crate::{Cause, Change, Cost, Diff, Document, Effect, Kind, Moved, Reach, Reached, Spend, Status, reach::List};

/// The effects in the order of attention.
pub(super) const EFFECTS: [Effect; 5] =
    [Effect::Widens, Effect::MayWiden, Effect::Rewrites, Effect::Narrows, Effect::Neutral];

/// How many repositories that came or went are named.
pub(super) const NAMED: usize = crate::reach::NAMED;

/// `1 class`, `2 classes`.
pub(super) fn number(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// How many documents differ between what, and what they do: one line without a full stop, with the sides as the format names
/// them.
pub(super) fn headline(diff: &Diff, base: &str, head: &str) -> String {
    let between = format!("between {base} and {head}");
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
        Cause::Own if change.path.is_root() => "the whole document".to_owned(),
        Cause::Own if kind == Kind::Trust => match change.path.segments() {
            // Whose key: a name, not a place in a tree.
            [Segment::Key(principal)] => principal.to_string(),
            _ => change.path.to_string(),
        },
        Cause::File(file) => format!("{file}{}", differing_lines(change)),
        Cause::Policy if change.path.is_root() => "policy.yaml".to_owned(),
        Cause::Policy => format!("policy.yaml: {}", change.path),
        Cause::Own => change.path.to_string(),
    }
}

/// Whether a change is a file that a new class draws in: it is told with all that the class says.
pub(super) fn is_of_new(document: &Document, change: &Change) -> bool {
    document.content.is_some() && matches!(change.cause, Cause::File(_))
}

/// The lines of a file that differ, as after: `:6`, `:6-8`; nothing for a file that came or went.
fn differing_lines(change: &Change) -> String {
    let (Some(_), Some(after)) = (&change.before, &change.after) else { return String::new() };
    let (source, span) = (&after.place.source, after.place.span);
    let first = source.position(span.start).line;
    // What ends with a line's end does not reach into the next line.
    let last = source.position(span.end.saturating_sub(1).max(span.start)).line;
    if first == last { format!(":{first}") } else { format!(":{first}-{last}") }
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

/// What a class reaches and the inventory does not know: the sentence before the names.
pub(super) fn unlisted(reach: &Reach) -> Option<String> {
    match reach.unlisted.len() {
        0 => None,
        1 => Some("1 entry is not in the inventory and is not counted".to_owned()),
        count => Some(format!("{count} entries are not in the inventory and are not counted")),
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
