//! What a side of a comparison is called.

use std::fmt;

/// How many digits of a commit's id people are shown.
const SHORT: usize = 12;

/// What a side is called.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Label {
    /// As it was named: a revision, a folder, or in words what it is, such as `the work tree`.
    pub name: String,
    /// The commit, by its whole id; `None` for what is none.
    pub commit: Option<String>,
    /// What else is to be known of it: `approved by …`.
    pub note: Option<String>,
}

impl Label {
    /// The beginning of the commit's id, where the name does not say it already.
    pub fn short_commit(&self) -> Option<&str> {
        let commit = self.commit.as_deref().filter(|commit| !commit.starts_with(&self.name))?;
        Some(commit.get(..SHORT).unwrap_or(commit))
    }
}

impl<T: Into<String>> From<T> for Label {
    fn from(name: T) -> Self {
        Self { name: name.into(), commit: None, note: None }
    }
}

/// `main (6dcc25b97d20)`, `6dcc25b97d20 (approved by alice@acme.com)`.
impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        let said: Vec<&str> = self.short_commit().into_iter().chain(self.note.as_deref()).collect();
        if said.is_empty() { Ok(()) } else { write!(f, " ({})", said.join(", ")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_says_each_thing_once() {
        let id = "6dcc25b97d20aaaabbbbccccddddeeeeffff0000";
        let label = |name: &str, note: Option<&str>| {
            let (commit, note) = (Some(id.to_owned()), note.map(str::to_owned));
            Label { commit, note, ..Label::from(name) }.to_string()
        };
        assert_eq!(label("main~8", None), "main~8 (6dcc25b97d20)");
        assert_eq!(label("6dcc25b97d20", None), "6dcc25b97d20");
        assert_eq!(label("6dcc25b97d20", Some("approved by bob")), "6dcc25b97d20 (approved by bob)");
        assert_eq!(label("main", Some("approved by bob")), "main (6dcc25b97d20, approved by bob)");
        assert_eq!(Label::from("the work tree").to_string(), "the work tree");
    }
}
