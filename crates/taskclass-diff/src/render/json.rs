//! `diff/v1`: the diff for programs.
//!
//! No change is left out and nothing is escaped but as JSON has it; of repositories the first are named and all are counted. A program should ignore fields that it does not know: within `v1`
//! fields are added, never removed or changed.

mod form;

use schemars::generate::SchemaSettings;
use taskclass_source::{SourceFile, Span};
use taskclass_spec::Region;

use self::form::{
    Approval, Candidate, Cause, Change, Cost, Counts, Differing, Document, Example, Finding, Given, Hunk, Label, Line,
    On, Place, Reach, Reached, Risk, Side, Spend, Standing, Status, Version, Written,
};
use crate::{self as diff, Effect, prompts::Tag};

/// The diff as `diff/v1`, ending with a line break.
pub fn json(diff: &diff::Diff) -> String {
    // A plain tree of text and numbers always has a JSON form.
    let mut text = serde_json::to_string_pretty(&document(diff)).unwrap_or_default();
    text.push('\n');
    text
}

/// The JSON Schema (draft 2020-12) of what [`json`] writes.
pub fn schema() -> serde_json::Value {
    SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<Document<'static>>().to_value()
}

fn document(diff: &diff::Diff) -> Document<'_> {
    let count = |effect| diff.documents.iter().filter(|document| document.effect() == effect).count();
    Document {
        schema: Version::V1,
        base: label(&diff.base),
        head: label(&diff.head),
        effect: diff.effect(),
        counts: Counts {
            widens: count(Effect::Widens),
            may_widen: count(Effect::MayWiden),
            rewrites: count(Effect::Rewrites),
            narrows: count(Effect::Narrows),
            neutral: count(Effect::Neutral),
        },
        inventory: diff.inventory,
        documents: diff.documents.iter().map(differing).collect(),
    }
}

fn label(label: &diff::Label) -> Label<'_> {
    Label { name: &label.name, commit: label.commit.as_deref(), note: label.note.as_deref() }
}

fn differing(document: &diff::Document) -> Differing<'_> {
    let (status, renamed_from) = match &document.status {
        diff::Status::Added => (Status::Added, None),
        diff::Status::Removed => (Status::Removed, None),
        diff::Status::Changed => (Status::Changed, None),
        diff::Status::Renamed { from } => (Status::Renamed, Some(from.as_str())),
        diff::Status::Reached => (Status::Reached, None),
    };
    Differing {
        kind: document.kind,
        name: &document.name,
        status,
        renamed_from,
        effect: document.effect(),
        before: document.before.as_ref().map(side),
        after: document.after.as_ref().map(side),
        content: document.content.as_ref(),
        changes: document.changes.iter().map(change).collect(),
        unreadable_before: document.unreadable_before.iter().map(finding).collect(),
        unreadable: document.unreadable.iter().map(finding).collect(),
        refused: document.refused.as_deref(),
        reach: document.reach.as_ref().map(reach),
        cost: document.cost.map(cost),
        examples: document.examples.iter().map(example).collect(),
        approval: document.approval.as_ref().map(approval),
        reaches: &document.reaches,
    }
}

fn side(version: &diff::Version) -> Side<'_> {
    Side {
        path: version.path.as_str(),
        version: version.version,
        risk: version.risk.map(risk),
        digest: version.digest.map(|digest| digest.to_string()),
    }
}

fn risk(risk: taskclass_spec::written::Risk) -> Risk {
    match risk {
        taskclass_spec::written::Risk::Low => Risk::Low,
        taskclass_spec::written::Risk::Medium => Risk::Medium,
        taskclass_spec::written::Risk::High => Risk::High,
    }
}

fn cause(cause: &diff::Cause) -> Cause {
    match cause {
        diff::Cause::Own => Cause::Own,
        diff::Cause::Policy => Cause::Policy,
        diff::Cause::File(_) => Cause::File,
    }
}

