//! At most one task a key, one pull request a task, one of each thing.

use std::collections::BTreeMap;

use crate::site::{Change, How, key_in};
use crate::world::World;

pub(super) fn check(world: &World) {
    let site = world.site.borrow();
    let mut made: BTreeMap<String, usize> = BTreeMap::new();
    for task in site.sim.tasks() {
        match key_in(&task.prompt) {
            Some(key) => *made.entry(key.to_owned()).or_insert(0) += 1,
            None => world.broke("once", format!("GitHub's task {} bears no key", task.id)),
        }
    }
    for (key, made) in made {
        // What the network delivers twice GitHub makes twice: no client can prevent it. It must be found: see `found`.
        let doubled = site.doubled.get(&key).copied().unwrap_or(0);
        if made > 1 + doubled {
            world.broke("once", format!("{made} tasks with the key {key}, and the network doubled {doubled}"));
        }
    }
    let mut pulls: BTreeMap<&str, usize> = BTreeMap::new();
    let opened = site.deliveries.iter().filter(|delivery| delivery.change == Change::Pull && delivery.done);
    for delivery in opened.filter(|delivery| delivery.how == How::Once) {
        *pulls.entry(&delivery.identity).or_insert(0) += 1;
    }
    for (_, opened) in pulls.into_iter().filter(|(_, opened)| *opened > 1) {
        world.broke("once", format!("the same pull request was opened {opened} times"));
    }
}
