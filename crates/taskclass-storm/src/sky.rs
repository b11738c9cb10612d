//! Time in a storm: a clock that jumps, and sleeps in which somebody else acts.

use std::rc::Rc;

use jiff::{SignedDuration, Timestamp};
use taskclass_executor::{Clock, Wake};

use crate::weather::SleepTrouble;
use crate::world::{Interlude, World};

/// A process's clock.
pub struct Sky {
    /// The storm that it hangs over.
    pub world: Rc<World>,
    /// Whose it is.
    pub process: u32,
}

impl Clock for Sky {
    fn now(&self) -> Timestamp {
        self.world.asked();
        self.world.machine_now()
    }

    fn sleep_until(&self, moment: Timestamp) -> Wake {
        let world = &self.world;
        // Clocks tell whole milliseconds: whoever wakes within one would find that it is not yet time.
        let left = |moment: Timestamp| {
            let nanos = moment.duration_since(world.machine_now()).as_nanos();
            SignedDuration::from_millis(i64::try_from(-(-nanos).div_euclid(1_000_000)).unwrap_or(i64::MAX))
        };
        let trouble = if world.calm.get() { None } else { world.weather.of_sleep(&world.dice) };
        if let Some(trouble) = trouble {
            // It comes somewhere on the way.
            let whole = u64::try_from(left(moment).as_secs()).unwrap_or(0);
            world.pass(world.dice.seconds(0, whole.min(7200)));
            match trouble {
                SleepTrouble::Dies => world.die(self.process, "asleep"),
                SleepTrouble::Interrupted => {
                    world.tell(&format!("p{}", self.process), || "is told to end".to_owned());
                    return Wake::Interrupted;
                }
                SleepTrouble::JumpsForward => world.jump(far(world)),
                SleepTrouble::JumpsBack => world.jump(-far(world)),
                SleepTrouble::Person if !world.tape.is_held() => world.interrupt(Interlude::Person),
                SleepTrouble::Takeover => world.interrupt(Interlude::Takeover),
                SleepTrouble::Person => {}
            }
        }
        let until_horizon = world.horizon.get().duration_since(world.now());
        if left(moment) > until_horizon {
            world.pass(until_horizon);
            return Wake::Interrupted;
        }
        world.pass(left(moment));
        Wake::Reached
    }

    fn interrupted(&self) -> bool {
        self.world.now() >= self.world.horizon.get()
    }
}

fn far(world: &World) -> SignedDuration {
    if world.weather.far_jumps { world.dice.seconds(60, 4 * 3600) } else { world.dice.seconds(1, 240) }
}
