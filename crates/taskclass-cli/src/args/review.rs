//! Arguments of the command that reviews a change.

use std::path::PathBuf;

use clap::{
    Args as Group, ValueEnum,
    builder::{PossibleValuesParser, TypedValueParser},
};

use super::Format;

/// `diff`
#[derive(Debug, Group)]
#[command(
    after_help = "A name that is both a folder and a revision is refused: write ./NAME for the folder, refs/heads/NAME for the branch. \
                  What follows -- is BASE and HEAD, whatever stands before it.\n\n\
                  Examples:\n  taskclass diff\n  taskclass diff origin/main HEAD --format markdown\n  \
                  taskclass diff ../before ../after --inventory inventory.txt\n  \
                  taskclass diff --since-approved dependency-bump --base origin/main\n  \
                  taskclass diff origin/main HEAD --fail-on widens --unless-approved\n\n\
                  Exit codes: 0 nothing that fails · 1 a document fails by --fail-on · 2 wrong usage, or a side that cannot be read"
)]
pub struct Diff {
    /// What it was before: a revision or a folder [default: HEAD]; with --since-approved what is looked at
    #[arg(value_name = "BASE")]
    pub base: Option<String>,
    /// What it is after: a revision or a folder [default: the work tree]
    #[arg(value_name = "HEAD")]
    pub head: Option<String>,
    /// Each document against its own last approved content [default: all documents]
    #[arg(long, value_name = "NAME", num_args = 0.., conflicts_with_all = ["head", "unless_approved"])]
    pub since_approved: Option<Vec<String>>,
    /// What that is held against.
    #[command(flatten)]
    pub held: HeldTo,
    /// How it is printed; the exit code does not depend on it
    #[arg(long, value_parser = review_format(), default_value = "human")]
    pub format: Format,
    /// Fail for documents whose change does at least this
    #[arg(long, value_enum, value_name = "EFFECT")]
    pub fail_on: Option<FailOnEffect>,
    /// Do not fail for documents whose content after is approved by those whom the base trusts
    #[arg(long, requires = "fail_on")]
    pub unless_approved: bool,
    /// The repositories that there are, one owner/name a line [default: the inventory.txt of both sides]
    #[arg(long, value_name = "FILE")]
    pub inventory: Option<PathBuf>,
}

/// What counts as approved before.
#[derive(Debug, Group)]
pub struct HeldTo {
    /// The protected branch: only what it held, and whom it trusts, counts as approved before [default: HEAD, main or master of
    /// the remote]
    #[arg(id = "protected", long = "base", value_name = "REV", conflicts_with = "config")]
    pub protected: Option<String>,
    /// The executor's configuration: its branch, and the pin of the trust file
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// What a change must do to fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FailOnEffect {
    /// It widens, or may widen
    Widens,
    /// It rewrites what the agent is told, or widens
    Rewrites,
    /// It differs at all
    Any,
}

fn review_format() -> impl TypedValueParser<Value = Format> {
    let formats = [Format::Human, Format::Json, Format::Markdown];
    let values = formats.iter().filter_map(ValueEnum::to_possible_value);
    PossibleValuesParser::new(values).map(|name| match name.as_str() {
        "json" => Format::Json,
        "markdown" => Format::Markdown,
        _ => Format::Human,
    })
}
