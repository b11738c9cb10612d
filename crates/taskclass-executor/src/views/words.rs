//! What happened, in words.

use taskclass_spec::NanoCredits;

use crate::event::{Body, EvidenceRead};
use crate::vocab::{Acted, AgentView, Verdict};

/// Tells events in their order, all of one task or all of none: of each what it adds to those before.
#[derive(Debug, Default)]
pub struct Teller {
    seen: Option<AgentView>,
    read: bool,
}

impl Teller {
    /// What an event says, on one line or several.
    pub fn tell(&mut self, body: &Body) -> String {
        match body {
            Body::Observed(view) => {
                let said = observed(self.seen.as_ref(), view);
                self.seen = Some((**view).clone());
                said
            }
            Body::EvidenceRead(read) => evidence(read, std::mem::replace(&mut self.read, true)),
            other => plain(other),
        }
    }
}

/// `1 file`, `2 files`.
fn count(number: u64, one: &str) -> String {
    format!("{number} {one}{}", if number == 1 { "" } else { "s" })
}

/// What GitHub says of its task that it did not say before.
fn observed(before: Option<&AgentView>, view: &AgentView) -> String {
    let state = view.state.as_str();
    let known = before.filter(|before| before.state == view.state);
    let Some(before) = known else {
        return match &view.error {
            Some(error) => format!("GitHub says {state}: {error}"),
            None => format!("GitHub says {state}"),
        };
    };
    let mut news = Vec::new();
    match view.sessions.len().saturating_sub(before.sessions.len()) {
        0 => {}
        _ if before.sessions.is_empty() => news.push("its session is there".to_owned()),
        more => news.push(format!("{} more", count(more as u64, "session"))),
    }
    if let Some(head_ref) = view.head_ref.as_ref().filter(|_| view.head_ref != before.head_ref) {
        news.push(format!("on branch {head_ref}"));
    }
    if let Some(nanos) = view.nano_credits.filter(|_| view.nano_credits != before.nano_credits) {
        news.push(format!("{} used so far", NanoCredits(nanos)));
    }
    if let Some(error) = view.error.as_ref().filter(|_| view.error != before.error) {
        news.push(error.clone());
    }
    if view.archived && !before.archived {
        news.push("archived by a person".to_owned());
    }
    if news.is_empty() { format!("still {state}") } else { format!("still {state}: {}", news.join(", ")) }
}

fn evidence(read: &EvidenceRead, again: bool) -> String {
    let again = if again { " again" } else { "" };
    let (files, lines) = (count(read.files, "file"), count(read.lines, "line"));
    let result = if read.empty { "nothing was changed".to_owned() } else { format!("{files}, {lines}") };
    let next = read.again_at.map(|at| format!("; not all is known yet, next look at {}", moment(at)));
    format!("read the result{again}: {result}{}", next.unwrap_or_default())
}

/// A moment to the second.
fn moment(at: jiff::Timestamp) -> impl std::fmt::Display {
    at.strftime("%Y-%m-%d %H:%M:%S")
}

