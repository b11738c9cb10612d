//! The steps of the loop: each calls the one part that does it.

use super::{Did, Executor};
use crate::agenda::Item;
use crate::context::Context;
use crate::error::ExecError;
use crate::event::{Body, Draft};
use crate::ledger::hold;
use crate::lifecycle::{OURSELVES, Progress, clocks};
use crate::memory::Side;
use crate::port::NotNow;
use crate::schedule::Step;
use crate::second_look::{self, Again};
use crate::vocab::{ClockName, Http, Key};
use crate::{act, evidence, reconcile, review, submit, watch};

/// Refusals in a row after which a task counts as one that cannot be looked at.
const HIDDEN: u32 = 3;

impl Executor<'_> {
    /// Takes a step that is due.
    pub(super) fn take(&mut self, step: Step) -> Result<Did, ExecError> {
        if step.reads() {
            let now = self.context.now();
            self.context.memory.reads(now);
        }
        let (key, what) = match step {
            Step::List => {
                watch::poll(&mut self.context)?;
                // What GitHub did not answer is no look.
                let looked = if self.context.memory.trouble().is_none() { "looked" } else { "tried to look" };
                (None, format!("{looked} at the task list"))
            }
            Step::Read(key) => {
                watch::read(&mut self.context, &key)?;
                (Some(key), "looked at the task".to_owned())
            }
            Step::Pull(key) => {
                review::look(&mut self.context, &key)?;
                (Some(key), "looked at the pull request".to_owned())
            }
            Step::After(key) => {
                review::look_after(&mut self.context, &key)?;
                (Some(key), "looked after what has ended".to_owned())
            }
            Step::Of(key, item) => {
                let what = self.work(&key, &item)?;
                (Some(key), what)
            }
        };
        let state = key.as_ref().and_then(|key| self.ledger().tasks.get(key)).map(|task| task.state.clone());
        Ok(Did { key, what, state })
    }

    fn work(&mut self, key: &Key, item: &Item) -> Result<String, ExecError> {
        let context = &mut self.context;
        Ok(match item {
            Item::Search => {
                reconcile::look(context, key)?;
                "looked for the task".to_owned()
            }
            Item::Clock(clock) => {
                // A look first: what is about to run out may have ended while nobody looked.
                let looked = watch::read(context, key)?;
                // Time runs out also for a task that GitHub does not show us any more.
                let hidden = context.memory.off(key, Side::Task).is_some_and(|off| off.times >= HIDDEN);
                let due = clocks::due(context.task(key)?, *clock).is_some_and(|at| at <= context.now());
                if due && (looked || hidden) {
                    let drafts = end_by_clock(context, key, *clock)?;
                    context.book.commit(drafts, Vec::new())?;
                }
                format!("the clock `{clock}` was due")
            }
            Item::CancelUnconfirmed => {
                // A look first. Where GitHub cannot be read nothing shows that it stopped, either.
                watch::read(context, key)?;
                if clocks::confirm_by(context.task(key)?).is_some_and(|at| at <= context.now()) {
                    context.say(key, Body::CancelUnconfirmed)?;
                }
                "the time to stop was over".to_owned()
            }
            Item::Deadline(episode) => {
                // A look first: somebody may have answered the agent while nobody looked.
                let looked = watch::read(context, key)?;
                let hidden = context.memory.off(key, Side::Task).is_some_and(|off| off.times >= HIDDEN);
                let open = context.task(key)?.open_episodes().any(|found| found.number == *episode);
                if open && (looked || hidden) {
                    context.say(key, Body::DeadlineReached { episode: *episode })?;
                }
                "the time to answer was over".to_owned()
            }
            Item::Evidence => {
                evidence::examine(context, key)?;
                "read the result".to_owned()
            }
            Item::Act(id) => {
                act::perform(context, key, id)?;
                let progress = context.task(key)?.actions.get(id).map(|doing| &doing.progress);
                if matches!(progress, Some(Progress::Done { .. })) {
                    id.done()
                } else {
                    format!("tried to {}", id.to_do())
                }
            }
            Item::Submit => self.submit(key)?,
        })
    }

    fn submit(&mut self, key: &Key) -> Result<String, ExecError> {
        let now = self.context.now();
        let task = self.context.task(key)?.clone();
        if let Some(hold) = hold(&task, self.ledger().tasks.values(), now) {
            let body = Body::Queued { not_before: None, held_by: Some(hold.to_string()) };
            self.context.say(key, body)?;
            return Ok(format!("held: {hold}"));
        }
        let owner = match self.context.owner() {
            Ok(owner) => owner,
            Err(error) => {
                self.context.endure(error)?;
                return self.put_off(key, "GitHub does not say whose token this is".to_owned());
            }
        };
        if owner.id != task.plan.token_owner.id {
            // Limits, callers and the search for a lost answer are all about the one who asked.
            let (now, then) = (owner.login, &task.plan.token_owner.login);
            return self.put_off(key, format!("the token is @{now}'s, and the task was asked for as @{then}"));
        }
        match self.context.approved(&task.plan.contract.class)? {
            Ok(class) => match second_look::again(&mut self.context, &task, &class)? {
                Again::Stands => {
                    self.context.memory.waits_no_more(key);
                    submit::send(&mut self.context, key, &class)?;
                    Ok("sent the task".to_owned())
                }
                Again::PutOff(why) => self.put_off(key, why),
                Again::Refused(message) => {
                    self.context.say(key, Body::Refused { message })?;
                    Ok("not let through any more".to_owned())
                }
            },
            Err(NotNow::CannotTell(why)) => self.put_off(key, format!("the registry cannot be read: {why}")),
            Err(NotNow::NotApproved(why)) => {
                let message = format!("the class is not approved now: {why}");
                self.context.say(key, Body::Refused { message })?;
                Ok("not approved any more".to_owned())
            }
        }
    }

    /// Leaves a task in the queue for a while, for a reason that no limit of ours will lift: longer each time. It is written down when
    /// the reason is another one.
    fn put_off(&mut self, key: &Key, why: String) -> Result<String, ExecError> {
        let now = self.context.now();
        let not_before = Some(self.context.memory.waits(key, now));
        if self.context.task(key)?.held_by.as_ref() != Some(&why) {
            self.context.say(key, Body::Queued { not_before, held_by: Some(why.clone()) })?;
        }
        Ok(format!("held: {why}"))
    }
}

/// What a clock's end leads to, all in one: a task that `total` ends and that nothing has to stop is given up with it. One whose clock
/// a process has let run out before it ended is only given up.
fn end_by_clock(context: &Context<'_>, key: &Key, clock: ClockName) -> Result<Vec<Draft>, ExecError> {
    let task = context.task(key)?;
    let mut bodies = Vec::new();
    if !task.expired.contains(&clock) {
        bodies.push(Body::ClockExpired { clock });
    }
    let total = clock == ClockName::Total || task.expired.contains(&ClockName::Total);
    if total && clocks::ends_with_total(task) {
        let reason = "limits.timeouts.total ran out".to_owned();
        bodies.push(Body::Abandoned { by: OURSELVES.to_owned(), reason, replaced_by: None });
    }
    Ok(bodies.into_iter().map(|body| context.draft(key, body, &Http::default())).collect())
}
