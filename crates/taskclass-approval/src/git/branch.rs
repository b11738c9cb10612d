//! What branches are known here, and where a commit left one of them.

use super::{CommitId, FullRef, GitError, Repository, command};

impl Repository {
    /// The names of the remotes.
    pub(crate) fn remotes(&self) -> Result<Vec<String>, GitError> {
        let output = command::read::<&str>(&self.git_dir, "remote", [])?;
        let text = output.text().map_err(|_| output.failed("remote"))?;
        Ok(text.lines().map(str::to_owned).collect())
    }

    /// The ref that a symbolic one stands for; `None` where it is none.
    pub(crate) fn stands_for(&self, full_ref: &str) -> Result<Option<FullRef>, GitError> {
        let output = command::read(&self.git_dir, "symbolic-ref", ["--quiet", "--", full_ref])?;
        Ok(output.text().ok().and_then(|target| target.parse().ok()))
    }

    /// The newest commit of a branch's own line, from its tip by first parents, that `commit` contains; `None` if there is
    /// none. What came into the branch by a merge was never its state, and is not on the line.
    pub(crate) fn left_at(&self, tip: &CommitId, commit: &CommitId) -> Result<Option<CommitId>, GitError> {
        let without = format!("^{commit}");
        let output = command::read(
            &self.git_dir,
            "rev-list",
            ["--first-parent", "--topo-order", "--end-of-options", tip.as_str(), &without],
        )?;
        let text = output.text().map_err(|_| output.failed("rev-list"))?;
        let Some(last) = text.lines().last().filter(|line| !line.is_empty()) else { return Ok(Some(tip.clone())) };
        let last: CommitId = last.parse().map_err(|_| GitError::NoSuchCommit(last.escape_debug().to_string()))?;
        Ok(self.commit(&last)?.parents.into_iter().next())
    }
}
