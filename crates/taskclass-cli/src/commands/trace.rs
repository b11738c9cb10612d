//! `taskclass trace`: from any end of the chain to the whole of it.

use taskclass_executor::views::{self, Trace as Traced};
use taskclass_source::text::visible;
use taskclass_spec::Digest;

use crate::{
    args::{Format, Global, Trace},
    exit::{Exit, Failure, Outcome},
    machine::{Reader, store_failure},
    told,
    ui::Ui,
};

pub(crate) fn trace(args: &Trace, global: &Global, ui: &mut Ui) -> Outcome {
    let reader = Reader::open(&args.executor, global)?;
    let found = views::trace(&reader.journal, &reader.ledger, &args.what).map_err(|error| store_failure(&error))?;
    if found.is_empty() {
        return Err(Failure::usage(format!("nothing in the log is known as `{}`", args.what)).help(
            "a commit id, OWNER/NAME#NUMBER or a pull request's URL, GitHub's task or session id, a run, or a key",
        ));
    }
    if ui.format == Format::Json {
        ui.json(&found)?;
        return Ok(Exit::Fine);
    }
    for (index, traced) in found.iter().enumerate() {
        if index > 0 {
            ui.line("");
        }
        one(traced, ui);
    }
    Ok(Exit::Fine)
}

fn one(traced: &Traced, ui: &mut Ui) {
    let plan = &traced.plan;
    let caller = &plan.caller;
    let mut links = Vec::new();
    links.push(("key", traced.row.key.to_string()));
    links.push(("trigger", caller.trigger.clone().unwrap_or_else(|| "not given".to_owned())));
    let person = caller.person.as_deref().unwrap_or("?");
    let admitted = caller.admitted_as.as_deref().map(|line| format!(", as {line}")).unwrap_or_default();
    let system = caller.system.as_deref().map(|system| format!(", through {system}")).unwrap_or_default();
    links.push(("caller", format!("@{person}{admitted}{system}")));
    let approvals = plan.approvals.iter().map(|approval| format!("{} ({})", approval.principal, approval.fingerprint));
    links.push(("approved by", approvals.collect::<Vec<_>>().join(", ")));
    let contract = &plan.contract;
    let digest = |digest: Digest| whole_or_short(digest, ui.room);
    links.push(("class", format!("{} version {}, {}", contract.class, contract.version, digest(contract.digest))));
    links.push(("registry", format!("commit {}", plan.registry_commit)));
    links.push(("model", format!("asked {}, used {}", plan.model, used(&traced.models))));
    links.push(("prompt", digest(plan.prompt_sha256)));
    links.push(("base", format!("{} {} at {}", plan.repository, plan.base_ref, plan.base_sha)));
    links.push(("task", traced.row.task_url.clone().unwrap_or_else(|| "none".to_owned())));
    links.push(("sessions", if traced.sessions.is_empty() { "none".to_owned() } else { traced.sessions.join(", ") }));
    if let Some(evidence) = &traced.evidence {
        let files: Vec<&str> = evidence.files.iter().map(|file| file.path.as_str()).collect();
        let lines = usize::try_from(evidence.lines()).unwrap_or(usize::MAX);
        let counts = format!("{}, {}", count(files.len(), "file"), count(lines, "line"));
        let named = if files.is_empty() { String::new() } else { format!(": {}", files.join(", ")) };
        links.push(("diff", format!("{counts}{named}")));
        let checks: Vec<_> =
            evidence.checks.iter().map(|check| format!("{} {:?}", check.name, check.state).to_lowercase()).collect();
        links.push(("checks", if checks.is_empty() { "none".to_owned() } else { checks.join(", ") }));
    }
    links.extend(traced.head_sha.as_ref().map(|sha| ("head", sha.clone())));
    if let Some(pull) = &traced.pull_request {
        let merged = pull.merge_commit.as_ref().map(|commit| format!(", merged as {commit}")).unwrap_or_default();
        links.push(("pull request", format!("{}{merged}", pull.url)));
    }
    links.push(("spend", told::spend(&traced.row)));
    for (name, text) in links {
        ui.fact(name, &visible(&text));
    }
    if let Some(judgement) = &traced.judgement {
        told::verdict(judgement, ui);
    }
    ui.line("");
    told::story(&traced.story, ui);
}

fn used(models: &[String]) -> String {
    if models.is_empty() { "not known".to_owned() } else { models.join(", ") }
}

/// A digest as it is, or where a terminal's line does not hold it, the part that names it.
fn whole_or_short(digest: Digest, room: Option<usize>) -> String {
    let whole = digest.to_string();
    match room {
        Some(room) if room < 14 + whole.len() => format!("sha256:{}…", digest.short()),
        _ => whole,
    }
}

fn count(number: usize, one: &str) -> String {
    format!("{number} {one}{}", if number == 1 { "" } else { "s" })
}
