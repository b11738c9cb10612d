//! One storm: the weather with all its processes and people, then calm until everything has come to its end, then the invariants.

use std::rc::Rc;

use jiff::{SignedDuration, Timestamp};
use taskclass_executor::{ExecError, Executor, Settings};
use taskclass_spec::Duration;

use crate::cast::Cast;
use crate::dice::Dice;
use crate::invariants;
use crate::life::{End, process, wished};
use crate::person;
use crate::plants::Plant;
use crate::story::Story;
use crate::weather::Weather;
use crate::world::{Interlude, Violation, World};

/// What a storm came to.
#[derive(Debug)]
pub struct Outcome {
    /// The seed.
    pub seed: u64,
    /// What does not hold, sorted, each once.
    pub broken: Vec<Violation>,
    /// What happened, if it was to be told.
    pub story: String,
    /// What it took.
    pub tally: Tally,
}

impl Outcome {
    /// Whether this invariant does not hold.
    pub fn breaks(&self, invariant: &str) -> bool {
        self.broken.iter().any(|violation| violation.invariant == invariant)
    }
}

/// What a storm took.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Storms.
    pub storms: u64,
    /// Processes.
    pub processes: u64,
    /// Requests that reached GitHub.
    pub requests: u64,
    /// Events in the journal.
    pub events: u64,
    /// Simulated seconds.
    pub seconds: u64,
    /// Runs that were taken.
    pub runs: u64,
}

impl std::ops::AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.storms += other.storms;
        self.processes += other.processes;
        self.requests += other.requests;
        self.events += other.events;
        self.seconds += other.seconds;
        self.runs += other.runs;
    }
}

/// Runs the storm of a seed. The same seed and plant give the same story, byte for byte.
pub fn storm(seed: u64, planted: Option<Plant>, told: bool) -> Outcome {
    let cast = Cast::new(seed);
    let dice = Dice::new(seed, "climate");
    let weather = Weather::new(&dice, cast.start, cast.lasts);
    weathered(seed, cast, weather, planted, told)
}

/// Runs many days of everyday work in ordinary weather.
pub fn soak(seed: u64, days: u32, runs_a_day: u32) -> Outcome {
    weathered(seed, Cast::everyday(days, runs_a_day), Weather::ordinary(), None, false)
}

fn weathered(seed: u64, cast: Cast, weather: Weather, planted: Option<Plant>, told: bool) -> Outcome {
    let story = Story::new(told, cast.start);
    let world = World::new(seed, cast, weather, planted, story, interlude);
    world.tell("seed", || format!("{seed}, planted: {planted:?}, {:?}", world.weather));
    world.tell("seed", || format!("{:?}, scheduled: {}", world.cast.scenario.agents, world.cast.scheduled));
    let end = world.cast.start + world.cast.lasts;
    while world.now() < end {
        a_life(&world, end);
    }
    world.calm.set(true);
    world.tell("weather", || "it clears up".to_owned());
    world.pace.set(pace(300, 3600));
    let quiet = world.now() + SignedDuration::from_hours(5);
    in_calm(&world, quiet);
    invariants::midway(&world);
    if world.cast.answered {
        person::answers(&world);
    }
    // There are days to go.
    world.pace.set(pace(1800, 21_600));
    in_calm(&world, world.now() + SignedDuration::from_hours(12 * 24));
    invariants::at_the_end(&world);
    let mut broken = world.broken.borrow().clone();
    broken.sort();
    broken.dedup();
    let (events, _) = world.tape.size();
    let tally = Tally {
        storms: 1,
        processes: u64::from(world.process()) - 1,
        requests: world.site.borrow().sim.counts().requests,
        events,
        seconds: u64::try_from(world.now().duration_since(world.cast.start).as_secs()).unwrap_or(0),
        runs: world.taken.borrow().len() as u64,
    };
    Outcome { seed, broken, story: world.story.text(), tally }
}

/// How often GitHub is asked, in seconds.
fn pace(least: u64, most: u64) -> Settings {
    Settings { min_interval: Duration::from_seconds(least), max_interval: Duration::from_seconds(most) }
}

/// What happens in the middle of somebody else's life.
fn interlude(world: &Rc<World>, what: Interlude) {
    match what {
        Interlude::Person => person::comes_by(world),
        Interlude::Takeover => {
            let until = world.now() + world.dice.seconds(60, 3600);
            world.tell("weather", || "another process takes over".to_owned());
            process(world, "the other process", &mut |executor| works(world, executor, until));
        }
    }
}

/// One process in the weather, and what comes until the next.
fn a_life(world: &Rc<World>, end: Timestamp) {
    let until = match world.cast.scheduled {
        true => world.now(),
        false => end,
    };
    world.horizon.set(end);
    let lived = process(world, if world.cast.scheduled { "tick" } else { "watch" }, &mut |executor| {
        wished(world, executor)?;
        works(world, executor, until)
    });
    let pause = match (world.cast.scheduled, lived) {
        (true, _) => world.dice.seconds(60, 900),
        // Whoever watches it starts it again.
        (false, End::Done) => world.dice.seconds(1, 60),
        (false, _) => world.dice.seconds(1, 600),
    };
    world.pass(pause);
    if !world.calm.get() && world.dice.one_in(12) {
        person::comes_by(world);
    }
}

/// Ticks until a moment; now and then somebody wants another run.
fn works(world: &Rc<World>, executor: &mut Executor<'_>, until: Timestamp) -> Result<(), ExecError> {
    loop {
        let due = |world: &World| world.wishes.borrow().iter().any(|wish| wish.at <= world.now());
        let ran = executor.run_until(&mut |_, _| world.now() >= until || due(world), &mut |report, _| {
            if let Some(trouble) = &report.trouble {
                world.overheard(trouble, "what a tick says");
            }
        });
        ran?;
        if due(world) {
            wished(world, executor)?;
            continue;
        }
        if world.now() >= until {
            return Ok(());
        }
        // Nothing is under way: it waits for the next wish, as a watch does for the next day.
        let next = world.wishes.borrow().iter().map(|wish| wish.at).min();
        let wait = next.map_or(SignedDuration::from_mins(10), |at| at.duration_since(world.now()));
        world.pass(wait.min(until.duration_since(world.now())).max(SignedDuration::from_secs(1)));
    }
}

/// No more weather: everything comes to its end, if it has one by then.
fn in_calm(world: &Rc<World>, end: Timestamp) {
    world.horizon.set(end);
    let mut lives = 0;
    while world.now() < end && lives < 60 {
        lives += 1;
        let mut idle = false;
        let lived = process(world, "watch, in calm weather", &mut |executor| {
            if executor.ledger().stopped.is_some() {
                executor.start_again("hubot")?;
            }
            wished(world, executor)?;
            let ran = executor.run_until(&mut |_, _| world.now() >= end, &mut |_, _| {});
            idle = ran.is_ok() && world.wishes.borrow().is_empty() && !world.site.borrow().expects();
            ran
        });
        if lived == End::Done && idle {
            return;
        }
        world.pass(SignedDuration::from_mins(1));
    }
}
