//! The fields of `diff/v1`.

use schemars::JsonSchema;
use serde::Serialize;
use taskclass_spec::Region;

use crate::{Effect, Kind};

/// What two sides of a registry differ in.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "diff/v1")]
pub(super) struct Document<'a> {
    /// The document's format and version: `diff/v1`.
    pub(super) schema: Version,
    /// What it was before.
    pub(super) base: Label<'a>,
    /// What it is after.
    pub(super) head: Label<'a>,
    /// The gravest effect; null where nothing differs.
    pub(super) effect: Option<Effect>,
    /// How many documents have each effect.
    pub(super) counts: Counts,
    /// How many repositories the inventory knows; null where there is none.
    pub(super) inventory: Option<usize>,
    /// The documents that differ, the gravest first.
    pub(super) documents: Vec<Differing<'a>>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(inline)]
pub(super) enum Version {
    #[serde(rename = "diff/v1")]
    V1,
}

/// A side: a commit, a folder, the work tree, or what was last approved.
#[derive(Serialize, JsonSchema)]
pub(super) struct Label<'a> {
    /// The revision or the folder as it was given, or in words what it is.
    pub(super) name: &'a str,
    /// The commit's whole id; null for what is no commit, and where each document has its own.
    pub(super) commit: Option<&'a str>,
    /// What else is known of it: who approved it.
    pub(super) note: Option<&'a str>,
}

/// How many documents have which effect as their gravest.
#[derive(Serialize, JsonSchema)]
pub(super) struct Counts {
    pub(super) widens: usize,
    pub(super) may_widen: usize,
    pub(super) rewrites: usize,
    pub(super) narrows: usize,
    pub(super) neutral: usize,
}

/// A document in which the sides differ.
#[derive(Serialize, JsonSchema)]
pub(super) struct Differing<'a> {
    /// What kind of document.
    pub(super) kind: Kind,
    /// The class's name after (before, if it is gone), `policy`, or `trust`.
    pub(super) name: &'a str,
    /// What became of it. `reached`: it is the same, and the policy that it stands under differs where it counts.
    pub(super) status: Status,
    /// The name that it bore before, if another.
    pub(super) renamed_from: Option<&'a str>,
    /// The gravest of its changes.
    pub(super) effect: Effect,
    /// As it was; null where there was none.
    pub(super) before: Option<Side<'a>>,
    /// As it is; null where there is none any more.
    pub(super) after: Option<Side<'a>>,
    /// The whole document where it is new: all that it allows; null where there is one to hold it against, or it cannot be read.
    pub(super) content: Option<&'a serde_json::Value>,
    /// What changed, the gravest first.
    pub(super) changes: Vec<Change<'a>>,
    /// What kept it from being read before; nothing is judged then.
    pub(super) unreadable_before: Vec<Finding<'a>>,
    /// What keeps it from being read; nothing is judged then.
    pub(super) unreadable: Vec<Finding<'a>>,
    /// Why nobody can approve it as it is, though it can be read: what `lint` refuses.
    pub(super) refused: Option<&'a str>,
    /// The repositories of the inventory that it reaches; null without an inventory, and for what is no class.
    pub(super) reach: Option<Reach>,
    /// The most it can spend; null for what is no class, and where a side cannot be read.
    pub(super) cost: Option<Cost>,
    /// The examples whose request differs.
    pub(super) examples: Vec<Example<'a>>,
    /// Who approved it and who has to; null for the trust file and for what is gone or cannot be read.
    pub(super) approval: Option<Approval<'a>>,
    /// For the policy: the classes that a changed line reaches.
    pub(super) reaches: &'a [String],
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub(super) enum Status {
    Added,
    Removed,
    Changed,
    Renamed,
    Reached,
}

/// A document on one side.
#[derive(Serialize, JsonSchema)]
pub(super) struct Side<'a> {
    /// Its file, relative to the registry, with forward slashes.
    pub(super) path: &'a str,
    /// Its version; null for the policy and the trust file, and where it cannot be read.
    pub(super) version: Option<u32>,
    /// Its risk; null where it has none or cannot be read.
    pub(super) risk: Option<Risk>,
    /// `sha256:` and 64 hexadecimal digits; null where it cannot be read.
    pub(super) digest: Option<String>,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub(super) enum Risk {
    Low,
    Medium,
    High,
}

/// One change.
#[derive(Serialize, JsonSchema)]
pub(super) struct Change<'a> {
    /// The place in the document, such as `repositories.allow`; in the policy where `cause` is `policy`.
    pub(super) path: String,
    /// What the change comes from.
    pub(super) cause: Cause,
    /// The file that is drawn in, where `cause` is `file`.
    pub(super) file: Option<&'a str>,
    /// What it does.
    pub(super) effect: Effect,
    /// What may happen now that could not before, or no longer: one sentence.
    pub(super) what: &'a str,
    /// The value before; null where there was none.
    pub(super) before: Option<Written<'a>>,
    /// The value after; null where there is none.
    pub(super) after: Option<Written<'a>>,
}

/// `own`: the document itself. `policy`: a line of the policy that reaches the class. `file`: a prompt file or a partial.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub(super) enum Cause {
    Own,
    Policy,
    File,
}

/// A value and where it stands.
#[derive(Serialize, JsonSchema)]
pub(super) struct Written<'a> {
    /// The value, as JSON.
    pub(super) value: &'a serde_json::Value,
    /// Where it stands.
    pub(super) place: Place<'a>,
}

/// A place in a file.
#[derive(Serialize, JsonSchema)]
pub(super) struct Place<'a> {
    /// The file, relative to the registry, with forward slashes.
    pub(super) path: &'a str,
    /// Where.
    #[serde(flatten)]
    pub(super) region: Region,
}

