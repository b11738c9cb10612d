//! Everything that outlives a process in a storm: GitHub, the journal, time, the people's wishes, the story.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use jiff::{SignedDuration, Timestamp};
use taskclass_executor::Settings;
use taskclass_executor::event::Kind;
use taskclass_executor::vocab::{Key, RunId};
use taskclass_github::{Response, SendError};
use taskclass_sim::scenario::FaultKind;
use taskclass_sim::{Outcome, Sim};
use taskclass_spec::Digest;

use crate::cast::{Cast, Wish};
use crate::dice::Dice;
use crate::plant::Plant;
use crate::site::{Change, How, Passage, Site, TOKEN};
use crate::story::Story;
use crate::tape::Tape;
use crate::weather::Weather;

/// Requests in an hour at which a process is taken to be caught in a loop, and ended.
const MOST_REQUESTS: u64 = 20_000;
/// The same for questions for the time while none passes.
const MOST_ASKED: u32 = 2_000_000;

/// What a dying process panics with.
#[derive(Debug)]
pub struct Killed;

/// An invariant that does not hold.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Violation {
    /// The invariant's name.
    pub invariant: &'static str,
    /// What is wrong.
    pub what: String,
}

/// Something that happens in the middle of somebody else's life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Interlude {
    /// A person comes by with a command.
    Person,
    /// Another process opens the journal and works for a while.
    Takeover,
}

/// Everything that outlives a process.
pub struct World {
    /// The seed.
    pub seed: u64,
    /// What is told.
    pub story: Story,
    /// GitHub.
    pub site: RefCell<Site>,
    /// The journal.
    pub tape: Rc<Tape>,
    /// Classes, wishes and what people do.
    pub cast: Cast,
    /// What goes wrong.
    pub weather: Weather,
    /// What decides about the weather.
    pub dice: Dice,
    /// The bug that is planted, if one is.
    pub planted: Option<Plant>,
    /// How often GitHub is asked at present.
    pub pace: Cell<Settings>,
    /// No more weather.
    pub calm: Cell<bool>,
    /// Whoever sleeps beyond this moment is woken and told to end.
    pub horizon: Cell<Timestamp>,
    /// Runs that are still wanted.
    pub wishes: RefCell<Vec<Wish>>,
    /// Runs that were taken.
    pub taken: RefCell<Vec<(RunId, Key)>>,
    /// What was found wrong on the way.
    pub broken: RefCell<Vec<Violation>>,
    /// Webhooks that arrived: id, name, body.
    pub hooks: RefCell<Vec<(String, String, Vec<u8>)>>,
    /// Requests and events of each hour from the start on.
    pub hours: RefCell<BTreeMap<i64, (u64, u64)>>,
    /// When each process last wrote, by the machine's clock, and how often that had jumped by then.
    written: RefCell<BTreeMap<u32, (Timestamp, u32)>>,
    /// How often the time was asked for since it last went on.
    asked: Cell<u32>,
    /// How deep interludes are nested.
    pub depth: Cell<u32>,
    interlude: fn(&Rc<World>, Interlude),
    now: Cell<Timestamp>,
    skew: Cell<SignedDuration>,
    jumps: Cell<u32>,
    processes: Cell<u32>,
}

impl World {
    /// A world in which nothing has happened.
    pub fn new(
        seed: u64,
        cast: Cast,
        weather: Weather,
        planted: Option<Plant>,
        story: Story,
        interlude: fn(&Rc<World>, Interlude),
    ) -> Rc<Self> {
        let sim = Sim::new(&cast.scenario, seed);
        let start = cast.start;
        Rc::new(Self {
            seed,
            story,
            site: RefCell::new(Site::new(sim)),
            tape: Rc::new(Tape::default()),
            weather,
            dice: Dice::new(seed, "weather"),
            planted,
            pace: Cell::new(cast.settings),
            calm: Cell::new(false),
            horizon: Cell::new(Timestamp::MAX),
            wishes: RefCell::new(cast.wishes.clone()),
            taken: RefCell::default(),
            broken: RefCell::default(),
            hooks: RefCell::default(),
            hours: RefCell::default(),
            written: RefCell::default(),
            asked: Cell::new(0),
            depth: Cell::new(0),
            interlude,
            now: Cell::new(start),
            skew: Cell::new(SignedDuration::ZERO),
            jumps: Cell::new(0),
            processes: Cell::new(0),
            cast,
        })
    }

    /// True time, which GitHub has.
    pub fn now(&self) -> Timestamp {
        self.now.get()
    }

    /// What the machine's clock says.
    pub fn machine_now(&self) -> Timestamp {
        self.now.get() + self.skew.get()
    }

    /// Lets time pass, and everything arrive that is due.
    pub fn pass(&self, by: SignedDuration) {
        if by > SignedDuration::ZERO {
            self.now.set(self.now.get() + by);
            self.asked.set(0);
        }
        let arrived = self.site.borrow_mut().flush(self.now(), self.machine_now(), self.jumps.get());
        for what in arrived {
            self.tell("network", || what);
        }
    }

