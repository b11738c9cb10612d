//! `taskclass audit drift`: GitHub's agent tasks that no run of this log started.

use std::{
    collections::BTreeSet,
    sync::{Arc, atomic::AtomicBool},
};

use jiff::{RoundMode, Timestamp, TimestampRound, Unit};
use schemars::JsonSchema;
use serde::Serialize;
use taskclass_executor::auditor::{self, Drift, DriftScope, Outside, OutsideKind};
use taskclass_source::text::visible;
use taskclass_spec::RepoName;

use crate::{
    args::{AuditDrift, Back, Format, Global},
    exit::{Exit, Failure, Outcome},
    machine::{Link, Reader, Record, RegistryClasses, Settings, failure},
    phrases,
    ui::{Tone, Ui},
};

/// GitHub's agent tasks that no run of this log started.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "drift/v1", description = "GitHub's agent tasks that no run of an audit log started.")]
struct Report {
    /// The document's format and version: `drift/v1`.
    schema: Schema,
    /// Only tasks that were created since then.
    #[schemars(with = "String", extend("format" = "date-time"))]
    since: Timestamp,
    /// The repositories whose lists were read; the token's own list was read as well, unless repositories were named.
    repositories: Vec<String>,
    /// What was found.
    #[serde(flatten)]
    drift: Drift,
}

#[derive(Serialize, JsonSchema)]
#[schemars(inline)]
enum Schema {
    #[serde(rename = "drift/v1")]
    V1,
}

/// The schema of what `--format json` prints.
pub(crate) fn schema() -> serde_json::Value {
    taskclass_spec::schema::generate::<Report>("drift/v1")
}

pub(super) fn drift(args: &AuditDrift, global: &Global, ui: &mut Ui) -> Outcome {
    let settings = Settings::read(&args.executor, global)?;
    let reader = Reader::open(&args.executor, global)?;
    let link = Link::open(&settings, Arc::new(AtomicBool::new(false)), Record::Stays)?;
    let now = link.clock.now();
    let since = match args.since {
        Back::To(at) => at,
        // Whole seconds: that is how GitHub writes a time.
        Back::For(span) => now
            .checked_sub(span.signed())
            .and_then(|at| at.round(TimestampRound::new().smallest(Unit::Second).mode(RoundMode::Floor)))
            .unwrap_or(Timestamp::UNIX_EPOCH),
    };
    let repositories = match args.repositories.as_slice() {
        [] => usual(&settings, &reader, now)?,
        named => named.iter().cloned().collect(),
    };
    let scope =
        DriftScope { repositories: repositories.iter().cloned().collect(), own: args.repositories.is_empty(), since };
    let drift = auditor::drift(&link.github, &reader.ledger, &scope).map_err(|error| failure(error.into()))?;
    let exit = match (drift.outside.is_empty(), drift.unlooked.is_empty()) {
        (false, _) => Exit::Findings,
        (true, false) => Exit::Github,
        (true, true) => Exit::Fine,
    };
    if ui.format == Format::Json {
        let repositories = repositories.iter().map(ToString::to_string).collect();
        ui.json(&Report { schema: Schema::V1, since, repositories, drift })?;
    } else {
        tell(&drift, &scope, now, ui);
    }
    Ok(exit)
}

/// The repositories of the inventory that an approved class reaches, and those that runs have reached.
fn usual(settings: &Settings, reader: &Reader, now: Timestamp) -> Result<BTreeSet<RepoName>, Failure> {
    let mut names: BTreeSet<RepoName> = reader.ledger.tasks.values().map(|task| task.plan.repository.clone()).collect();
    let classes = RegistryClasses::open(settings)?;
    let reached = classes.reached(reader.ledger.registry_commit.as_deref(), now).map_err(|failure| {
        failure.help("`--repo OWNER/NAME` looks in repositories that you name, whatever the registry says")
    })?;
    names.extend(reached.into_iter().flatten());
    Ok(names)
}

