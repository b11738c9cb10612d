//! What a change of state makes necessary: actions to take, people to tell, a task to stop.

use std::collections::BTreeSet;

use jiff::Timestamp;
use taskclass_spec::written::{AfterDeadline, CreatePullRequest, EmptyResult, EscalationTrigger, Notice, OnRejected};

use super::task::{Cancel, Doing, Episode, OURSELVES, Occasion, Progress, Task};
use crate::event::BrokenGlass;
use crate::vocab::{Action, ActionId, AgentState, State, Verdict};

impl Task {
    /// Wants an action, unless it is wanted, begun or done already.
    pub(super) fn want(&mut self, action: Action, at: Timestamp) {
        let id = action.id();
        if self.actions.contains_key(&id) {
            return;
        }
        self.actions.insert(id, Doing::wanted(action, at));
    }

    /// Wants the status for the present verdict. A verdict that was published before an opposite one is published again.
    fn want_status(&mut self, verdict: Verdict, head_sha: &str, at: Timestamp) {
        let action = Action::PublishStatus { head_sha: head_sha.to_owned(), verdict };
        let same_commit =
            |other: &Action| matches!(other, Action::PublishStatus { head_sha: sha, .. } if sha == head_sha);
        let id = action.id();
        let stale = self.actions.iter().any(|(other, doing)| *other != id && same_commit(&doing.action));
        if stale {
            self.actions
                .retain(|_, doing| !same_commit(&doing.action) || matches!(doing.progress, Progress::Started { .. }));
        }
        self.want(action, at);
    }

    /// Starts an escalation, if the class escalates on this and none of the kind is open.
    pub(super) fn escalate(&mut self, trigger: EscalationTrigger, at: Timestamp) {
        // That nobody knows whether it exists, or that there are several, is asked of people whatever the class says: it is the guarantee.
        let asked = trigger == EscalationTrigger::Unresolved
            || self.contract().escalates_on(trigger)
            || (trigger == EscalationTrigger::Rejected
                && self.contract().validation.on_rejected.contains(&OnRejected::Escalate));
        if asked && !self.open_episodes().any(|episode| episode.trigger == trigger.into()) {
            self.climb(trigger.into(), at);
        }
    }

    /// Starts the one escalation of a task that is sent under a break-glass approval, whatever the class escalates on.
    /// However often it is sent, people are told once.
    pub(super) fn escalate_break_glass(&mut self, at: Timestamp) {
        let untold = |broken: &BrokenGlass| !self.plan.break_glass_told.contains(broken);
        let told = self.episodes.iter().any(|episode| episode.trigger == Occasion::BreakGlass);
        if !told && self.break_glass.iter().any(untold) {
            self.climb(Occasion::BreakGlass, at);
        }
    }

    /// Starts an escalation because a change at GitHub was given up, whatever the class escalates on. A notice that reaches nobody
    /// is no reason for another one, and a stop that did not work out is told as such.
    pub(super) fn escalate_given_up(&mut self, id: &ActionId, at: Timestamp) {
        let silent = |action: &Action| matches!(action, Action::Notify { .. } | Action::CancelRun { .. });
        let told = self.open_episodes().any(|episode| episode.trigger == Occasion::GivenUp);
        if !told && !self.state.is_ended() && self.actions.get(id).is_some_and(|doing| !silent(&doing.action)) {
            self.climb(Occasion::GivenUp, at);
        }
    }

    /// A person wants what was given up to be tried again. A stop is asked for anew instead.
    pub(super) fn retry(&mut self, at: Timestamp) {
        let open: BTreeSet<u32> = self.open_episodes().map(|episode| episode.number).collect();
        for doing in self.actions.values_mut() {
            if doing.can_be_retried(|episode| open.contains(&episode)) {
                // Where GitHub did not say how many comments there were, one of the tries may have got through.
                let may_repeat = doing.may_repeat || doing.tries > 0 && doing.comments.is_none();
                *doing = Doing { comments: doing.comments, may_repeat, ..Doing::wanted(doing.action.clone(), at) };
            }
        }
        self.close_where(at, |trigger| trigger == Occasion::GivenUp);
    }

    /// Tells people of a merge without the review that the class asks for, or against the verdict, whatever the class escalates on.
    pub(super) fn escalate_merge(&mut self, at: Timestamp) {
        if self.unreviewed_merge || self.merged_against_verdict {
            self.climb(Occasion::UngatedMerge, at);
        }
    }