fn change(change: &diff::Change) -> Change<'_> {
    Change {
        path: change.path.to_string(),
        cause: cause(&change.cause),
        file: match &change.cause {
            diff::Cause::File(file) => Some(file.as_str()),
            _ => None,
        },
        effect: change.effect,
        what: &change.what,
        before: change.before.as_ref().map(written),
        after: change.after.as_ref().map(written),
    }
}

fn written(written: &diff::Written) -> Written<'_> {
    Written { value: &written.value, place: place(&written.place.source, written.place.span) }
}

fn place(source: &SourceFile, span: Span) -> Place<'_> {
    Place { path: source.path(), region: Region::of(source, span) }
}

fn finding(finding: &taskclass_source::Finding) -> Finding<'_> {
    Finding {
        rule: &finding.rule,
        message: &finding.message,
        place: place(&finding.primary.source, finding.primary.span),
        help: &finding.help,
    }
}

fn reach(reach: &diff::Reach) -> Reach {
    let named = |moved: &diff::Moved| moved.named.iter().map(reached).collect();
    let (added, removed) = (&reach.added, &reach.removed);
    Reach {
        before: reach.before,
        after: reach.after,
        added_count: added.count,
        added_sensitive: added.sensitive,
        added: named(added),
        removed_count: removed.count,
        removed_sensitive: removed.sensitive,
        removed: named(removed),
        unlisted: reach.unlisted.iter().map(ToString::to_string).collect(),
    }
}

fn reached(reached: &diff::Reached) -> Reached {
    Reached {
        repository: reached.repository.to_string(),
        sensitive: reached.sensitive,
        path: reached.path.to_string(),
        cause: cause(&reached.cause),
    }
}

fn cost(cost: diff::Cost) -> Cost {
    let side = |spend: diff::Spend| Spend {
        per_task: spend.per_task.0,
        per_day: spend.per_day.0,
        per_month: spend.per_month.0,
        tasks_per_hour: spend.tasks_per_hour,
    };
    Cost { before: cost.before.map(side), after: cost.after.map(side) }
}

fn example(example: &diff::ExampleDiff) -> Example<'_> {
    Example {
        name: &example.name,
        prompt: example.prompt.hunks.iter().map(hunk).collect(),
        rest: example.rest.hunks.iter().map(hunk).collect(),
        left_out: example.prompt.left_out + example.rest.left_out,
        failed: example.failed.as_deref(),
    }
}

fn hunk(hunk: &diff::prompts::Hunk) -> Hunk<'_> {
    Hunk { before: hunk.before, after: hunk.after, lines: hunk.lines.iter().map(line).collect() }
}

fn line((tag, text): &(Tag, String)) -> Line<'_> {
    let on = match tag {
        Tag::Same => On::Both,
        Tag::Gone => On::Before,
        Tag::New => On::After,
    };
    Line { on, text }
}

fn approval(approval: &diff::Approval) -> Approval<'_> {
    Approval {
        needed_before: approval.needed_before,
        needed: approval.needed,
        held_to: approval.held_to.map(risk),
        standing: approval.standing.as_ref().map(standing),
        unchanged: approval.unchanged.as_ref().map(standing),
        candidates: approval.candidates.iter().map(candidate).collect(),
        voids: approval.voids.iter().map(given).collect(),
    }
}

fn standing(standing: &diff::Standing) -> Standing<'_> {
    Standing {
        approved: standing.approved,
        by: standing.by.iter().map(given).collect(),
        authors: &standing.authors,
        revoked: standing.revoked.as_deref(),
    }
}

fn given(given: &diff::Given) -> Given<'_> {
    Given { principal: given.principal.as_str(), until: given.until.to_string(), break_glass: given.break_glass }
}

fn candidate(candidate: &diff::Candidate) -> Candidate<'_> {
    Candidate {
        principal: candidate.principal.as_str(),
        key_fingerprint: candidate.key_fingerprint.to_string(),
        hindrance: candidate.hindrance.as_deref(),
    }
}
