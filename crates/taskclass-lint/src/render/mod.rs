//! The report's formats. Each is a function from what was found to text; what a run means does not depend on the format.

mod concise;
mod github;
mod human;
mod json;
mod markdown;
mod part;
mod sarif;
mod snippet;

pub use human::{Human, finding};
pub use json::findings_schema;
pub use part::Part;

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
    /// SARIF 2.1.0, for what shows findings of many tools: code scanning, editors.
    Sarif,
    /// Workflow commands, which GitHub shows at the lines of a pull request.
    Github,
    /// A comment under a pull request.
    Markdown,
}

impl Format {
    /// Whether its reader looks at files from the top of the repository, not from where the program was called.
    pub fn from_the_top(self) -> bool {
        !matches!(self, Self::Human | Self::Concise)
    }
}

/// What was found in one or several registries, as one text in `format`; `how` is heeded by the format for a person.
pub fn render(parts: &[Part], format: Format, how: Human) -> String {
    match format {
        Format::Human => human::human(parts, how),
        Format::Concise => concise::concise(parts),
        Format::Json => json::json(parts),
        Format::Sarif => sarif::sarif(parts),
        Format::Github => github::github(parts),
        Format::Markdown => markdown::markdown(parts),
    }
}

/// One registry's report for a person.
pub fn human(report: &Report, how: Human) -> String {
    human::human(&[Part::new("", report.clone())], how)
}

/// One registry's report with one line a finding.
pub fn concise(report: &Report) -> String {
    concise::concise(&[Part::new("", report.clone())])
}

/// One registry's report as `findings/v1`.
pub fn json(report: &Report) -> String {
    json::json(&[Part::new("", report.clone())])
}
