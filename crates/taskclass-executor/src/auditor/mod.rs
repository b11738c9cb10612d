//! What goes beyond the chain: whether what the log says can have happened, whether what it refers to is still what it was, whether it
//! holds against what was noted of it elsewhere, and which of GitHub's tasks it knows nothing of.

mod drift;
mod whole;

pub use drift::{Drift, DriftScope, Outside, OutsideKind, Unlooked, drift};
pub use whole::{Auditor, Kept, Noted};