fn tell(drift: &Drift, scope: &DriftScope, now: Timestamp, ui: &mut Ui) {
    let own = if scope.own { " and in the list of the token's own" } else { "" };
    let places = count(scope.repositories.len() as u64, "repository", "repositories");
    let looked = format!(
        "{} since {} in {places}{own}: {} started by runs of this log",
        count(drift.examined, "task", "tasks"),
        scope.since.strftime("%Y-%m-%d %H:%M"),
        drift.ours,
    );
    ui.led("", &looked);
    for outside in &drift.outside {
        ui.line("");
        let age = outside
            .created_at
            .map_or_else(|| "at an unknown time".to_owned(), |at| format!("{} ago", phrases::span(at, now)));
        let place = outside.repository.clone().or_else(|| outside.repository_id.map(|id| format!("repository {id}")));
        let place = place.unwrap_or_else(|| "a repository that GitHub does not name".to_owned());
        let archived = if outside.archived { ", archived" } else { "" };
        let state = ui.paint(visible(&outside.state), Tone::Strong);
        ui.led(&format!("{}  ", visible(&place)), &format!("{state}{archived}, {age}, by {}", visible(&who(outside))));
        ui.fact("  because", &why(outside));
        ui.fact("  task", &visible(outside.url.as_deref().unwrap_or(&outside.task_id)));
    }
    if !drift.unlooked.is_empty() {
        ui.line("");
    }
    for unlooked in &drift.unlooked {
        let text = format!("{}: {}", unlooked.what, unlooked.why);
        ui.fact(&ui.paint("not read", Tone::Attention), &phrases::one_line(&text));
    }
    if drift.outside.is_empty() && drift.unlooked.is_empty() {
        let none = ui.paint("none", Tone::Good);
        ui.line(format!("{none} was started by anybody else"));
    } else if drift.outside.is_empty() {
        ui.note("no other task was seen; of what could not be read nothing is known");
    } else {
        let is_lost = |outside: &&Outside| matches!(outside.kind, OutsideKind::NotAdopted | OutsideKind::GivenUp);
        let lost = drift.outside.iter().filter(is_lost).count();
        let were = |number: usize| if number == 1 { "1 task was".to_owned() } else { format!("{number} tasks were") };
        ui.note("");
        if lost < drift.outside.len() {
            let others = were(drift.outside.len() - lost);
            ui.note(format!("{others} not started by a run of this log: ask whoever did it to use a class"));
        }
        if lost > 0 {
            ui.note(format!("{} started by a run of this log, which does not follow it", were(lost)));
        }
    }
}

fn who(outside: &Outside) -> String {
    match (&outside.creator, outside.creator_id) {
        (Some(login), _) => format!("@{login}"),
        (None, Some(id)) => format!("user {id}"),
        (None, None) => "a user whom GitHub does not name".to_owned(),
    }
}

fn why(outside: &Outside) -> String {
    let key = outside.key.as_deref().map(|key| visible(key).into_owned()).unwrap_or_default();
    match outside.kind {
        OutsideKind::NoKey => "no key is in its prompt: it was started without taskclass".to_owned(),
        OutsideKind::UnknownKey => {
            format!("its key {key} is not in this log: another executor started it, or somebody copied a prompt")
        }
        OutsideKind::Duplicate => {
            format!("its key {key} is of a task that GitHub knows under another id: a second one with the same prompt")
        }
        OutsideKind::NotAdopted => {
            format!(
                "its key {key} is of a task that is looked for: `taskclass resolve {key} --adopt {}` adopts it",
                visible(&outside.task_id)
            )
        }
        OutsideKind::GivenUp => format!(
            "its key {key} is of a task of this log that has ended without it: nothing follows it any more; stop it or archive it at GitHub, or \
             keep its result by hand"
        ),
        OutsideKind::Unread => "its prompt could not be read, so nothing is known of its key".to_owned(),
    }
}

fn count(number: u64, one: &str, more: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { more })
}
