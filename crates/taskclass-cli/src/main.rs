//! The `taskclass` program.

fn main() {}
