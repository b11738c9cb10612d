//! `taskclass verify`: which documents are approved, by whom, until when; else exactly why not.

use std::num::NonZeroUsize;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::json;
use taskclass_approval::{
    decide::{Decision, Shortfall, Standing},
    git::Repository,
    registry::{ApprovedRegistry, DocumentState, NotApproved, Opening},
    trust::Pin,
};
use taskclass_lint::render;
use taskclass_source::{Finding, RegistryPath};
use taskclass_spec::record::POLICY_NAME;

use crate::{
    args::{Executor, Format, Global, Verify},
    exit::{Exit, Failure, Outcome},
    machine::{Settings, refused},
    place,
    ui::{Tone, Ui},
};

/// One document's standing, for programs.
#[derive(Serialize)]
struct Row {
    name: String,
    path: String,
    approved: bool,
    digest: Option<String>,
    version: Option<u32>,
    quorum: Option<u32>,
    approvals: serde_json::Value,
    until: Option<Timestamp>,
    days_left: Option<i64>,
    reasons: Vec<String>,
}

pub(crate) fn verify(args: &Verify, global: &Global, ui: &mut Ui) -> Outcome {
    let now = Timestamp::now();
    let (root, pin) = match &args.config {
        Some(config) => {
            let settings = Settings::read(&Executor { config: Some(config.clone()), sim: false }, global)?;
            (settings.git, settings.pin)
        }
        None => (place::registry_root(global.registry.as_deref())?, Pin::Unpinned),
    };
    let repository = Repository::open(&root).map_err(|error| {
        Failure::usage(error).help("approvals are read from commits: `git init` and commit the registry first")
    })?;
    let commit = repository
        .resolve_revision(&args.at)
        .map_err(|error| Failure::usage(error).help("only what is committed can be approved"))?;
    let opening = Opening { repository: &repository, commit, pin, last_accepted: None, now };
    let registry = opening.open().map_err(Failure::refused)?;
    let states: Vec<DocumentState> = match &args.name {
        None => registry.overview(threads()).map_err(Failure::refused)?,
        Some(name) => one(&registry, name)?,
    };
    ui.detail(registry.trust());
    let all = states.iter().all(|state| state.state.as_ref().is_ok_and(Decision::is_approved));
    if ui.format == Format::Json {
        let rows: Vec<Row> = states.iter().map(|state| row(state, now)).collect();
        ui.json(&json!({ "commit": registry.commit().as_str(), "trust_pinned": registry.trust().is_pinned(), "documents": rows }))?;
    } else {
        table(&states, now, ui);
        if !registry.trust().is_pinned() {
            ui.note(format!("{} {}", ui.paint_err("note:", Tone::Dim), registry.trust()));
        }
    }
    Ok(if all { Exit::Fine } else { Exit::Refused })
}

fn threads() -> NonZeroUsize {
    std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN)
}

fn one(registry: &ApprovedRegistry<'_>, name: &str) -> Result<Vec<DocumentState>, Failure> {
    if name == POLICY_NAME {
        return Ok(vec![registry.policy_state()]);
    }
    let class = name.parse().map_err(Failure::usage)?;
    registry.class_state(&class).map(|state| vec![state]).map_err(|error| refused(&class, error))
}

/// Whole days, the one that has begun counted.
fn days_left(until: Timestamp, now: Timestamp) -> i64 {
    const DAY: i64 = 86_400;
    (until.duration_since(now).as_secs() + DAY - 1) / DAY
}

fn row(state: &DocumentState, now: Timestamp) -> Row {
    let mut row = Row {
        name: state.name.clone(),
        path: state.path.as_str().to_owned(),
        approved: false,
        digest: None,
        version: None,
        quorum: None,
        approvals: json!([]),
        until: None,
        days_left: None,
        reasons: Vec::new(),
    };
    let subject = match &state.state {
        Ok(Decision::Approved(Standing { subject, needed, by, until, .. })) => {
            row.approved = true;
            (row.until, row.days_left) = (Some(*until), Some(days_left(*until, now)));
            (row.quorum, row.approvals) = (Some(*needed), json!(by));
            Some(subject)
        }
        Ok(Decision::NotApproved(Shortfall { subject, needed, by, refusals })) => {
            (row.quorum, row.approvals) = (Some(*needed), json!(by));
            row.reasons = refusals.iter().map(ToString::to_string).collect();
            Some(subject)
        }
        Err(error) => {
            row.reasons.push(error.to_string());
            None
        }
    };
    if let Some(subject) = subject {
        (row.digest, row.version) = (Some(subject.digest.to_string()), subject.version);
    }
    row
}

fn table(states: &[DocumentState], now: Timestamp, ui: &mut Ui) {
    let width = states.iter().map(|state| state.name.len()).max().unwrap_or(0);
    let mut open = Vec::new();
    for state in states {
        let name = format!("{:width$}", state.name);
        match &state.state {
            Ok(Decision::Approved(standing)) => {
                let people: Vec<&str> = standing.by.iter().map(|by| by.principal.as_str()).collect();
                let days = days_left(standing.until, now);
                let left = format!("{days} {} left", if days == 1 { "day" } else { "days" });
                let tone = if standing.renew_from <= now { Tone::Attention } else { Tone::Dim };
                ui.line(format!(
                    "{}  {name}  {} of {}  {}  {}",
                    ui.paint("approved    ", Tone::Good),
                    standing.by.len(),
                    standing.needed,
                    people.join(", "),
                    ui.paint(left, tone)
                ));
            }
            Ok(Decision::NotApproved(shortfall)) => {
                ui.line(format!(
                    "{}  {name}  {} of {}",
                    ui.paint("not approved", Tone::Bad),
                    shortfall.by.len(),
                    shortfall.needed
                ));
                open.push(shortfall.to_string());
            }
            Err(error) => {
                ui.line(format!("{}  {name}  {}", ui.paint("not approved", Tone::Bad), brief(error)));
                open.push(match error {
                    NotApproved::Invalid { path, findings } => invalid(path, findings, ui),
                    other => other.to_string(),
                });
            }
        }
    }
    for reason in open {
        ui.line(format!("\n{reason}"));
    }
}

/// What is wrong with a document, as the other commands show it.
fn invalid(path: &RegistryPath, findings: &[Finding], ui: &Ui) -> String {
    let shown = findings.iter().map(|finding| render::finding(finding, ui.human())).collect::<Vec<_>>();
    format!("{}\n{} is not valid; `taskclass lint` shows all there is to say", shown.join("\n"), path.as_str())
}

fn brief(error: &NotApproved) -> &'static str {
    match error {
        NotApproved::Invalid { .. } => "not valid",
        NotApproved::Unreadable(_) => "not readable",
        _ => "not decided",
    }
}
