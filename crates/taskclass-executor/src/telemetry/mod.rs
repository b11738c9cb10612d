//! What operators' own tools are shown: spans and measures, as a pure function of the journal's lines and of the ledger.
//!
//! - [`Chronicle`]: a fold over the journal. From an event it makes the spans that the event ends ([`span`]), counts, and takes times. It can be
//!   kept between two processes, so that a line is folded in once and a span comes out once.
//! - [`measures`]: what the fold has counted, with what the ledger says of the present.
//! - [`otlp`] and [`prometheus`]: both, as a collector or a node exporter takes them.
//!
//! Nothing here is free text: labels are words of ours, classes, models, and names of repositories and refs. No prompt, no input, no
//! reason, no token.

mod chronicle;
mod measure;
pub mod otlp;
pub mod prometheus;
pub mod span;
mod tally;
mod tracer;

pub use chronicle::{Chronicle, Pulse};
pub use measure::{Kind, Measure, Number, Point, measures};
pub use tally::Histogram;

use std::borrow::Cow;

use crate::vocab::{AgentState, State};

/// A state as a label. States that GitHub has added since are one: nobody knows how many there will be.
fn state_label(state: &State) -> Cow<'static, str> {
    match state {
        State::Task(AgentState::Other(_)) => Cow::Borrowed("task.other"),
        other => Cow::Owned(other.to_string()),
    }
}

/// A map whose keys are no text, as a list of pairs.
mod pairs {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<K: Serialize, V: Serialize, S: Serializer>(
        map: &BTreeMap<K, V>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(map)
    }

    pub(super) fn deserialize<'de, K: Deserialize<'de> + Ord, V: Deserialize<'de>, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<BTreeMap<K, V>, D::Error> {
        Ok(Vec::<(K, V)>::deserialize(deserializer)?.into_iter().collect())
    }
}
