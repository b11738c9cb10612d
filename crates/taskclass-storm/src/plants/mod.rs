//! Planted bugs: wrappers at the seams that make the executor behave as if it had that bug. They show that the net catches fish. The
//! product itself has no switch for any of them.

mod clocks;
mod disks;
mod wires;

use taskclass_executor::Clock;
use taskclass_executor::store::Store;
use taskclass_github::Transport;

use crate::disk::Disk;
pub use crate::plant::Plant;
use crate::sky::Sky;
use crate::wire::Wire;

/// The wire, with a bug in front of it if one is planted there.
pub fn wire(wire: Wire) -> Box<dyn Transport> {
    match wire.world.planted {
        Some(plant) if wires::is_one(plant) => Box::new(wires::Planted { plant, looked: Default::default(), wire }),
        _ => Box::new(wire),
    }
}

/// The disk, with a bug in front of it if one is planted there.
pub fn disk(disk: Disk) -> Box<dyn Store> {
    match disk.world.planted.and_then(disks::Late::of) {
        Some(late) => Box::new(disks::Planted { late, kept_back: None, disk }),
        None => Box::new(disk),
    }
}

/// The clock, with a bug in front of it if one is planted there.
pub fn clock(sky: Sky) -> Box<dyn Clock> {
    match sky.world.planted {
        Some(Plant::NoSpacing) => Box::new(clocks::Hasty { ahead: Default::default(), sky }),
        _ => Box::new(sky),
    }
}

/// Whether the journal's handles know of fences.
pub fn fences(planted: Option<Plant>) -> bool {
    planted != Some(Plant::ForgottenEpoch)
}
