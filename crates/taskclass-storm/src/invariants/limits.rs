//! GitHub's limits, by the simulator's own count; and the second between two changes, by the moments at which they were written
//! down: a process that is suspended after that cannot know it.

use jiff::SignedDuration;

use crate::site::{Delivery, How};
use crate::world::World;

pub(super) fn check(world: &World) {
    let site = world.site.borrow();
    // Limits that the weather made up are not among these.
    let limited = site.sim.counts().limited;
    if limited > 0 {
        world.broke("limits", format!("{limited} requests beyond GitHub's limits"));
    }
    let mut sent: Vec<&Delivery> = site.deliveries.iter().filter(|delivery| delivery.how == How::Once).collect();
    sent.sort_by_key(|delivery| (delivery.jumps, delivery.left));
    for pair in sent.windows(2) {
        let apart = pair[1].left.duration_since(pair[0].left);
        if pair[0].jumps == pair[1].jumps && apart < SignedDuration::from_secs(1) {
            let (first, second) = (&pair[0].path, &pair[1].path);
            world.broke("limits", format!("{second} follows {first} after {apart:#}"));
        }
    }
}