fn plain(body: &Body) -> String {
    match body {
        Body::Planned(plan) => {
            let mark = if plan.break_glass.is_empty() { "" } else { ", under a break-glass approval" };
            format!("planned on {} from {}{mark}", plan.repository, plan.base_ref)
        }
        Body::Queued { held_by: Some(held_by), .. } => format!("held: {held_by}"),
        Body::Queued { .. } => "queued".to_owned(),
        Body::Sending { request_sha256, break_glass, .. } => {
            let mark = if break_glass.is_empty() { "" } else { ", under a break-glass approval" };
            format!("written ahead, request {}{mark}", request_sha256.short())
        }
        Body::Accepted { task } => format!("GitHub made task {}", task.id),
        Body::Refused { message } => format!("refused: {message}"),
        Body::Requeued { reason, not_before } => format!("not sent, again at {}: {reason}", moment(*not_before)),
        Body::Unknown { reason } => format!("not known whether it exists: {reason}"),
        Body::Looked { examined, next } => {
            let next = next.map(|next| format!(", again at {}", moment(next))).unwrap_or_default();
            format!("not found among {}{next}", count((*examined).into(), "task"))
        }
        Body::Adopted { task, quarantined, by } => {
            let by = by.as_ref().map(|by| format!(", by {by}")).unwrap_or_default();
            let more = match quarantined.len() {
                0 => String::new(),
                more => format!("; {more} more with the same key"),
            };
            format!("found as task {}{by}{more}", task.id)
        }
        Body::Unresolved => "not found; a person decides".to_owned(),
        Body::Abandoned { by, reason, .. } => format!("given up by {by}: {reason}"),
        Body::Missing => "GitHub does not find it".to_owned(),
        Body::ClockExpired { clock } => format!("limits.timeouts.{clock} ran out"),
        Body::CancelRequested { by, reason } if reason.is_empty() => format!("to be stopped, says {by}"),
        Body::CancelRequested { by, reason } => format!("to be stopped, says {by}: {reason}"),
        Body::CancelUnconfirmed => "nothing shows that it stopped".to_owned(),
        Body::OverBudget { nano_credits, limit } => {
            format!("used {}, more than {limit}", NanoCredits(*nano_credits))
        }
        Body::DeadlineReached { .. } => "nobody answered in time".to_owned(),
        Body::Acknowledged { by } => format!("seen by {by}"),
        Body::RetryRequested { by } => format!("what was given up is tried again, says {by}"),
        Body::Judged(judgement) => {
            let reasons: Vec<_> = judgement.reasons.iter().map(ToString::to_string).collect();
            if reasons.is_empty() {
                judgement.verdict.to_string()
            } else {
                format!("{}: {}", judgement.verdict, reasons.join("; "))
            }
        }
        Body::PullRequest(pull) => {
            format!("pull request #{} is {}", pull.number, if pull.open { "open" } else { "not open" })
        }
        Body::Merged { unreviewed, verdict, .. } => {
            let unreviewed = if *unreviewed { ", with fewer approvals than the class asks for" } else { "" };
            match verdict {
                Some(Verdict::Accepted) => format!("merged{unreviewed}"),
                Some(verdict) => format!("merged although it was {verdict}{unreviewed}"),
                None => format!("merged before it was judged{unreviewed}"),
            }
        }
        Body::Closed { .. } => "pull request closed".to_owned(),
        Body::LookedAfter { examined, complete, .. } => {
            let unread = if *complete { "" } else { ", and not all could be read" };
            match examined {
                0 => format!("looked after it: nothing has changed{unread}"),
                n => format!("looked after it: not taken back by any of {}{unread}", count(*n, "commit")),
            }
        }
        Body::Reverted { commit } => format!("reverted by {commit}"),
        Body::Acting { action, may_repeat, .. } => {
            let again =
                if *may_repeat { ", perhaps for the second time: the answer to the first was lost" } else { "" };
            format!("begins to {}{again}", action.id().to_do())
        }
        Body::Acted { action, outcome } => match outcome {
            Acted::Done => action.done(),
            Acted::AlreadyThere => format!("nothing left to do: {}", action.done()),
            Acted::Posted { url, .. } | Acted::PullRequest { url, .. } => format!("{}, {url}", action.done()),
        },
        Body::ActionFailed { action, reason, retry_at: Some(at), .. } => {
            format!("could not {}, again at {}: {reason}", action.to_do(), moment(*at))
        }
        Body::ActionFailed { action, reason, retry_at: None, .. } => {
            format!("could not {}, and does not try again: {reason}", action.to_do())
        }
        Body::Begun { journal } => format!("the journal {journal} begins"),
        Body::RegistryAccepted { commit } => format!("the registry is at {commit}"),
        Body::Stopped { by, reason } if reason.is_empty() => format!("stopped by {by}"),
        Body::Stopped { by, reason } => format!("stopped by {by}: {reason}"),
        Body::Started { by } => format!("started again by {by}"),
        Body::ClockSet { seconds: 0 } => "the machine's clock was set right".to_owned(),
        Body::ClockSet { seconds } => {
            format!("the machine's clock was set back; time goes on from where it was, {seconds} s ahead of it")
        }
        Body::RunRefused { class, repository, message, .. } if repository.is_empty() => format!("{class}: {message}"),
        Body::RunRefused { class, repository, message, .. } => format!("{class} on {repository}: {message}"),
        Body::Snapshot { .. } => "kept what is known up to here, for a quick start".to_owned(),
        Body::Pruned { by, before, count: cleared } => {
            let cleared = count(*cleared, "payload");
            format!("{by} cleared away {cleared} of tasks that had ended before {}", moment(*before))
        }
        Body::RateLimited { until, .. } => format!("GitHub asks to send nothing before {}", moment(*until)),
        // Told with what came before.
        Body::Observed(view) => observed(None, view),
        Body::EvidenceRead(read) => evidence(read, false),
    }
}

