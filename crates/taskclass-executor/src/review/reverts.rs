//! Whether a commit on the base takes a merge back, by what its message says: git's own line, or the line with which GitHub's button
//! opens the pull request that does it.

use crate::lifecycle::Task;

/// How git begins the line that names what was taken back.
const BY_COMMIT: &str = "this reverts commit ";
/// How GitHub begins it.
const BY_PULL: &str = "reverts ";
/// The fewest digits by which a commit is named.
const SHORTEST: usize = 7;

/// Whether a commit with this message takes back what was merged for the task.
pub(super) fn takes_back(task: &Task, message: &str) -> bool {
    let Some(pull) = &task.pull else { return false };
    let merge = pull.merge_commit.as_deref().unwrap_or_default().to_ascii_lowercase();
    let repository = task.plan.repository.to_string().to_ascii_lowercase();
    message.lines().any(|line| {
        let line = line.trim().to_ascii_lowercase();
        if let Some(rest) = line.strip_prefix(BY_COMMIT) {
            let named: String = rest.chars().take_while(char::is_ascii_hexdigit).collect();
            return named.len() >= SHORTEST && merge.starts_with(&named);
        }
        let Some((place, number)) = line.strip_prefix(BY_PULL).and_then(|rest| rest.split_once('#')) else {
            return false;
        };
        let number: String = number.chars().take_while(char::is_ascii_digit).collect();
        number.parse() == Ok(pull.number) && (place.is_empty() || place == repository)
    })
}
