//! What people do in a storm, each with a command of their own: stop a task, resolve one, throw the kill switch, tidy up on the site.

use std::rc::Rc;

use taskclass_executor::lifecycle::Task;
use taskclass_executor::vocab::{Key, State};
use taskclass_executor::{Decision, ExecError, Executor};

use crate::cast::Wish;
use crate::cast::another;
use crate::life::process;
use crate::site::key_in;
use crate::world::World;

/// Somebody comes by and does something.
pub fn comes_by(world: &Rc<World>) {
    let dice = &world.dice;
    let drawn = dice.below(12);
    if drawn == 0 {
        return tidies(world);
    }
    let mut command = |executor: &mut Executor<'_>| -> Result<(), ExecError> {
        let tasks: Vec<&Task> = executor.ledger().tasks.values().filter(|task| !task.state.is_ended()).collect();
        let key = (!tasks.is_empty()).then(|| dice.pick(&tasks).key.clone());
        let done = match (drawn, key) {
            (1..=2, Some(key)) => executor.cancel(&key, "hubot", "not needed"),
            (3, _) => executor.stop_all("hubot", "an incident"),
            (4..=5, _) => executor.start_again("hubot"),
            (6, _) => {
                let (class, request) = another(dice);
                let mut wishes = world.wishes.borrow_mut();
                let number = 100 + u32::try_from(dice.below(1 << 20)).unwrap();
                wishes.push(Wish { number, at: world.now(), class, request });
                Ok(())
            }
            (_, Some(key)) => decides(world, executor, &key),
            (_, None) => Ok(()),
        };
        match done {
            // A command that does not fit says so, and nothing has happened.
            Err(ExecError::NotNow(why)) => {
                world.tell("people", || why.clone());
                world.overheard(&why, "what a command says");
                Ok(())
            }
            other => other,
        }
    };
    process(world, "a command", &mut command);
}

/// Somebody answers what waits for an answer.
pub fn answers(world: &Rc<World>) {
    process(world, "the inbox is answered", &mut |executor| {
        let waiting: Vec<Key> = executor
            .ledger()
            .tasks
            .values()
            .filter(|task| !task.state.is_ended() && task.open_episodes().next().is_some())
            .map(|task| task.key.clone())
            .collect();
        for key in waiting {
            match decides(world, executor, &key) {
                Ok(()) | Err(ExecError::NotNow(_) | ExecError::Refused(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    });
}

/// The decision that fits, now and then a hasty one.
fn decides(world: &Rc<World>, executor: &mut Executor<'_>, key: &Key) -> Result<(), ExecError> {
    let state = executor.ledger().tasks.get(key).map(|task| task.state.clone());
    let unsure = matches!(state, Some(State::Unknown | State::Unresolved));
    let found = {
        let site = world.site.borrow();
        site.sim.tasks().into_iter().find(|task| key_in(&task.prompt) == Some(key.as_str())).map(|task| task.id)
    };
    let decision = match (unsure, found, world.dice.below(4)) {
        (true, Some(id), 0..=2) => Decision::Adopt(id),
        (true, _, 0..=1) => Decision::Resubmit,
        (true, ..) => Decision::Abandon,
        (false, _, 0) => Decision::Abandon,
        (false, ..) => Decision::Acknowledge,
    };
    world.tell("people", || format!("decide about {}: {decision:?}", key.short()));
    executor.resolve(key, "hubot", decision).map(|_| ())
}

/// Somebody archives a task on the site.
fn tidies(world: &Rc<World>) {
    let mut site = world.site.borrow_mut();
    let tasks = site.sim.tasks();
    if let Some(task) = (!tasks.is_empty()).then(|| world.dice.pick(&tasks)) {
        site.sim.archive_task(&task.id);
        world.tell("people", || format!("archive GitHub's task {}", task.id));
    }
}
