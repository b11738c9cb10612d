//! `taskclass diff` as people and workflows call it.

mod approved;
mod effects;
mod registry;
mod sides;