    /// Puts the machine's clock forward, or back.
    pub fn jump(&self, by: SignedDuration) {
        self.skew.set(self.skew.get() + by);
        self.jumps.set(self.jumps.get() + 1);
        self.tell("clock", || format!("jumps by {by:#}; it says {}", self.machine_now()));
    }

    /// How often the machine's clock has jumped.
    pub fn jumps(&self) -> u32 {
        self.jumps.get()
    }

    /// Counts requests and events of this hour.
    pub fn spent(&self, requests: u64, events: u64) {
        let hour = self.now().duration_since(self.cast.start).as_hours();
        let mut hours = self.hours.borrow_mut();
        let spent = hours.entry(hour).or_default();
        *spent = (spent.0 + requests, spent.1 + events);
        assert!(spent.0 < MOST_REQUESTS, "restless: {} requests within an hour", spent.0);
    }

    /// A process has written.
    pub fn wrote(&self, process: u32) {
        self.written.borrow_mut().insert(process, (self.machine_now(), self.jumps()));
    }

    /// When a process wrote down what it sends now.
    pub fn written(&self, process: u32) -> (Timestamp, u32) {
        self.written.borrow().get(&process).copied().unwrap_or((self.machine_now(), self.jumps()))
    }

    /// A process asks for the time. One that does so for ever while no time passes would never end.
    pub fn asked(&self) {
        self.asked.set(self.asked.get() + 1);
        assert!(self.asked.get() < MOST_ASKED, "restless: the time is asked for over and over, and none passes");
    }

    /// A number for a new process.
    pub fn process(&self) -> u32 {
        self.processes.set(self.processes.get() + 1);
        self.processes.get()
    }

    /// Adds to the story.
    pub fn tell(&self, who: &str, what: impl FnOnce() -> String) {
        self.story.tell(self.now(), who, what);
    }

    /// Something is wrong.
    pub fn broke(&self, invariant: &'static str, what: String) {
        self.tell("BROKEN", || format!("{invariant}: {what}"));
        self.broken.borrow_mut().push(Violation { invariant, what });
    }

    /// Whether a text that the executor wrote or said has the token in it.
    pub fn overheard(&self, text: &str, where_: &str) {
        if text.contains(TOKEN) {
            self.broke("secrets", format!("the token is in {where_}"));
        }
    }

    /// The process dies here.
    pub fn die(&self, process: u32, when: &str) -> ! {
        self.tell(&format!("p{process}"), || format!("DIES {when}"));
        std::panic::panic_any(Killed)
    }

    /// Lets something happen in the middle of this, unless that is itself in the middle of something.
    pub fn interrupt(self: &Rc<Self>, what: Interlude) {
        if self.depth.get() > 0 {
            return;
        }
        self.depth.set(self.depth.get() + 1);
        (self.interlude)(self, what);
        self.depth.set(self.depth.get() - 1);
    }

    /// Delivers a request of a process to GitHub.
    pub fn deliver(
        &self,
        process: u32,
        request: &taskclass_github::Request,
        how: How,
        left: (Timestamp, u32),
        faults: &[FaultKind],
    ) -> Result<Response, SendError> {
        let asked = Site::request(request);
        if how == How::Once {
            self.is_written_ahead(process, &asked);
        }
        // A process that was suspended in the middle of a request finds nothing out before it has sent it.
        let revived = how == How::Once && self.tape.is_fenced(process);
        let how = if revived { How::Revived } else { how };
        let passage = Passage { at: self.now(), left: left.0, jumps: left.1, process, how };
        let outcome = self.site.borrow_mut().deliver(&asked, passage, faults);
        response(outcome)
    }

    /// Whatever changes something is on the disk before it leaves.
    fn is_written_ahead(&self, process: u32, request: &taskclass_sim::Request) {
        let Some(change) = Change::of(&request.method, &request.path) else { return };
        let last = self.tape.last_of(process);
        if change != Change::Task {
            if last != Some(Kind::Acting) {
                self.broke(
                    "written-ahead",
                    format!("{} {} of p{process} left after {last:?}", request.method, request.path),
                );
            }
            return;
        }
        let digest = Digest::of(&request.body);
        let ahead = self.tape.written_ahead(&digest);
        let mut site = self.site.borrow_mut();
        let sent = site.sent.entry(digest).or_insert(0);
        let before = *sent;
        *sent += 1;
        drop(site);
        if before >= ahead || last != Some(Kind::Sending) {
            self.broke(
                "written-ahead",
                format!(
                    "a task left p{process} for the {}. time, written ahead {ahead} times, after {last:?}",
                    before + 1
                ),
            );
        }
    }
}

/// An outcome as the wire brings it back.
pub fn response(outcome: Outcome) -> Result<Response, SendError> {
    match outcome {
        Outcome::Respond(response) => Ok(Response {
            status: response.status,
            headers: response.headers.into_iter().collect(),
            body: response.body,
        }),
        Outcome::Dropped { .. } => Err(SendError::unknown("the connection was closed without an answer")),
    }
}
