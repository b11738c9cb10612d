//! Which bugs can be planted, what they are called, and what is there to find them.

/// A bug.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Plant {
    /// Whatever creates is sent again after a 5xx or a lost answer.
    RetriesPosts,
    /// That a task is about to be sent is written down only with the next event.
    NoWriteAhead,
    /// That a change is about to be made is written down only with the next event.
    ActingWrittenLate,
    /// Lists of archived tasks are taken to be empty.
    ForgetsArchived,
    /// The first task of a list is passed over, where a lost one is looked for.
    SkipsFirstRow,
    /// The journal is written without regard to who else has it.
    ForgottenEpoch,
    /// The list is asked for what changed since the last look, by the machine's own clock and without an overlap.
    NoOverlap,
    /// Short waits are not waited.
    NoSpacing,
    /// The token is in the text of an error.
    TokenInError,
    /// The disk says "written" before it is.
    LyingDisk,
    /// Issues and comments are said to stand, and do not.
    SwallowedNotices,
    /// Of several sessions only the last one's usage counts.
    LastUsageOnly,
    /// Whoever has published a verdict approves the pull request as well.
    ApprovesItself,
    /// A pull request is said to be open, whatever became of it.
    DeafToMerges,
}

impl Plant {
    /// Every one of them.
    pub const ALL: [Self; 14] = [
        Self::RetriesPosts,
        Self::NoWriteAhead,
        Self::ActingWrittenLate,
        Self::ForgetsArchived,
        Self::SkipsFirstRow,
        Self::ForgottenEpoch,
        Self::NoOverlap,
        Self::NoSpacing,
        Self::TokenInError,
        Self::LyingDisk,
        Self::SwallowedNotices,
        Self::LastUsageOnly,
        Self::ApprovesItself,
        Self::DeafToMerges,
    ];

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::RetriesPosts => "retries-posts",
            Self::NoWriteAhead => "no-write-ahead",
            Self::ActingWrittenLate => "acting-written-late",
            Self::ForgetsArchived => "forgets-archived",
            Self::SkipsFirstRow => "skips-first-row",
            Self::ForgottenEpoch => "forgotten-epoch",
            Self::NoOverlap => "no-overlap",
            Self::NoSpacing => "no-spacing",
            Self::TokenInError => "token-in-error",
            Self::LyingDisk => "lying-disk",
            Self::SwallowedNotices => "swallowed-notices",
            Self::LastUsageOnly => "last-usage-only",
            Self::ApprovesItself => "approves-itself",
            Self::DeafToMerges => "deaf-to-merges",
        }
    }

    /// The one of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|plant| plant.name() == name)
    }

    /// The invariant that is there to find it.
    pub fn invariant(self) -> &'static str {
        match self {
            Self::RetriesPosts => "once",
            Self::NoWriteAhead | Self::ActingWrittenLate => "written-ahead",
            Self::ForgetsArchived | Self::SkipsFirstRow => "found",
            Self::ForgottenEpoch => "chain",
            Self::NoOverlap | Self::DeafToMerges => "seen",
            Self::NoSpacing => "limits",
            Self::TokenInError => "secrets",
            Self::LyingDisk => "kept",
            Self::SwallowedNotices => "told",
            Self::LastUsageOnly => "money",
            Self::ApprovesItself => "never",
        }
    }
}
