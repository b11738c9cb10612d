//! The program's own face: help, wrong usage, exit codes, what is printed where. What it does is tested in `tests/`.

mod face;
