//! `doctor/v1`: everything that was looked at and how it was found, for programs. People are shown the same facts (`page`).

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

/// What a program needs to know of an executor's health.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "doctor/v1", description = "Whether an executor could run classes now, and what stands in its way.")]
pub(crate) struct Report {
    /// The document's format and version: `doctor/v1`.
    pub(crate) schema: Format,
    /// When it was looked at, by this machine's clock (UTC).
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub(crate) on: Timestamp,
    /// Whether the simulator stands in the place of GitHub.
    pub(crate) simulated: bool,
    /// Whether nothing is bad. Warnings do not count against it.
    pub(crate) healthy: bool,
    /// How many checks are bad.
    pub(crate) bad: usize,
    /// How many are warnings.
    pub(crate) warnings: usize,
    /// The checks, in the order in which they are done: what is wrong early explains what is wrong late.
    pub(crate) checks: Vec<Check>,
}

/// The format.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(inline)]
pub(crate) enum Format {
    #[serde(rename = "doctor/v1")]
    V1,
}

/// What the checks are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Area {
    /// The executor's configuration.
    Configuration,
    /// The programs that it needs.
    Tools,
    /// The file that holds the journal.
    State,
    /// The registry, as a run would read it.
    Registry,
    /// The token.
    Token,
    /// GitHub itself.
    Github,
    /// A class, or classes, on a repository.
    Preflight,
}

impl Area {
    /// Its heading.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Configuration => "configuration",
            Self::Tools => "tools",
            Self::State => "state",
            Self::Registry => "registry",
            Self::Token => "token",
            Self::Github => "GitHub",
            Self::Preflight => "preflight",
        }
    }
}

/// How a check was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Level {
    /// As it should be.
    Ok,
    /// Not looked at, because something before it failed.
    Skipped,
    /// It works; it will not for long, or it is wider than it need be.
    Warn,
    /// Runs fail, or are refused.
    Bad,
}

impl Level {
    /// Its word.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Skipped => "-",
            Self::Warn => "warn",
            Self::Bad => "bad",
        }
    }
}

/// One check.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Check {
    /// Its name, which stays: `token.kind`, `registry.trust`.
    pub(crate) name: String,
    /// What it is about.
    pub(crate) area: Area,
    /// How it was found.
    pub(crate) level: Level,
    /// What was found.
    pub(crate) says: String,
    /// Why it matters, or what it comes from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) why: Option<String>,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) fix: Option<String>,
}

impl Check {
    fn new(area: Area, name: &str, level: Level, says: impl Into<String>) -> Self {
        let name = format!("{}.{name}", area.title().to_ascii_lowercase());
        Self { name, area, level, says: says.into(), why: None, fix: None }
    }

    pub(crate) fn ok(area: Area, name: &str, says: impl Into<String>) -> Self {
        Self::new(area, name, Level::Ok, says)
    }

    pub(crate) fn warn(area: Area, name: &str, says: impl Into<String>) -> Self {
        Self::new(area, name, Level::Warn, says)
    }

    pub(crate) fn bad(area: Area, name: &str, says: impl Into<String>) -> Self {
        Self::new(area, name, Level::Bad, says)
    }

    pub(crate) fn skipped(area: Area, name: &str, says: impl Into<String>) -> Self {
        Self::new(area, name, Level::Skipped, says)
    }

    #[must_use]
    pub(crate) fn because(mut self, why: impl Into<String>) -> Self {
        self.why = Some(why.into());
        self
    }

    #[must_use]
    pub(crate) fn fix(mut self, fix: impl Into<String>) -> Self {
        self.fix = Some(fix.into());
        self
    }
}

/// The JSON Schema of `doctor/v1`.
pub(crate) fn schema() -> Value {
    taskclass_spec::schema::generate::<Report>("doctor/v1")
}
