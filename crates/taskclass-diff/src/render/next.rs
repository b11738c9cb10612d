//! What to do after a review.

use super::{
    approval::{State, is_open, state},
    words::number,
};
use crate::{Diff, Document, Kind, Version};

/// How many documents a command names.
const NAMED: usize = 5;

/// One thing to do: a sentence without a full stop, and the command for it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) said: String,
    pub(super) command: Option<String>,
}

/// What to do now; nothing where nothing differs.
pub(super) fn steps(diff: &Diff) -> Vec<Step> {
    let mut steps: Vec<Step> = [broken(diff), revoked(diff), open(diff), trust(diff)].into_iter().flatten().collect();
    if steps.is_empty() && !diff.documents.is_empty() {
        steps.push(Step { said: "nothing is left to approve".to_owned(), command: None });
    }
    steps
}

/// How many documents are such; `None` where there is none.
fn count(diff: &Diff, is_such: impl Fn(&Document) -> bool) -> Option<String> {
    let count = diff.documents.iter().filter(|document| is_such(document)).count();
    (count > 0).then(|| number(count, "document", "documents"))
}

fn broken(diff: &Diff) -> Option<Step> {
    let unreadable = count(diff, |document| !document.unreadable.is_empty());
    let refused = count(diff, |document| document.unreadable.is_empty() && document.refused.is_some());
    let said = match (unreadable, refused) {
        (None, None) => return None,
        (Some(unreadable), None) => format!("{unreadable} cannot be read; what is wrong"),
        (None, Some(refused)) => format!("{refused} cannot be approved like this; what is wrong"),
        (Some(unreadable), Some(refused)) => {
            format!("{unreadable} cannot be read and {refused} cannot be approved like this; what is wrong")
        }
    };
    Some(Step { said, command: Some("taskclass lint".to_owned()) })
}

fn revoked(diff: &Diff) -> Option<Step> {
    let revoked = count(diff, |document| matches!(state(document), Some(State::Revoked(_))))?;
    let said = format!("{revoked} cannot be approved: no approval outweighs a revocation of the same content");
    Some(Step { said, command: None })
}

fn open(diff: &Diff) -> Option<Step> {
    let open = diff.documents.iter().filter(|document| is_open(document));
    let names: Vec<&str> = open.map(|document| document.name.as_str()).collect();
    let named = match names.as_slice() {
        [] => return None,
        few if few.len() <= NAMED => few.join(" "),
        _ => "--all".to_owned(),
    };
    let said = "whoever agrees signs what is committed; nothing runs before".to_owned();
    Some(Step { said, command: Some(format!("taskclass approve {named} --as PRINCIPAL --key FILE")) })
}

fn trust(diff: &Diff) -> Option<Step> {
    let trust = diff.documents.iter().find(|document| document.kind == Kind::Trust)?;
    let digest = |version: &Option<Version>| version.as_ref().and_then(|version| version.digest);
    // Revocations stand beside the trust file, and no pin is on them.
    let pin = if digest(&trust.before) == digest(&trust.after) {
        ""
    } else {
        "; executors refuse to run until a person has written the new pin into their configuration"
    };
    let said = format!("no approval covers who may sign and what is revoked: who merges it decides{pin}");
    Some(Step { said, command: None })
}