/// What keeps a document from being read.
#[derive(Serialize, JsonSchema)]
pub(super) struct Finding<'a> {
    /// The lint rule that says so; `taskclass explain` takes it.
    pub(super) rule: &'a str,
    /// What is wrong, in one line.
    pub(super) message: &'a str,
    /// Where.
    pub(super) place: Place<'a>,
    /// What to write instead.
    pub(super) help: &'a [String],
}

/// The repositories of the inventory that a class reaches.
#[derive(Serialize, JsonSchema)]
pub(super) struct Reach {
    /// How many before.
    pub(super) before: usize,
    /// How many after.
    pub(super) after: usize,
    /// How many it did not reach before.
    pub(super) added_count: usize,
    /// How many of them the policy of either side calls sensitive.
    pub(super) added_sensitive: usize,
    /// The first 20 of them: sensitive ones first, then by name.
    pub(super) added: Vec<Reached>,
    /// How many it no longer reaches.
    pub(super) removed_count: usize,
    /// How many of them the policy of either side calls sensitive.
    pub(super) removed_sensitive: usize,
    /// The first 20 of them, in the same order.
    pub(super) removed: Vec<Reached>,
    /// Those that it reaches by their whole name and that the inventory does not know: they are counted nowhere.
    pub(super) unlisted: Vec<String>,
}

/// A repository that came or went.
#[derive(Serialize, JsonSchema)]
pub(super) struct Reached {
    /// `owner/name`.
    pub(super) repository: String,
    /// Whether the policy of either side calls it sensitive.
    pub(super) sensitive: bool,
    /// The list that kept it away on the other side.
    pub(super) path: String,
    /// Whose list.
    pub(super) cause: Cause,
}

/// The most that a class can use, the policy's maxima applied.
#[derive(Serialize, JsonSchema)]
pub(super) struct Cost {
    /// Before; null where there was no class.
    pub(super) before: Option<Spend>,
    /// After; null where there is none.
    pub(super) after: Option<Spend>,
}

/// In whole AI credits; one is US$0.01.
#[derive(Serialize, JsonSchema)]
pub(super) struct Spend {
    /// For one task.
    pub(super) per_task: u32,
    /// For a day.
    pub(super) per_day: u32,
    /// For a month of 31 days.
    pub(super) per_month: u32,
    /// Tasks started in any 60 minutes.
    pub(super) tasks_per_hour: u32,
}

/// An example whose request differs.
#[derive(Serialize, JsonSchema)]
pub(super) struct Example<'a> {
    /// Its name.
    pub(super) name: &'a str,
    /// Where the prompts differ; empty where they do not.
    pub(super) prompt: Vec<Hunk<'a>>,
    /// Where the rest of the requests' bodies differ.
    pub(super) rest: Vec<Hunk<'a>>,
    /// How many more lines of both are not told, because the whole comparison has too many of them.
    pub(super) left_out: usize,
    /// Why a side cannot be rendered; null where both can.
    pub(super) failed: Option<&'a str>,
}

/// A piece of a difference, with up to three lines around it.
#[derive(Serialize, JsonSchema)]
pub(super) struct Hunk<'a> {
    /// The first line before, from 1.
    pub(super) before: usize,
    /// The first line after, from 1.
    pub(super) after: usize,
    /// The lines.
    pub(super) lines: Vec<Line<'a>>,
}

/// A line of a difference.
#[derive(Serialize, JsonSchema)]
pub(super) struct Line<'a> {
    /// On which sides it stands.
    pub(super) on: On,
    /// The line, without its end.
    pub(super) text: &'a str,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub(super) enum On {
    Both,
    Before,
    After,
}

/// What the change means for the approval.
#[derive(Serialize, JsonSchema)]
pub(super) struct Approval<'a> {
    /// How many people had to sign before; null where there was no such document.
    pub(super) needed_before: Option<u32>,
    /// How many have to sign now.
    pub(super) needed: u32,
    /// The risk before, where it asks for more people than the one now: nobody lowers a risk with fewer; else null.
    pub(super) held_to: Option<Risk>,
    /// How the content after stands; null where it is not known, as in a folder without history.
    pub(super) standing: Option<Standing<'a>>,
    /// How the same content stands before, where `standing` is not known and nothing that an approval rests on differs; else
    /// null.
    pub(super) unchanged: Option<Standing<'a>>,
    /// Who could sign.
    pub(super) candidates: Vec<Candidate<'a>>,
    /// The approvals of the content before that no longer count.
    pub(super) voids: Vec<Given<'a>>,
}

/// How the content after stands.
#[derive(Serialize, JsonSchema)]
pub(super) struct Standing<'a> {
    /// Whether it is approved.
    pub(super) approved: bool,
    /// The approvals that count.
    pub(super) by: Vec<Given<'a>>,
    /// The e-mail addresses of its last authors, whose approvals do not count.
    pub(super) authors: &'a [String],
    /// Who revoked this content, when and why, in words; null if nobody did.
    pub(super) revoked: Option<&'a str>,
}

/// An approval.
#[derive(Serialize, JsonSchema)]
pub(super) struct Given<'a> {
    /// Whose.
    pub(super) principal: &'a str,
    /// Until when, in UTC.
    pub(super) until: String,
    /// Whether it is a break-glass approval, of at most 24 hours.
    pub(super) break_glass: bool,
}

/// Somebody who could approve the content after.
#[derive(Serialize, JsonSchema)]
pub(super) struct Candidate<'a> {
    /// Who.
    pub(super) principal: &'a str,
    /// With which key: `SHA256:…`.
    pub(super) key_fingerprint: String,
    /// Why their approval would not count; null if it would.
    pub(super) hindrance: Option<&'a str>,
}
