//! What a change of a field does.

use taskclass_spec::{Loaded, written};

use crate::Change;

/// The changes of a class.
pub(crate) fn class(_: &Loaded<written::TaskClass>, _: &Loaded<written::TaskClass>) -> Vec<Change> {
    Vec::new()
}

/// The changes of a policy.
pub(crate) fn policy(_: &Loaded<written::Policy>, _: &Loaded<written::Policy>) -> Vec<Change> {
    Vec::new()
}
