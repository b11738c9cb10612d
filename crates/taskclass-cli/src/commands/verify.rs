//! `taskclass verify`: which documents are approved, by whom, until when; else exactly why not.

mod gather;
mod page;
mod report;

use std::{num::NonZeroUsize, path::PathBuf, thread};

use jiff::Timestamp;
use taskclass_approval::{
    git::{CommitId, Repository},
    registry::{ApprovedRegistry, DocumentState, Opening},
    trust::Pin,
};
use taskclass_executor::{Ledger, SqliteReader};
use taskclass_source::WorkTree;
use taskclass_spec::record::POLICY_NAME;

use crate::{
    args::{Executor, Format, Global, Verify},
    exit::{Exit, Failure, Outcome},
    machine::{RegistryClasses, Settings, refused},
    next, place,
    ui::{Tone, Ui},
};
use report::{Document, Report, State};

pub(crate) use report::schema;

/// What is looked at.
struct Looked {
    root: PathBuf,
    repository: Repository,
    commit: CommitId,
    pin: Pin,
    /// The commit that the executor accepted last.
    last_accepted: Option<CommitId>,
}

pub(crate) fn verify(args: &Verify, global: &Global, ui: &mut Ui) -> Outcome {
    let on = args.on.unwrap_or_else(whole_second);
    let Looked { root, repository, commit, pin, last_accepted } = look(args, global)?;
    let opening = Opening { repository: &repository, commit, pin, last_accepted, now: on };
    let registry = opening
        .open()
        .map_err(|error| if error.is_of_git() { Failure::usage(error) } else { Failure::refused(error) })?;
    let states = match &args.name {
        None => {
            registry.overview(thread::available_parallelism().unwrap_or(NonZeroUsize::MIN)).map_err(Failure::refused)?
        }
        Some(name) => vec![one(&registry, name)?],
    };
    // Of another commit the work tree says nothing.
    let tree = args.at.is_none().then(|| WorkTree::open(&root).ok()).flatten();
    let documents: Vec<Document> =
        states.iter().map(|state| gather::document(&registry, state, tree.as_ref(), on)).collect();
    let report = Report {
        schema: report::Format::V1,
        commit: registry.commit().to_string(),
        on,
        trust_pinned: registry.trust().is_pinned(),
        approved: documents.iter().all(|document| document.state == State::Approved),
        documents,
    };
    ui.detail(registry.trust());
    if ui.format == Format::Json {
        ui.json(&report)?;
    } else {
        page::print(&report, &states, args.name.is_some(), ui);
        if !report.trust_pinned {
            ui.note(format!("\n{} {}", ui.paint_err("note:", Tone::Dim), registry.trust()));
        }
        if !registry.policy_decision().is_approved() && states.iter().all(|state| state.name != POLICY_NAME) {
            let mark = ui.paint_err("note:", Tone::Attention);
            ui.note(format!("{mark} the policy is not approved, and nothing runs under it: taskclass verify policy"));
        }
        step(&report, &root, ui);
    }
    Ok(if report.approved { Exit::Fine } else { Exit::Refused })
}

/// The present second, which has begun.
fn whole_second() -> Timestamp {
    let now = Timestamp::now();
    Timestamp::from_second(now.as_second()).unwrap_or(now)
}

/// Which commit of which repository. With the executor's configuration: what a run would read, held to what a run is held to.
fn look(args: &Verify, global: &Global) -> Result<Looked, Failure> {
    let settings = match &args.config {
        Some(config) => Some(Settings::read(&Executor { config: Some(config.clone()), sim: false }, global)?),
        None => None,
    };
    let root = match &settings {
        Some(settings) => settings.git.clone(),
        None => place::registry_root(global.registry.as_deref())?,
    };
    let repository = Repository::open(&root).map_err(|error| {
        Failure::usage(error).help("approvals are read from commits: `git init` and commit the registry first")
    })?;
    let pin = settings.as_ref().map_or(Pin::Unpinned, |settings| settings.pin);
    let of_revision = |revision: &str| {
        repository
            .resolve_revision(revision)
            .map_err(|error| Failure::usage(error).help("only what is committed can be approved"))
    };
    let (commit, last_accepted) = match (&args.at, &settings) {
        (Some(revision), _) => (of_revision(revision)?, None),
        (None, None) => (of_revision("HEAD")?, None),
        (None, Some(settings)) => (RegistryClasses::open(settings)?.newest()?, accepted(settings)?),
    };
    Ok(Looked { root, repository, commit, pin, last_accepted })
}

/// The commit that the executor's journal remembers, if there is one yet.
fn accepted(settings: &Settings) -> Result<Option<CommitId>, Failure> {
    if !settings.state.exists() {
        return Ok(None);
    }
    let journal = SqliteReader::open(&settings.state).map_err(|error| crate::machine::store_failure(&error))?;
    let ledger =
        Ledger::load(&journal).map_err(|error| Failure::usage(error).help("`taskclass audit verify` says more"))?;
    ledger.registry_commit.as_deref().map(str::parse).transpose().map_err(Failure::refused)
}

fn one(registry: &ApprovedRegistry<'_>, name: &str) -> Result<DocumentState, Failure> {
    if name == POLICY_NAME {
        return Ok(registry.policy_state());
    }
    let class = name.parse().map_err(Failure::usage)?;
    registry.class_state(&class).map_err(|error| refused(&class, error))
}

/// The next step: what is written is committed, what has moved on is looked at, what is missing is signed.
fn step(report: &Report, root: &std::path::Path, ui: &mut Ui) {
    let documents = &report.documents;
    let uncommitted: Vec<&str> = documents.iter().flat_map(|d| &d.uncommitted).map(String::as_str).collect();
    if !uncommitted.is_empty() {
        next::commit(root, &uncommitted, "Approve", ui);
        return;
    }
    let say = |ui: &mut Ui, text: String| ui.note(format!("{} {text}", ui.paint_err("Next:", Tone::Strong)));
    let approve = |document: &Document| format!("taskclass approve {} --as PRINCIPAL --agent", document.name);
    if let Some(document) = documents.iter().find(|document| document.moved_on) {
        return say(ui, format!("taskclass diff --since-approved {}", document.name));
    }
    if let Some(document) = documents.iter().find(|document| document.state == State::NotApproved) {
        return say(ui, approve(document));
    }
    if let Some(document) = documents.iter().find(|document| document.state != State::Approved) {
        return match document.state {
            State::Revoked => {
                say(ui, format!("raise the version of {}, change what was wrong, and approve it", document.path))
            }
            _ => say(ui, format!("taskclass lint {}", document.path)),
        };
    }
    let soonest = documents
        .iter()
        .filter_map(|document| document.until.map(|until| (until, document)))
        .min_by_key(|(until, _)| *until);
    match soonest {
        Some((_, document)) if document.renew_from.is_some_and(|from| from <= report.on) => say(ui, approve(document)),
        Some((until, document)) if documents.len() == 1 => {
            ui.note(format!("{} stays approved until {until}, if nothing changes", document.name));
        }
        Some((until, document)) => ui.note(format!("all approved; {} is the first to end, at {until}", document.name)),
        None => {}
    }
}