    fn climb(&mut self, trigger: Occasion, at: Timestamp) {
        let number = u32::try_from(self.episodes.len()).unwrap_or(u32::MAX).saturating_add(1);
        self.episodes.push(Episode { number, trigger, opened: at, closed: None, deadline_reached: false });
        let plan = self.plan.clone();
        for (rung, step) in (0..).zip(&plan.contract.escalation.ladder) {
            // That the glass was broken is told at once, whenever the ladder begins.
            let due = if rung == 0 && trigger == Occasion::BreakGlass { at } else { step.after.after(at) };
            for notice in &step.notify {
                self.want(Action::Notify { episode: number, rung, notice: notice.clone() }, due);
            }
        }
    }

    /// Whether this is the notice that the glass was broken, which nothing takes back: neither the task's end nor somebody
    /// who has seen it before it was sent.
    pub(super) fn is_due_regardless(&self, action: &Action) -> bool {
        matches!(action, Action::Notify { episode, rung: 0, .. }
            if self.episodes.iter().any(|e| e.number == *episode && e.trigger == Occasion::BreakGlass))
    }

    /// Ends the open escalations of these triggers (of all, if none is given): notices that were not begun are dropped.
    /// That the glass was broken stays open until a person has seen it.
    pub(super) fn close_episodes(&mut self, triggers: &[EscalationTrigger], at: Timestamp) {
        self.close_where(at, |trigger| match trigger {
            Occasion::BreakGlass | Occasion::UngatedMerge => false,
            Occasion::GivenUp => triggers.is_empty(),
            Occasion::Class(trigger) => triggers.is_empty() || triggers.contains(&trigger),
        });
    }

    /// A person has seen all that is open.
    pub(super) fn acknowledge(&mut self, at: Timestamp) {
        self.close_where(at, |_| true);
        for doing in self.actions.values_mut() {
            doing.seen |= matches!(doing.progress, Progress::GivenUp { .. });
        }
    }

    fn close_where(&mut self, at: Timestamp, closes: impl Fn(Occasion) -> bool) {
        for index in 0..self.episodes.len() {
            let episode = &mut self.episodes[index];
            let trigger = episode.trigger;
            if episode.closed.is_some() || !closes(trigger) {
                continue;
            }
            episode.closed = Some(at);
            let number = episode.number;
            self.drop_untold(|action| matches!(action, Action::Notify { episode, .. } if *episode == number));
            // A receiver that did not take it in time need not hear of it any more.
            self.actions.retain(|_, doing| {
                let hook = matches!(&doing.action, Action::Notify { episode, notice: Notice::Webhook(_), .. } if *episode == number);
                !hook || trigger == Occasion::BreakGlass || !matches!(doing.progress, Progress::Wanted { .. })
            });
        }
    }

    /// What was wanted and not begun has no more reason.
    pub(super) fn drop_untold(&mut self, which: impl Fn(&Action) -> bool) {
        let kept: Vec<_> =
            self.actions.values().filter(|d| self.is_due_regardless(&d.action)).map(|d| d.action.id()).collect();
        self.actions.retain(|id, doing| {
            let untold = matches!(doing.progress, Progress::Wanted { .. }) && doing.tries == 0;
            !untold || !which(&doing.action) || kept.contains(id)
        });
    }

    /// Asks for the task to be stopped, once.
    pub(super) fn stop(&mut self, by: &str, reason: String, at: Timestamp) {
        let request = match &self.cancel {
            Some(cancel) if cancel.is_pending() => return,
            Some(cancel) => cancel.request.saturating_add(1),
            None => 1,
        };
        let by = by.to_owned();
        self.cancel = Some(Cancel { request, by, reason, at, asked: None, unconfirmed: false, settled: None });
        self.want_cancel(at);
    }

    /// Wants the run behind the task cancelled, if the task is to be stopped and is known to exist.
    pub(super) fn want_cancel(&mut self, at: Timestamp) {
        let live = self.at_github.is_some() && self.state.is_in_flight();
        let cancel = self.cancel.as_ref().filter(|cancel| live && cancel.settled.is_none());
        if let Some(request) = cancel.map(|cancel| cancel.request) {
            self.want(Action::CancelRun { request }, at);
        }
    }

    /// Actions took the request to cancel the run: from now on the task is given its time to say so.
    pub(super) fn asked_to_stop(&mut self, id: &ActionId, at: Timestamp) {
        if let Some(cancel) = &mut self.cancel
            && *id == (Action::CancelRun { request: cancel.request }).id()
        {
            cancel.asked = Some(at);
        }
    }

