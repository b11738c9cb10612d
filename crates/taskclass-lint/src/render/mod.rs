//! The report's formats. Each is a function from the report to text; what a run means does not depend on the format.

mod concise;
mod human;
mod json;
mod snippet;

pub use concise::concise;
pub use human::{Human, finding, human};
pub use json::{findings_schema, json};

use crate::report::Report;

/// A format of the report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// For a person at a terminal: each finding with the lines that it is about.
    #[default]
    Human,
    /// One line a finding.
    Concise,
    /// `findings/v1`, for programs.
    Json,
}

/// The report in `format`; `how` is heeded by the formats that a person reads.
pub fn render(report: &Report, format: Format, how: Human) -> String {
    match format {
        Format::Human => human(report, how),
        Format::Concise => concise(report),
        Format::Json => json(report),
    }
}
