//! What an example's task is told, before and after.

mod lines;

pub(crate) use lines::Differences;

/// An example's request as it would be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// The prompt.
    pub prompt: String,
    /// The other fields of the request's body, as JSON on several lines.
    pub rest: String,
}

/// What became of an example's request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExampleDiff {
    /// The example's name.
    pub name: String,
    /// The prompt, if it differs.
    pub prompt: LineDiff,
    /// The rest of the request's body, if it differs.
    pub rest: LineDiff,
    /// Why a side cannot be rendered.
    pub failed: Option<String>,
}

/// A difference by lines, cut to what differs and three lines around it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LineDiff {
    /// The pieces.
    pub hunks: Vec<Hunk>,
    /// How many more lines the pieces have that are not told, because the whole comparison has too many.
    pub left_out: usize,
}

impl LineDiff {
    /// Whether nothing differs.
    pub fn is_empty(&self) -> bool {
        self.hunks.is_empty() && self.left_out == 0
    }
}

/// A piece of a difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hunk {
    /// The first line before, from 1.
    pub before: usize,
    /// The first line after, from 1.
    pub after: usize,
    /// The lines, without their ends.
    pub lines: Vec<(Tag, String)>,
}

/// Where a line stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tag {
    /// On both sides.
    Same,
    /// Before only.
    Gone,
    /// After only.
    New,
}
