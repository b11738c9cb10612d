//! Each clock, whatever happens in whatever order: it runs out at most once a stretch, never early, and waiting is no work.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use taskclass_executor::{
    event::Body,
    lifecycle::{Moment, Task, clocks, step},
    vocab::{AgentState, AgentView, ClockName, TaskRef},
};

use crate::rig::Rig;

/// What happens next.
#[derive(Debug, Clone)]
enum Next {
    /// Time passes, in minutes; whatever is due then is due.
    Passes(i64),
    /// GitHub's task is in this state, with so many sessions more.
    Seen(AgentState, usize),
    /// Somebody takes notice, or wants it stopped.
    Acknowledged,
    Cancel,
    Missing,
}

fn next() -> impl Strategy<Value = Next> {
    use AgentState as A;
    let states = vec![
        A::Queued,
        A::InProgress,
        A::Idle,
        A::WaitingForUser,
        A::Completed,
        A::Failed,
        A::Cancelled,
        A::Other("new".to_owned()),
    ];
    prop_oneof![
        4 => prop_oneof![1_i64..30, 30_i64..2000].prop_map(Next::Passes),
        6 => (prop::sample::select(states), 0_usize..2).prop_map(|(state, more)| Next::Seen(state, more)),
        1 => Just(Next::Acknowledged),
        1 => Just(Next::Cancel),
        1 => Just(Next::Missing),
    ]
}

fn view(state: AgentState, sessions: usize, at: Timestamp) -> AgentView {
    AgentView {
        state,
        updated_at: at,
        sessions: (0..sessions).map(|n| format!("s{n}")).collect(),
        head_ref: None,
        artifacts: Vec::new(),
        models: Vec::new(),
        model_unsaid: false,
        nano_credits: None,
        error: None,
        archived: false,
    }
}

fn happens(task: &mut Task, now: Timestamp, body: &Body) {
    step(task, Moment { occurred: now, observed: now }, body).unwrap_or_else(|illegal| panic!("{illegal}: {body:?}"));
}

/// The clocks as they are meant, told anew and apart from the executor's own.
#[derive(Default)]
struct Model {
    state: Option<AgentState>,
    sessions: usize,
    worked: SignedDuration,
    waited: SignedDuration,
    still: SignedDuration,
    began: bool,
    /// Which stretch each clock is in.
    stretch: BTreeMap<ClockName, u32>,
    ran_out: BTreeMap<(ClockName, u32), u32>,
}

impl Model {
    fn begin(&mut self, clock: ClockName) {
        *self.stretch.entry(clock).or_default() += 1;
    }

    fn passes(&mut self, time: SignedDuration) {
        match &self.state {
            Some(AgentState::InProgress) => self.worked += time,
            Some(state) if state.waits() => self.waited += time,
            _ => {}
        }
        self.still += time;
    }

    fn seen(&mut self, state: &AgentState, more: usize) {
        let was = self.state.replace(state.clone());
        self.sessions += more;
        if was.as_ref().is_some_and(AgentState::is_settled) && (more > 0 || !state.is_settled()) {
            self.begin(ClockName::Run);
            self.worked = SignedDuration::ZERO;
        }
        if state.waits() && !was.is_some_and(|was| was.waits()) {
            self.begin(ClockName::Waiting);
            self.waited = SignedDuration::ZERO;
        }
        self.began |= *state == AgentState::InProgress || state.is_settled();
        self.begin(ClockName::Stale);
        self.still = SignedDuration::ZERO;
    }

    /// A clock has run out: was it time?
    fn runs_out(&mut self, clock: ClockName, task: &Task, now: Timestamp) {
        let limits = task.contract().timeouts;
        let (passed, limit) = match clock {
            ClockName::Queue => (now.duration_since(task.times.planned), limits.queue),
            ClockName::Run => (self.worked, limits.run),
            ClockName::Stale => (self.still, limits.stale),
            ClockName::Waiting => (self.waited, limits.waiting),
            ClockName::Review => panic!("there is no pull request"),
            ClockName::Total => (now.duration_since(task.times.planned), limits.total),
        };
        assert!(passed >= limit.signed(), "{clock} ran out after {passed:?}");
        assert!(clock != ClockName::Queue || !self.began, "it had begun");
        let stretch = self.stretch.get(&clock).copied().unwrap_or_default();
        let times = self.ran_out.entry((clock, stretch)).or_default();
        *times += 1;
        assert_eq!(*times, 1, "{clock} ran out twice in one stretch");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn every_clock_runs_out_once_a_stretch_and_never_early(story in prop::collection::vec(next(), 1..60)) {
        let rig = Rig::new("");
        let mut executor = rig.open();
        let (_, key) = rig.bump(&mut executor);
        let mut task = executor.ledger().tasks[&key].clone();
        let mut now = task.times.planned;
        let digest = task.plan.prompt_sha256;
        happens(&mut task, now, &Body::Sending { request_sha256: digest, prompt_sha256: digest, break_glass: Vec::new() });
        let found = TaskRef { id: "t".to_owned(), url: None, created_at: now };
        happens(&mut task, now, &Body::Accepted { task: found });
        let mut model = Model { sessions: 1, ..Model::default() };
        for what in story {
            match what {
                Next::Passes(minutes) => {
                    let time = SignedDuration::from_mins(minutes);
                    now += time;
                    model.passes(time);
                }
                Next::Seen(state, more) => {
                    model.seen(&state, more);
                    happens(&mut task, now, &Body::Observed(Box::new(view(state, model.sessions, now))));
                }
                Next::Acknowledged => happens(&mut task, now, &Body::Acknowledged { by: "alice".to_owned() }),
                Next::Cancel => {
                    happens(&mut task, now, &Body::CancelRequested { by: "alice".to_owned(), reason: String::new() });
                }
                Next::Missing => happens(&mut task, now, &Body::Missing),
            }
            // As the loop does it: whatever is due runs out, once.
            for clock in ClockName::ALL {
                if clocks::due(&task, clock).is_some_and(|at| at <= now) {
                    model.runs_out(clock, &task, now);
                    happens(&mut task, now, &Body::ClockExpired { clock });
                    prop_assert_eq!(clocks::due(&task, clock), None, "{:?} is not set again by itself", clock);
                }
            }
            // Once unconfirmed, a stop is not said to be so again.
            if clocks::confirm_by(&task).is_some_and(|at| at <= now) {
                happens(&mut task, now, &Body::CancelUnconfirmed);
                prop_assert_eq!(clocks::confirm_by(&task), None);
            }
            // Nobody is told of the same thing twice at once.
            let open: Vec<_> = task.open_episodes().map(|episode| episode.trigger).collect();
            for (index, trigger) in open.iter().enumerate() {
                prop_assert!(!open[..index].contains(trigger), "{open:?}");
            }
        }
    }
}