#[cfg(test)]
mod tests {
    use crate::vocab::AgentState;

    use super::*;

    fn view(state: AgentState) -> Box<AgentView> {
        Box::new(AgentView {
            state,
            updated_at: jiff::Timestamp::UNIX_EPOCH,
            sessions: Vec::new(),
            head_ref: None,
            artifacts: Vec::new(),
            models: Vec::new(),
            model_unsaid: false,
            nano_credits: None,
            error: None,
            archived: false,
        })
    }

    fn read(files: u64, lines: u64) -> Body {
        Body::EvidenceRead(Box::new(EvidenceRead {
            sha256: taskclass_spec::Digest::of(b""),
            head_sha: None,
            empty: files == 0,
            complete: true,
            files,
            files_outside: 0,
            lines,
            additions: lines,
            deletions: 0,
            commits: None,
            checks_passed: 0,
            checks_failed: 0,
            checks_unknown: 0,
            again_at: (files == 1).then_some(jiff::Timestamp::UNIX_EPOCH),
            pull_request: None,
        }))
    }

    #[test]
    fn nothing_is_told_twice() {
        let mut teller = Teller::default();
        let first = view(AgentState::Queued);
        let mut second = first.clone();
        second.sessions = vec!["s".to_owned()];
        second.head_ref = Some("copilot/fix".to_owned());
        let mut third = second.clone();
        third.nano_credits = Some(12_400_000_000);
        let mut more = third.clone();
        more.sessions = vec!["s".to_owned(), "t".to_owned()];
        let mut failed = more.clone();
        failed.state = AgentState::Failed;
        failed.error = Some("CAPIError".to_owned());
        for (view, told) in [
            (first, "GitHub says queued"),
            (second, "still queued: its session is there, on branch copilot/fix"),
            (third, "still queued: 12.4 credits used so far"),
            (more.clone(), "still queued: 1 session more"),
            (more, "still queued"),
            (failed, "GitHub says failed: CAPIError"),
        ] {
            assert_eq!(teller.tell(&Body::Observed(view)), told);
        }
        for (body, told) in [
            (read(1, 1), "read the result: 1 file, 1 line; not all is known yet, next look at 1970-01-01 00:00:00"),
            (read(2, 12), "read the result again: 2 files, 12 lines"),
            (read(0, 0), "read the result again: nothing was changed"),
        ] {
            assert_eq!(teller.tell(&body), told);
        }
    }

    #[test]
    fn what_is_about_no_task_is_told_as_well() {
        let begun = Body::Begun { journal: "7f3a".to_owned() };
        let stopped = Body::Stopped { by: "alice".to_owned(), reason: "incident 4711".to_owned() };
        assert_eq!(Teller::default().tell(&begun), "the journal 7f3a begins");
        assert_eq!(Teller::default().tell(&stopped), "stopped by alice: incident 4711");
    }
}
