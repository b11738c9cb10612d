//! What each event does to a task's state.

use jiff::Timestamp;
use taskclass_spec::written::{EscalationTrigger, OnExceeded};

use super::clocks;
use super::task::{Doing, OURSELVES, Progress, Search, Task};
use crate::event::Body;
use crate::vocab::{AgentState, AgentView, ClockName, State, Verdict};

/// When something happened and when it was written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// When it happened: by GitHub's clock where GitHub says so.
    pub occurred: Timestamp,
    /// When it was written down, by ours.
    pub observed: Timestamp,
}

impl Task {
    pub(super) fn enter(&mut self, state: State, at: Timestamp) {
        if self.state != state {
            self.state = state;
            self.since = at;
        }
    }

    /// Applies an event that the table calls legal.
    pub(super) fn apply(&mut self, moment: Moment, body: &Body) {
        let now = moment.observed;
        match body {
            Body::Queued { not_before, held_by } => {
                self.not_before = *not_before;
                self.held_by.clone_from(held_by);
                self.enter(State::Queued, now);
            }
            Body::Sending { request_sha256, break_glass, .. } => {
                self.times.sent = Some(now);
                self.request_sha256 = Some(*request_sha256);
                self.sends = self.sends.saturating_add(1);
                self.held_by = None;
                self.break_glass.clone_from(break_glass);
                self.enter(State::Sending, now);
                self.escalate_break_glass(now);
            }
            Body::Accepted { task } => {
                self.at_github = Some(task.clone());
                self.times.accepted = Some(now);
                self.times.changed = now;
                self.enter(State::Accepted, now);
                self.want_cancel(now);
            }
            Body::Refused { message } => {
                self.end_reason = Some(message.clone());
                self.enter(State::Refused, now);
            }
            Body::Requeued { reason, not_before } => {
                self.not_before = Some(*not_before);
                self.held_by = Some(reason.clone());
                self.enter(State::Queued, now);
            }
            Body::Unknown { reason } => {
                let next = clocks::first_look(now);
                self.search = Some(Search { reason: reason.clone(), looks: 0, next });
                self.enter(State::Unknown, now);
            }
            Body::Looked { next, .. } => {
                if let Some(search) = &mut self.search {
                    search.looks = search.looks.saturating_add(1);
                    search.next = next.unwrap_or(now);
                }
            }
            Body::Adopted { task, quarantined, .. } => {
                self.at_github = Some(task.clone());
                self.quarantined.clone_from(quarantined);
                self.search = None;
                self.times.accepted = Some(now);
                self.times.changed = now;
                self.enter(State::Adopted, now);
                self.close_episodes(&[EscalationTrigger::Unresolved], now);
                if !quarantined.is_empty() {
                    self.escalate(EscalationTrigger::Unresolved, now);
                }
                self.want_cancel(now);
            }
            Body::Unresolved => {
                self.enter(State::Unresolved, now);
                self.escalate(EscalationTrigger::Unresolved, now);
            }
            Body::Abandoned { by, reason, replaced_by } => {
                self.end_reason = Some(reason.clone());
                self.replaced_by.clone_from(replaced_by);
                self.enter(State::Abandoned, now);
                self.leave_pull(now);
                // A person who gives it up knows; what the executor gives up, people are still told of.
                if by != OURSELVES {
                    self.close_episodes(&[], now);
                    self.drop_untold(|_| true);
                }
            }
            Body::Observed(view) => self.observe(moment, view),
            Body::Missing => self.missing_since = self.missing_since.or(Some(now)),
            Body::ClockExpired { clock } => self.expire(*clock, now),
            Body::CancelRequested { by, reason } => self.stop(by, reason.clone(), now),
            Body::CancelUnconfirmed => {
                if let Some(cancel) = &mut self.cancel {
                    cancel.unconfirmed = true;
                }
                self.escalate(EscalationTrigger::CancelUnconfirmed, now);
            }
            Body::OverBudget { .. } => {
                self.over_budget = true;
                self.pauses_class = self.contract().budget.on_exceeded == OnExceeded::Pause;
                self.escalate(EscalationTrigger::OverBudget, now);
                if self.contract().budget.on_exceeded == OnExceeded::Cancel && self.state.is_in_flight() {
                    self.stop(OURSELVES, "the task has used more than budget.per_task".to_owned(), now);
                }
            }
            Body::DeadlineReached { episode } => self.deadline(*episode, now),
            Body::Acknowledged { .. } => {
                self.pauses_class = false;
                self.acknowledge(now);
            }
            Body::RetryRequested { .. } => self.retry(now),
            Body::EvidenceRead(read) => {
                self.evidence_since = self.evidence_since.or(Some(now));
                self.evidence_read = Some(now);
                if let Some(pull) = &read.pull_request {
                    self.see_pull(pull, now);
                }
                self.evidence = Some((**read).clone());
                if !matches!(self.state, State::Judged(_)) {
                    self.enter(if read.empty { State::Empty } else { State::Delivered }, now);
                }
            }
            Body::Judged(judgement) => {
                let before = self.judgement.replace(judgement.clone());
                if before.is_some_and(|before| before.head_sha != judgement.head_sha) {
                    self.close_anew();
                }
                self.enter(State::Judged(judgement.verdict), now);
                self.act_on_verdict(judgement.verdict, now);
            }
            Body::PullRequest(pull) => {
                self.see_pull(pull, now);
                self.reopen(now);
                self.open_or_dress(now);
            }
            Body::Merged { commit, unreviewed, verdict, handling } => {
                self.unreviewed_merge = *unreviewed;
                self.merged_against_verdict = !matches!(verdict, Some(Verdict::Accepted | Verdict::Inconclusive));
                self.end_pull(State::Merged, commit.clone(), handling, now);
                self.escalate_merge(now);
            }
            Body::Closed { handling } => self.end_pull(State::Closed, None, handling, now),
            Body::LookedAfter { next, .. } => self.looked_after(*next, now),
            Body::Reverted { commit } => {
                self.end_reason = Some(format!("reverted by {commit}"));
                self.afterwards = None;
                self.enter(State::Reverted, now);
            }
            Body::Acting { action, comments, may_repeat } => {
                let doing = self.actions.entry(action.id()).or_insert_with(|| Doing::wanted(action.clone(), now));
                doing.comments = doing.comments.or(*comments);
                doing.may_repeat = *may_repeat;
                doing.tries = doing.tries.saturating_add(1);
                doing.progress = Progress::Started { at: now };
            }
            Body::Acted { action, outcome } => {
                if let Some(doing) = self.actions.get_mut(action) {
                    doing.progress = Progress::Done { outcome: outcome.clone() };
                    self.asked_to_stop(action, now);
                }
            }
            Body::ActionFailed { action, reason, refused, retry_at } => {
                if retry_at.is_some() && self.actions.get(action).is_some_and(|doing| self.is_pointless(&doing.action))
                {
                    self.actions.remove(action);
                } else if let Some(doing) = self.actions.get_mut(action) {
                    doing.refused |= *refused;
                    doing.reason = Some(reason.clone());
                    doing.progress = match retry_at {
                        Some(at) => Progress::Wanted { at: *at },
                        None => Progress::GivenUp { reason: reason.clone() },
                    };
                }
                if retry_at.is_none() {
                    self.escalate_given_up(action, now);
                }
            }
            Body::Planned(_)
            | Body::Begun { .. }
            | Body::RegistryAccepted { .. }
            | Body::Stopped { .. }
            | Body::Started { .. }
            | Body::Snapshot { .. }
            | Body::Pruned { .. }
            | Body::ClockSet { .. }
            | Body::RunRefused { .. }
            | Body::RateLimited { .. } => {}
        }
    }

