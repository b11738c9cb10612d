//! `taskclass verify`: which documents are approved, by whom, until when; else exactly why not.

mod gather;
mod moment;
mod page;
mod report;
mod soundness;
mod step;
mod table;

use std::{num::NonZeroUsize, path::PathBuf, thread};

use jiff::Timestamp;
use taskclass_approval::{
    git::{CommitId, Repository},
    registry::{ApprovedRegistry, DocumentState, OpenError, Opening, Pending},
    trust::{Pin, TrustError},
};
use taskclass_executor::{Ledger, SqliteReader};
use taskclass_source::{WorkTree, text::visible};
use taskclass_spec::record::POLICY_NAME;

use crate::{
    args::{Executor, Format, Global, Verify},
    exit::{Exit, Failure, Outcome},
    machine::{RegistryClasses, Settings, refused},
    place,
    ui::{Tone, Ui},
};
use gather::Around;
use moment::Moment;
use page::Page;
use report::{Document, Report, State};
use step::Step;

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
    let moment = Moment::asked(args.on, Timestamp::now());
    let on = moment.on;
    let Looked { root, repository, commit, pin, last_accepted } = look(args, global)?;
    let opening = Opening { repository: &repository, commit, pin, last_accepted, now: on };
    let registry = opening.open().map_err(not_opened)?;
    let states = match &args.name {
        None => {
            registry.overview(thread::available_parallelism().unwrap_or(NonZeroUsize::MIN)).map_err(Failure::refused)?
        }
        Some(name) => vec![one(&registry, name)?],
    };
    let errors = soundness::errors(&registry, &states, on).unwrap_or_else(|error| {
        remark(&format!("what lint has to say is not known: {error}"), ui);
        states.iter().map(|_| None).collect()
    });
    // Of another commit, or of what was, the work tree says nothing.
    let is_head = || repository.resolve_revision("HEAD").is_ok_and(|head| head == *registry.commit());
    let looks_here = args.at.is_none() && !moment.is_past() && (args.config.is_none() || is_head());
    let tree = looks_here.then(|| WorkTree::open(&root).ok()).flatten();
    // What cannot be read there takes nothing from what the commit says.
    let mut unread = None;
    let pending = tree.as_ref().and_then(|tree| Pending::of(&registry, tree).map_err(|e| unread = Some(e)).ok());
    let around = Around { registry: &registry, pending: pending.as_ref(), moment };
    let documents = states.iter().zip(&errors);
    let documents: Vec<Document> =
        documents.map(|(state, errors)| around.document(state, errors.as_deref(), &mut unread)).collect();
    if let Some(error) = unread {
        remark(&format!("what lies uncommitted is not known: {error}"), ui);
    }
    let report = Report {
        schema: report::Format::V1,
        commit: registry.commit().to_string(),
        on,
        trust_pinned: registry.trust().is_pinned(),
        policy_approved: registry.policy_decision().is_approved(),
        // Under a policy that is not approved nothing runs, whatever was asked about.
        approved: registry.policy_decision().is_approved()
            && documents.iter().all(|document| document.state == State::Approved),
        documents,
    };
    if ui.format == Format::Json {
        ui.json(&report)?;
    } else {
        let step = Step { root: &root, moment, at: args.at.as_deref(), name: args.name.as_deref() };
        let page = Page { moment, one: args.name.is_some(), elsewhere: args.at.is_some() };
        page.print(&report, &states, &errors, &|name| step.since(name), ui);
        ui.note("");
        if ui.verbose {
            remark(&registry.trust().to_string(), ui);
        } else if !report.trust_pinned {
            remark("trust/allowed_signers as the registry has it; --config FILE checks the pin", ui);
        }
        if !registry.policy_decision().is_approved() && states.iter().all(|state| state.name != POLICY_NAME) {
            remark("the policy is not approved, and nothing runs under it", ui);
        }
        step.tell(&report, ui);
    }
    Ok(if report.approved { Exit::Fine } else { Exit::Refused })
}

/// A remark beside the answer.
fn remark(text: &str, ui: &mut Ui) {
    ui.note(format!("{} {}", ui.paint_err("note:", Tone::Attention), visible(text)));
}

/// Why nothing can be decided, and who could mend it.
fn not_opened(error: OpenError) -> Failure {
    match error {
        error if error.is_of_git() => Failure::usage(error),
        OpenError::Trust(TrustError::Missing) => Failure::refused(error).help(step::ADD_A_SIGNER),
        error => Failure::refused(error),
    }
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
    let repository = place::repository(&root)?;
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
