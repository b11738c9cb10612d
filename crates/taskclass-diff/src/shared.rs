//! Which classes a changed prompt file may reach, told from their texts: a class that names none of the files is not parsed.

use std::collections::BTreeSet;

use taskclass_source::{ReadError, RegistryPath};
use taskclass_spec::paths;

use crate::{
    Asked,
    pair::Pair,
    side::{Content, Side},
};

/// The prompt files and partials that differ, and those that draw them in.
#[derive(Debug, Default)]
pub(crate) struct Shared {
    /// A word of each of their names.
    words: BTreeSet<String>,
}

impl Shared {
    /// Those in which the two sides differ.
    ///
    /// # Errors
    /// If the folder of prompts cannot be listed.
    pub(crate) fn of(asked: &Asked<'_>) -> Result<Self, ReadError> {
        let folder = paths::at(paths::PROMPTS);
        let all = || -> Result<BTreeSet<RegistryPath>, ReadError> {
            let (before, after) = (asked.base.files().list(&folder)?, asked.head.files().list(&folder)?);
            Ok(before.into_iter().chain(after).collect())
        };
        let mut changed: Vec<RegistryPath> = match asked.changed {
            Some(changed) => changed.iter().filter(|path| path.is_within(&folder)).cloned().collect(),
            None => all()?.into_iter().collect(),
        };
        changed.retain(|path| asked.differs(path));
        if changed.is_empty() {
            return Ok(Self::default());
        }
        let mut shared = Self { words: changed.iter().map(word).collect() };
        let mut others = all()?;
        others.retain(|path| !changed.contains(path));
        // A file that draws in one of them, whatever the way.
        loop {
            let draws =
                |path: &&RegistryPath| [asked.base, asked.head].iter().any(|side| shared.is_named_in(side, path));
            let found: Vec<RegistryPath> = others.iter().filter(draws).cloned().collect();
            if found.is_empty() {
                return Ok(shared);
            }
            for path in found {
                shared.words.insert(word(&path));
                others.remove(&path);
            }
        }
    }

    /// Whether a class may draw in one of them on a side. A no is certain.
    pub(crate) fn may_be_drawn_in(&self, asked: &Asked<'_>, pair: &Pair) -> bool {
        let named =
            |side: &Side<'_>, path: Option<&RegistryPath>| path.is_some_and(|path| self.is_named_in(side, path));
        !self.words.is_empty() && (named(asked.base, pair.before()) || named(asked.head, pair.after()))
    }

    /// Whether the file at `path` may draw in one of them. A no is certain: no prompt can be built with an include whose name is
    /// not one piece of the template's text (`taskclass_spec::prompt`), and of what stands in that text or in `prompt.file`
    /// only an escape of YAML can spell a word otherwise.
    fn is_named_in(&self, side: &Side<'_>, path: &RegistryPath) -> bool {
        let content = side.content(path);
        let Content::Here(bytes) = &content else { return !content.is_absent() };
        // What is no UTF-8 becomes another character; those of a word stay.
        let text = String::from_utf8_lossy(bytes);
        !self.words.is_empty() && (has_escape(&text) || self.words.iter().any(|word| text.contains(word)))
    }
}

/// The longest run of letters, digits, `.`, `_` and `-` in a file's name: what stands in no text otherwise, however it is quoted
/// or folded.
fn word(path: &RegistryPath) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    let runs = path.file_name().unwrap_or_default().split(|c| !plain(c));
    runs.max_by_key(|run| run.len()).unwrap_or_default().to_owned()
}

/// Whether the text has an escape of YAML that stands for a letter, a digit or a sign of a name, or that
/// joins two lines.
fn has_escape(text: &str) -> bool {
    let bytes = text.as_bytes();
    let stands_for = |next: &u8| matches!(next, b'x' | b'u' | b'U' | b'\n' | b'\r');
    bytes.iter().zip(bytes.iter().skip(1)).any(|(byte, next)| *byte == b'\\' && stands_for(next))
}

#[cfg(test)]
mod tests {
    use taskclass_source::InMemory;

    use super::*;

    #[test]
    fn only_an_escape_hides_a_name() {
        let named = |name: &str, text: &str| {
            let path = RegistryPath::new(name).unwrap();
            let shared = Shared { words: BTreeSet::from([word(&path)]) };
            let file = paths::at(paths::POLICY);
            let files = InMemory::new().with(file.clone(), text);
            shared.is_named_in(&Side::read(String::new(), &files), &file)
        };
        assert!(named("a/small.md", "{% include 'partials/small.md' %}"));
        assert!(!named("a/small.md", "{% include 'partials/big.md' %}"));
        // Folded, the blank of the name is a line break.
        assert!(named("a/my small.md", "\"partials/my\n small.md\""));
        assert!(named("a/it's.md", "'partials/it''s.md'"));
        for escaped in ["\\x73mall.md", "sm\\\nall.md", "\\u0073mall.md"] {
            assert!(named("a/small.md", escaped), "{escaped}");
        }
        assert!(!named("a/small.md", "pattern: \"^[0-9]+(\\\\.[a-z]+)*\\\\d$\""));
        // A name without such characters stands in every text.
        assert!(named("a/é", "nothing"));
    }
}
