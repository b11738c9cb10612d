//! Comments. GitHub lists none of an issue's to us, only how many there are; so a comment cannot be found again by what is in it. The
//! number before the first try tells a lost answer from a lost comment: unchanged, nothing stands there; grown, it may, and the
//! repetition says so. People may be told twice, and never not at all.

use std::fmt::Write as _;

use taskclass_github::{CallError, IssueNumber, PullNumber};
use taskclass_spec::written::Notice;

use super::notice::commentable;
use crate::context::Context;
use crate::lifecycle::{Doing, Task};
use crate::port::{github_repo, is_answer};
use crate::vocab::Action;

/// How many comments stand where the action puts one; `None` for what is no comment, or where GitHub does not say.
pub(super) fn standing(context: &Context<'_>, task: &Task, doing: &Doing) -> Result<Option<u64>, CallError> {
    if !is_one(task, doing) {
        return Ok(None);
    }
    let number: IssueNumber = PullNumber(task.pull.as_ref().map_or(0, |pull| pull.number)).into();
    match github_repo(&task.plan.repository).and_then(|repo| context.github.get_issue(&repo, number)) {
        Ok(answer) => Ok(answer.value.comments),
        Err(error) if is_answer(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

fn is_one(task: &Task, doing: &Doing) -> bool {
    match &doing.action {
        Action::CommentRejected { .. } => true,
        Action::Notify { notice: Notice::Comment, .. } => commentable(task, doing.refused),
        _ => false,
    }
}

/// Whether the next try may repeat one that got through: an earlier one's answer was lost, and more comments stand there than before
/// it, or nobody knows how many.
pub(super) fn may_repeat(task: &Task, doing: &Doing, standing: Option<u64>) -> bool {
    let grown = match (doing.comments, standing) {
        (Some(before), Some(now)) => now > before,
        _ => true,
    };
    // A person who wants it tried again does not make it the first try.
    let begun = doing.tries > 0 || doing.comments.is_some();
    is_one(task, doing) && (doing.may_repeat || begun && grown)
}

/// What such a repetition says of itself.
pub(super) fn mark_repetition(text: &mut String, doing: &Doing) {
    if doing.may_repeat {
        let _ = writeln!(text, "\n(This may be the second time: GitHub's answer to the first was lost.)");
    }
}
