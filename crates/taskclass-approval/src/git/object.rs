//! Commits and trees from their raw bytes.

use std::collections::BTreeMap;

use super::{CommitId, ObjectId};

/// An object.
#[derive(Debug)]
pub(crate) enum Object {
    /// A commit.
    Commit(Commit),
    /// A folder.
    Tree(Tree),
    /// A file's content, or a symbolic link's target.
    Blob(Vec<u8>),
    /// An annotated tag, or whatever else git may come to have.
    Other,
}

/// What is needed of a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Commit {
    pub(crate) tree: ObjectId,
    pub(crate) parents: Vec<CommitId>,
    /// The author's e-mail address, as the commit has it.
    pub(crate) author: String,
}

/// A folder's entries by name. Git's own files never have a name twice; one that does is refused.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Tree {
    pub(crate) entries: BTreeMap<Vec<u8>, TreeEntry>,
}

/// What one name in a folder stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TreeEntry {
    pub(crate) kind: EntryKind,
    pub(crate) id: ObjectId,
}

/// What a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EntryKind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A symbolic link.
    Link,
    /// A submodule's commit.
    Submodule,
    /// A mode that git does not write.
    Other,
}

/// Reads a commit.
pub(super) fn commit(bytes: &[u8]) -> Result<Commit, &'static str> {
    let id = |bytes: &[u8]| std::str::from_utf8(bytes).ok().and_then(|text| text.parse::<ObjectId>().ok());
    let mut lines = bytes.split(|byte| *byte == b'\n');
    let tree = lines.next().and_then(|line| line.strip_prefix(b"tree ")).and_then(id).ok_or("no tree")?;
    let mut parents = Vec::new();
    for line in lines {
        if let Some(parent) = line.strip_prefix(b"parent ") {
            parents.push(CommitId(id(parent).ok_or("a parent is no id")?));
        } else if let Some(author) = line.strip_prefix(b"author ") {
            let end = author.iter().rposition(|byte| *byte == b'>').ok_or("no author's address")?;
            let start = author[..end].iter().rposition(|byte| *byte == b'<').ok_or("no author's address")?;
            let author = String::from_utf8_lossy(&author[start + 1..end]).into_owned();
            return Ok(Commit { tree, parents, author });
        } else {
            break;
        }
    }
    Err("no author")
}

/// Reads a tree; `id_length` is 20 bytes with SHA-1 and 32 with SHA-256.
pub(super) fn tree(mut bytes: &[u8], id_length: usize) -> Result<Tree, &'static str> {
    let mut entries = BTreeMap::new();
    while !bytes.is_empty() {
        let space = bytes.iter().position(|byte| *byte == b' ').ok_or("an entry without a mode")?;
        let nul =
            bytes.iter().position(|byte| *byte == 0).filter(|nul| *nul > space).ok_or("an entry without an end")?;
        let id = bytes.get(nul + 1..nul + 1 + id_length).ok_or("an entry without an id")?;
        let kind = match &bytes[..space] {
            b"100644" | b"100755" | b"100664" => EntryKind::File,
            b"40000" => EntryKind::Folder,
            b"120000" => EntryKind::Link,
            b"160000" => EntryKind::Submodule,
            _ => EntryKind::Other,
        };
        let entry = TreeEntry { kind, id: ObjectId::from_raw(id) };
        if entries.insert(bytes[space + 1..nul].to_vec(), entry).is_some() {
            return Err("a name stands in it twice");
        }
        bytes = &bytes[nul + 1 + id_length..];
    }
    Ok(Tree { entries })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_stands_twice_is_refused() {
        let entry = |name: &str, byte: u8| [b"100644 ", name.as_bytes(), b"\0", &[byte; 20]].concat();
        let read = tree(&[entry("a", 1), entry("b", 2)].concat(), 20).unwrap();
        assert_eq!(read.entries[&b"b"[..]].id.as_str(), "02".repeat(20));
        assert_eq!(tree(&[entry("a", 1), entry("a", 2)].concat(), 20), Err("a name stands in it twice"));
        for cut in 1..entry("a", 1).len() {
            assert!(tree(&entry("a", 1)[..cut], 20).is_err());
        }
    }

    #[test]
    fn an_author_is_what_stands_between_the_last_angles() {
        let id = "1".repeat(40);
        let text = |author: &str| {
            format!("tree {id}\nparent {id}\nauthor {author}\ncommitter x <c@x> 1 +0000\n\nauthor <evil@x>\n")
        };
        let author = |line: &str| commit(text(line).as_bytes()).map(|commit| commit.author);
        assert_eq!(author("A B <a@x> 1 +0000").unwrap(), "a@x");
        assert_eq!(author("A <evil@x> <a@x> 1 +0000").unwrap(), "a@x");
        assert_eq!(author("nobody 1 +0000"), Err("no author's address"));
        assert_eq!(commit(b"tree x\n"), Err("no tree"));
        assert_eq!(commit(format!("tree {id}\n\nauthor <evil@x>\n").as_bytes()), Err("no author"));
    }
}