    /// A settled task need not be stopped any more.
    pub(super) fn stopped(&mut self, at: Timestamp) {
        if let Some(cancel) = &mut self.cancel {
            cancel.settled = cancel.settled.or(Some(at));
        }
        self.actions.retain(|_, doing| {
            let stop = matches!(doing.action, Action::CancelRun { .. });
            !stop || !matches!(doing.progress, Progress::Wanted { .. })
        });
    }

    /// What nobody's answer leads to.
    pub(super) fn deadline(&mut self, number: u32, at: Timestamp) {
        if let Some(episode) = self.episodes.iter_mut().find(|episode| episode.number == number) {
            episode.deadline_reached = true;
        }
        let live = self.at_github.is_some() && self.state.is_in_flight();
        if self.contract().escalation.deadline.action == AfterDeadline::Cancel && live {
            self.stop(OURSELVES, "nobody answered by the escalation's deadline".to_owned(), at);
        }
    }

    /// What a verdict leads to.
    pub(super) fn act_on_verdict(&mut self, verdict: Verdict, at: Timestamp) {
        let head_sha = self.judgement.as_ref().and_then(|judgement| judgement.head_sha.clone());
        if let Some(head_sha) = &head_sha {
            self.want_status(verdict, head_sha, at);
        }
        if verdict != Verdict::Accepted {
            self.drop_opening();
        }
        match verdict {
            Verdict::Accepted => {
                self.close_episodes(&[EscalationTrigger::Rejected], at);
                self.open_or_dress(at);
            }
            Verdict::Rejected => {
                let open = self.pull.as_ref().is_some_and(|pull| pull.open);
                let plan = self.plan.clone();
                for then in &plan.contract.validation.on_rejected {
                    match (then, &head_sha) {
                        (OnRejected::Comment, Some(head_sha)) if open => {
                            self.want(Action::CommentRejected { head_sha: head_sha.clone() }, at);
                        }
                        (OnRejected::ClosePullRequest, _) if open => self.want(Action::ClosePullRequest, at),
                        // A comment without a pull request has no place; the escalation says the same.
                        _ => {}
                    }
                }
                let told = [EscalationTrigger::Failed, EscalationTrigger::TimedOut];
                let told = self.open_episodes().any(|episode| told.map(Occasion::from).contains(&episode.trigger));
                // Who had it stopped knows.
                let stopped =
                    self.cancel.is_some() && self.agent.as_ref().is_some_and(|a| a.state == AgentState::Cancelled);
                if !told && !stopped {
                    self.escalate(EscalationTrigger::Rejected, at);
                }
            }
            Verdict::Inconclusive => {}
        }
    }

    /// Whether an action has lost its reason since it was wanted. The next verdict wants it anew.
    pub(crate) fn is_pointless(&self, action: &Action) -> bool {
        match action {
            Action::OpenPullRequest { .. } => self.state != State::Judged(Verdict::Accepted),
            // The last word on a commit is the last verdict on it.
            Action::PublishStatus { head_sha, verdict } => self
                .judgement
                .as_ref()
                .is_some_and(|judged| judged.head_sha.as_ref() == Some(head_sha) && judged.verdict != *verdict),
            _ => false,
        }
    }

    /// A pull request that was not begun is not opened for a result that is not accepted.
    pub(super) fn drop_opening(&mut self) {
        self.drop_untold(|action| matches!(action, Action::OpenPullRequest { .. }));
    }

    /// Something else is there to be judged in a pull request that was closed once: it was reopened, and may have to be closed again.
    pub(super) fn close_anew(&mut self) {
        self.actions.retain(|_, doing| {
            let over = matches!(doing.progress, Progress::Done { .. } | Progress::GivenUp { .. });
            !(over && doing.action == Action::ClosePullRequest)
        });
    }

    /// For an accepted result: its pull request is opened, or gets its labels and reviewers.
    pub(super) fn open_or_dress(&mut self, at: Timestamp) {
        if self.state != State::Judged(Verdict::Accepted)
            || self.contract().create_pull_request == CreatePullRequest::Never
        {
            return;
        }
        let empty = self.evidence.as_ref().is_none_or(|evidence| evidence.empty);
        if empty && self.contract().validation.empty_result == EmptyResult::Accepted {
            return;
        }
        if self.pull.is_some() {
            if !self.contract().labels.is_empty() {
                self.want(Action::AddLabels, at);
            }
            if !self.contract().reviewers.is_empty() {
                self.want(Action::RequestReviewers, at);
            }
        } else if let Some(head_ref) = self.agent.as_ref().and_then(|agent| agent.head_ref.clone()) {
            let base_ref = self.plan.base_ref.clone();
            self.want(Action::OpenPullRequest { head_ref, base_ref }, at);
        }
    }
}
