//! The loop itself: what is due is done, one step after the other, and then waited for what comes next.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

use super::{Executor, Held, TickReport};
use crate::agenda::Item;
use crate::clock::{Clock as _, Wake};
use crate::context::Context;
use crate::error::ExecError;
use crate::ledger::Ledger;
use crate::lifecycle::clocks;
use crate::memory::{PutOff, Side};
use crate::rest;
use crate::schedule::{Step, next};
use crate::standing::is_settled;
use crate::vocab::{Key, RunId};

/// Failures in a row after which following gives up for now. They span some minutes.
const PATIENCE: u32 = 8;

/// How long a tick waits for its next change, and in all.
const LINGER: SignedDuration = SignedDuration::from_secs(2);
const LINGER_AT_MOST: SignedDuration = SignedDuration::from_secs(30);

/// For how long a tick keeps the journal to itself, and for how long it then lets others have it.
const TURN: SignedDuration = SignedDuration::from_secs(8);
const BREATH: SignedDuration = SignedDuration::from_millis(200);

/// How often a step may come back at once without having changed anything, and how long it is put off then.
const IDLE: u32 = 3;
const AWAY: SignedDuration = SignedDuration::from_mins(1);

impl Executor<'_> {
    /// Does everything that is due. Between changes that GitHub wants a second apart it waits, for half a minute at most. Where there is
    /// much to do, others get the journal in between.
    ///
    /// # Errors
    /// [`ExecError::Book`] if the journal cannot be written; [`ExecError::Github`] if the token is not accepted. What GitHub does not
    /// answer is no error: see [`TickReport::trouble`].
    pub fn tick(&mut self) -> Result<TickReport, ExecError> {
        let mut report = TickReport::default();
        self.context.keep_time()?;
        let linger_until = clocks::later(self.context.now(), LINGER_AT_MOST);
        let mut turn_ends = clocks::later(self.context.now(), TURN);
        let mut idle = Idle::default();
        let (mut stuck, mut spins) = (BTreeSet::new(), false);
        loop {
            if report.interrupted || self.context.clock.interrupted() {
                report.interrupted = true;
                break;
            }
            let now = self.context.now();
            match next(&self.context) {
                Some((at, step)) if at <= now && !idle.holds_up(&step, &self.context) => {
                    report.did.push(self.take(step)?);
                }
                Some((at, step)) if at <= now => {
                    report.stuck = Some(format!("{step:?}"));
                    put_away(&mut self.context, &step);
                    if !stuck.insert(step) {
                        // It does not even let itself be put off.
                        spins = true;
                        break;
                    }
                }
                // Changes keep a second apart; a tick that began a few does not leave the rest to the next.
                Some((at, step)) if step.changes() && at <= clocks::later(now, LINGER) && at <= linger_until => {
                    report.interrupted = self.context.clock.sleep_until(at) == Wake::Interrupted;
                }
                _ => break,
            }
            if self.context.now() >= turn_ends {
                let breath = clocks::later(self.context.now(), BREATH);
                match rest::until(&mut self.context, breath) {
                    Err(ExecError::Interrupted) => report.interrupted = true,
                    rested => rested?,
                }
                turn_ends = clocks::later(self.context.now(), TURN);
            }
        }
        let earliest = if spins { clocks::later(self.context.now(), AWAY) } else { Timestamp::MIN };
        report.next_due = next(&self.context).map(|(at, _)| at.max(earliest));
        let memory = &self.context.memory;
        report.trouble = memory.trouble().map(|off| off.why.clone());
        let held = |(key, side, off): (&Key, Side, &PutOff)| Held { key: key.clone(), side, off: off.clone() };
        report.put_off = memory.all_off().filter(|(_, _, off)| off.times > 0).map(held).collect();
        Ok(report)
    }

    /// Ticks and sleeps until `done` says so, nothing is under way, or somebody wants the program to end. `each` sees every report.
    ///
    /// # Errors
    /// As [`Executor::tick`]; [`ExecError::Unanswered`] once GitHub has not answered for long; [`ExecError::Interrupted`].
    pub fn run_until(
        &mut self,
        done: &mut dyn FnMut(&Ledger, Timestamp) -> bool,
        each: &mut dyn FnMut(&TickReport, &Ledger),
    ) -> Result<(), ExecError> {
        self.follow(None, done, each)
    }

    /// Until nothing can be expected of the run without a person or a long wait: every task judged and done, ended, unresolved, or
    /// waiting for somebody.
    ///
    /// # Errors
    /// As [`Executor::run_until`]; [`ExecError::Unanswered`] also if only what the run needs has not been answered for long.
    pub fn run_until_settled(
        &mut self,
        run: &RunId,
        each: &mut dyn FnMut(&TickReport, &Ledger),
    ) -> Result<(), ExecError> {
        self.follow(Some(run), &mut |ledger, now| is_settled(ledger, run, now), each)
    }

    fn follow(
        &mut self,
        run: Option<&RunId>,
        done: &mut dyn FnMut(&Ledger, Timestamp) -> bool,
        each: &mut dyn FnMut(&TickReport, &Ledger),
    ) -> Result<(), ExecError> {
        loop {
            let report = self.tick()?;
            each(&report, self.ledger());
            if report.interrupted {
                return Err(ExecError::Interrupted);
            }
            if done(self.ledger(), self.context.now()) {
                return Ok(());
            }
            if let Some(why) = self.unanswered(run) {
                return Err(ExecError::Unanswered(why));
            }
            let Some(next) = report.next_due else { return Ok(()) };
            rest::until(&mut self.context, next)?;
        }
    }

    /// What GitHub has not answered for long: anything at all, or what this run needs.
    fn unanswered(&self, run: Option<&RunId>) -> Option<String> {
        let memory = &self.context.memory;
        let long = |off: &&PutOff| off.times >= PATIENCE;
        let all = memory.trouble().filter(long);
        let keys = run.and_then(|run| self.ledger().runs.get(run));
        let ours = || {
            let of_run = |key: &Key| keys.is_some_and(|keys| keys.contains(key));
            memory.all_off().find(|(key, _, off)| of_run(key) && long(off)).map(|(_, _, off)| off)
        };
        all.or_else(ours).map(|off| off.why.clone())
    }
}

/// A guard: whatever is done when it is due must change something, or it would be done for ever.
#[derive(Default)]
struct Idle {
    last: Option<(Step, u64)>,
    times: u32,
}

impl Idle {
    /// Whether the step has come back so often, with nothing written down in between, that it has to wait.
    fn holds_up(&mut self, step: &Step, context: &Context<'_>) -> bool {
        let written = context.book.ledger().head.count;
        if self.last.as_ref().is_some_and(|(last, count)| last == step && *count == written) {
            self.times += 1;
        } else {
            self.last = Some((step.clone(), written));
            self.times = 0;
        }
        self.times >= IDLE
    }
}

/// Puts a step off that changes nothing, so that everything else goes on.
fn put_away(context: &mut Context<'_>, step: &Step) {
    let until = clocks::later(context.now(), AWAY);
    let why = "what was due has changed nothing, again and again; please report this";
    let (key, side) = match step {
        Step::List => {
            context.memory.list_at = Some(until);
            return;
        }
        Step::Read(key) | Step::Of(key, Item::Clock(_)) => (key, Side::Task),
        Step::Of(key, _) | Step::Pull(key) | Step::After(key) => (key, Side::Repository),
    };
    context.memory.put_off(key, side, until, why);
}
