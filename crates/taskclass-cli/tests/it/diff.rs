//! `taskclass diff` as people and workflows call it.

mod approved;
mod registry;
mod sides;