    /// Takes in a reading of GitHub's task.
    fn observe(&mut self, moment: Moment, view: &AgentView) {
        let now = moment.observed;
        // GitHub's clock counts between our own readings, so that a late look does not lengthen or shorten a stretch.
        // Never before the last change, even if a clock was set back.
        let at = moment.occurred.min(now).max(self.times.changed);
        let before = self.agent.replace(view.clone());
        let more_sessions = before.as_ref().is_some_and(|old| old.sessions.len() < view.sessions.len());
        let was = before.map(|old| old.state);
        // Somebody set it to work again: what was told of its end is answered, and its work is a new stretch.
        if was.as_ref().is_some_and(AgentState::is_settled) && (more_sessions || !view.state.is_settled()) {
            self.times.worked = jiff::SignedDuration::ZERO;
            self.expired.remove(&ClockName::Run);
            let answered = [EscalationTrigger::Failed, EscalationTrigger::TimedOut, EscalationTrigger::Rejected];
            self.close_episodes(&answered, now);
        }
        // Whatever it goes on to do, something has changed.
        if was.as_ref() != Some(&view.state) {
            self.close_episodes(&[EscalationTrigger::Stale], now);
        }
        self.times.changed = at;
        self.missing_since = None;
        self.expired.remove(&ClockName::Stale);
        if was.as_ref() != Some(&view.state)
            && let Some(since) = self.times.working_since.take()
        {
            self.times.worked = self.times.worked.saturating_add(at.duration_since(since));
        }
        if view.state == AgentState::InProgress {
            self.times.working_since = self.times.working_since.or(Some(at));
            self.times.began = self.times.began.or(Some(at));
        }
        if view.state.waits() {
            // Once a wait: who has taken notice is not told again while it lasts.
            if self.times.waiting_since.is_none() {
                self.times.waiting_since = Some(at);
                self.escalate(EscalationTrigger::WaitingForUser, now);
            }
        } else {
            self.times.waiting_since = None;
            self.expired.remove(&ClockName::Waiting);
            self.close_episodes(&[EscalationTrigger::WaitingForUser, EscalationTrigger::Stale], now);
        }
        if view.state.is_settled() {
            self.times.began = self.times.began.or(Some(at));
            self.times.settled = Some(at);
            self.close_episodes(&[EscalationTrigger::CancelUnconfirmed], now);
            self.stopped(at);
            // Judged or read already, and nothing was added: only details such as usage have come in.
            if more_sessions || !matches!(self.state, State::Delivered | State::Empty | State::Judged(_)) {
                self.forget_result();
                self.enter(State::Task(view.state.clone()), now);
                match view.state {
                    AgentState::Failed => self.escalate(EscalationTrigger::Failed, now),
                    AgentState::TimedOut => self.escalate(EscalationTrigger::TimedOut, now),
                    _ => {}
                }
            }
        } else {
            self.times.settled = None;
            self.forget_result();
            self.enter(State::Task(view.state.clone()), now);
            self.want_cancel(now);
        }
    }

    /// The result is to be read anew.
    pub(super) fn forget_result(&mut self) {
        // What it was to lead to is wanted anew by its verdict.
        self.drop_opening();
        self.evidence = None;
        self.evidence_since = None;
        self.evidence_read = None;
    }

    fn expire(&mut self, clock: ClockName, now: Timestamp) {
        self.expired.insert(clock);
        let live = self.at_github.is_some() && self.state.is_in_flight();
        match clock {
            ClockName::Stale => self.escalate(EscalationTrigger::Stale, now),
            ClockName::Review => self.escalate(EscalationTrigger::TimedOut, now),
            ClockName::Queue | ClockName::Run | ClockName::Waiting | ClockName::Total => {
                if live || matches!(self.state, State::Sending | State::Unknown | State::Unresolved) {
                    self.stop(OURSELVES, format!("limits.timeouts.{clock} ran out"), now);
                }
                self.escalate(EscalationTrigger::TimedOut, now);
            }
        }
    }
}
