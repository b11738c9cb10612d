//! The built program against the simulator, as a user would run both: processes, sockets, files, signals.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests say what they expect bluntly; clippy.toml covers only functions marked #[test]"
)]

mod approving;
mod audit_log;
mod changed_content;
mod ci;
mod commands_say_what_came;
mod crashes;
mod demo;
mod doctor;
mod full_disk;
mod github_trouble;
mod guides;
mod harness;
mod interrupted;
mod language_server;
mod lost_answers;
mod one_wording;
mod refused_fields;
mod refused_registry;
mod review_story;
mod secrets;
mod shown;
mod state_commands;
mod state_file;
mod telemetry;
mod verifying;
mod webhook_receiver;
mod whole_way;
mod wrong_configuration;
