//! Evidence: what was read about a result, and the verdict that follows from it and from nothing else.

mod belief;
pub(crate) mod collect;
pub(crate) mod handling;
mod judge;

pub use judge::judge;

use jiff::{SignedDuration, Timestamp};
use taskclass_spec::Digest;

use crate::agenda::{PATIENCE, backoff};
use crate::context::Context;
use crate::error::ExecError;
use crate::event::{Body, EvidenceRead};
use crate::lifecycle::{Task, clocks};
use crate::memory::Side;
use crate::store::Payload;
use crate::vocab::{Evidence, FileScope, Http, Judgement, Key, Reason, State, Verdict};

/// The longest time between two readings of evidence that time may complete, while it is fresh; the first is the list's shortest interval.
const MOST: SignedDuration = SignedDuration::from_mins(10);
/// The longest ever. What has not changed for hours is read more and more seldom, each time after a twelfth of that: a check that never
/// ends would else cost thousands of requests until the task's time is over.
const MOST_OF_OLD: SignedDuration = SignedDuration::from_hours(1);
/// The same, where only a check that somebody runs again can change anything.
const MOST_TO_MEND: SignedDuration = SignedDuration::from_mins(30);

/// Reads a result and judges it. What time alone may settle is read again before `inconclusive` is concluded, and after.
pub(crate) fn examine(context: &mut Context<'_>, key: &Key) -> Result<(), ExecError> {
    let task = context.task(key)?.clone();
    let evidence = match context.accounts(&task).and_then(|ours| collect::collect(context, &task, &ours)) {
        Ok(evidence) => evidence,
        Err(error) => {
            context.endure_for(key, Side::Repository, error)?;
            return Ok(());
        }
    };
    context.well_for(key, Side::Repository);
    let now = context.now();
    let judgement = judge(&evidence, &task.plan);
    let open = judgement.verdict == Verdict::Inconclusive;
    let passing = open && judgement.reasons.iter().any(Reason::may_pass);
    let waited = task.evidence_since.map_or(SignedDuration::ZERO, |since| now.duration_since(since));
    let conclude = !passing || waited >= PATIENCE;
    let mends = may_mend(&evidence, &judgement);
    let payload = kept(&evidence)?;
    let changed = task.evidence.as_ref().is_none_or(|read| read.sha256 != payload.sha256);
    let unchanged =
        task.evidence_read.filter(|_| !changed).map_or(SignedDuration::ZERO, |since| now.duration_since(since));
    let most =
        SignedDuration::from_secs(unchanged.as_secs() / 12).clamp(if mends { MOST_TO_MEND } else { MOST }, MOST_OF_OLD);
    let times = context.memory.evidence.get(key).map_or(0, |(_, times)| *times);
    let next = clocks::later(now, backoff(times, context.settings.min_interval.signed(), most));
    context.memory.evidence.insert(key.clone(), (next, times.saturating_add(1)));
    let again_at = (open || mends).then_some(next);
    let mut drafts = Vec::new();
    if changed {
        let read = read(&evidence, &task, payload.sha256, again_at);
        drafts.push(context.draft(key, Body::EvidenceRead(Box::new(read)), &Http::default()));
    }
    let same = task.judgement.as_ref() == Some(&judgement) && task.state == State::Judged(judgement.verdict);
    if conclude && !same {
        drafts.push(context.draft(key, Body::Judged(judgement), &Http::default()));
    }
    if !drafts.is_empty() {
        context.book.commit(drafts, if changed { vec![payload] } else { Vec::new() })?;
    }
    Ok(())
}

/// Whether it was rejected for nothing but failed checks, which people run again, and its pull request is open.
fn may_mend(evidence: &Evidence, judgement: &Judgement) -> bool {
    let failed = |reason: &Reason| !reason.is_breach() || matches!(reason, Reason::CheckFailed { .. });
    judgement.verdict == Verdict::Rejected
        && judgement.reasons.iter().all(failed)
        && evidence.pull_request.as_ref().is_some_and(|pull| pull.open)
}

/// The evidence in short, as the event has it.
fn read(evidence: &Evidence, task: &Task, sha256: Digest, again_at: Option<Timestamp>) -> EvidenceRead {
    let validation = &task.contract().validation;
    let outside = evidence.files.iter().filter(|file| file.scope(validation) != FileScope::Inside).count();
    let (checks_passed, checks_failed, checks_unknown) = judge::count(evidence, &task.plan);
    EvidenceRead {
        sha256,
        head_sha: evidence.head_sha.clone(),
        empty: evidence.is_empty(),
        complete: !evidence.files_cut && evidence.unread.is_empty(),
        files: evidence.files.len() as u64,
        files_outside: outside as u64,
        lines: evidence.lines(),
        additions: evidence.additions(),
        deletions: evidence.deletions(),
        commits: evidence.commits,
        checks_passed,
        checks_failed,
        checks_unknown,
        again_at,
        pull_request: evidence.pull_request.clone(),
    }
}

/// The evidence as it is kept beside the journal.
fn kept(evidence: &Evidence) -> Result<Payload, ExecError> {
    let bytes = serde_json_canonicalizer::to_vec(evidence).map_err(crate::audit::SealError::from)?;
    Ok(Payload { sha256: Digest::of(&bytes), bytes })
}
