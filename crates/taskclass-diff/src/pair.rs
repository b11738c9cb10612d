//! Which class before is which class after: by name, and where one vanished and one came, by how alike their texts are.

use std::collections::{BTreeMap, BTreeSet};

use taskclass_source::{ReadError, RegistryPath};

use crate::side::{Side, Stands};

/// The share of the text, in hundredths of its bytes, that two files must have in common to be one renamed class.
const ALIKE: u64 = 60;
/// The most pairs of files whose texts are compared. Where there are more, files are renamed only if all but their name is
/// the same.
const MAX_COMPARED: usize = 40_000;

/// A class on both sides, or on one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Pair {
    /// There was none.
    Added(RegistryPath),
    /// There is none any more.
    Removed(RegistryPath),
    /// In the same file on both sides.
    Both(RegistryPath),
    /// In another file than before.
    Renamed { before: RegistryPath, after: RegistryPath },
}

impl Pair {
    /// Its file before.
    pub(crate) fn before(&self) -> Option<&RegistryPath> {
        match self {
            Self::Added(_) => None,
            Self::Removed(path) | Self::Both(path) => Some(path),
            Self::Renamed { before, .. } => Some(before),
        }
    }

    /// Its file after.
    pub(crate) fn after(&self) -> Option<&RegistryPath> {
        match self {
            Self::Removed(_) => None,
            Self::Added(path) | Self::Both(path) => Some(path),
            Self::Renamed { after, .. } => Some(after),
        }
    }
}

/// All classes of two sides.
///
/// # Errors
/// If a side's classes cannot be listed.
pub(crate) fn pairs(base: &Side<'_>, head: &Side<'_>) -> Result<Vec<Pair>, ReadError> {
    let (before, after) = (base.class_paths()?, head.class_paths()?);
    let (known, there): (BTreeSet<_>, BTreeSet<_>) = (before.iter().collect(), after.iter().collect());
    let mut pairs: Vec<Pair> = known.intersection(&there).map(|path| Pair::Both((*path).clone())).collect();
    let mut gone: Vec<&RegistryPath> = known.difference(&there).copied().collect();
    let mut new: Vec<&RegistryPath> = there.difference(&known).copied().collect();
    for (before, after) in renamed(base, &gone, head, &new) {
        gone.retain(|path| *path != before);
        new.retain(|path| *path != after);
        pairs.push(Pair::Renamed { before: before.clone(), after: after.clone() });
    }
    pairs.extend(gone.into_iter().map(|path| Pair::Removed(path.clone())));
    pairs.extend(new.into_iter().map(|path| Pair::Added(path.clone())));
    pairs.sort_by(|a, b| (a.after().or(a.before())).cmp(&b.after().or(b.before())));
    Ok(pairs)
}

/// The best matches of what vanished and what came, each file in one of them.
fn renamed<'p>(
    base: &Side<'_>,
    gone: &[&'p RegistryPath],
    head: &Side<'_>,
    new: &[&'p RegistryPath],
) -> Vec<(&'p RegistryPath, &'p RegistryPath)> {
    if gone.is_empty() || new.is_empty() {
        return Vec::new();
    }
    let mut numbers = BTreeMap::new();
    let mut texts = |side: &Side<'_>, paths: &[&'p RegistryPath]| -> Vec<Text> {
        paths.iter().filter_map(|path| Text::of(side, path, &mut numbers)).collect()
    };
    let (before, after) = (texts(base, gone), texts(head, new));
    let shallow = gone.len().saturating_mul(new.len()) > MAX_COMPARED;
    let mut alike = Vec::new();
    for a in &before {
        for b in &after {
            let share = if shallow { u64::from(a.lines == b.lines) * 100 } else { a.share(b) };
            if share >= ALIKE {
                alike.push((share, &a.path, &b.path));
            }
        }
    }
    alike.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| (a.1, a.2).cmp(&(b.1, b.2))));
    let (mut taken_before, mut taken_after) = (BTreeSet::new(), BTreeSet::new());
    let path = |paths: &[&'p RegistryPath], path: &RegistryPath| paths.iter().copied().find(|known| *known == path);
    alike
        .into_iter()
        .filter_map(|(_, a, b)| {
            if taken_before.contains(a) || taken_after.contains(b) {
                return None;
            }
            taken_before.insert(a.clone());
            taken_after.insert(b.clone());
            Some((path(gone, a)?, path(new, b)?))
        })
        .collect()
}

/// A file as a bag of its lines, each as its number and how much it weighs.
struct Text {
    path: RegistryPath,
    lines: Vec<(u32, u64)>,
    weight: u64,
}

impl Text {
    /// `None` of what cannot be read: it is like nothing.
    fn of(side: &Side<'_>, path: &RegistryPath, numbers: &mut BTreeMap<Vec<u8>, u32>) -> Option<Self> {
        let Stands::Here(bytes) = side.content(path) else { return None };
        let mut lines = Vec::new();
        for line in bytes.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii) {
            // The name is what a renamed class cannot keep.
            if line.is_empty() || line.starts_with(b"name:") {
                continue;
            }
            let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
            let number = *numbers.entry(line.to_vec()).or_insert(next);
            lines.push((number, u64::try_from(line.len()).unwrap_or(u64::MAX)));
        }
        lines.sort_unstable();
        let weight = lines.iter().map(|(_, weight)| weight).sum();
        Some(Self { path: path.clone(), lines, weight })
    }

    /// How much of two texts is the same, in hundredths.
    fn share(&self, other: &Self) -> u64 {
        let (mut mine, mut theirs) = (self.lines.iter().peekable(), other.lines.iter().peekable());
        let mut common = 0;
        while let (Some(a), Some(b)) = (mine.peek(), theirs.peek()) {
            match a.0.cmp(&b.0) {
                std::cmp::Ordering::Less => _ = mine.next(),
                std::cmp::Ordering::Greater => _ = theirs.next(),
                std::cmp::Ordering::Equal => {
                    common += a.1;
                    mine.next();
                    theirs.next();
                }
            }
        }
        (common * 200).checked_div(self.weight + other.weight).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use taskclass_source::InMemory;

    use super::*;

    fn registry(classes: &[(&str, String)]) -> InMemory {
        let path = |name: &str| RegistryPath::new(format!("task-classes/{name}.yaml")).unwrap();
        classes.iter().fold(InMemory::new(), |files, (name, text)| files.with(path(name), text.as_str()))
    }

    /// The names that were renamed, before and after.
    fn renames(before: &[(&str, String)], after: &[(&str, String)]) -> Vec<(String, String)> {
        let (before, after) = (registry(before), registry(after));
        let side = |files| Side::read(String::new(), files);
        let stem = |path: &RegistryPath| path.file_stem().unwrap().to_owned();
        pairs(&side(&before), &side(&after))
            .unwrap()
            .into_iter()
            .filter_map(|pair| match pair {
                Pair::Renamed { before, after } => Some((stem(&before), stem(&after))),
                _ => None,
            })
            .collect()
    }

    /// A text of so many lines, of which the first are its own.
    fn text(name: &str, own: usize) -> String {
        let line = |number: usize| if number < own { format!("{name} {number}\n") } else { format!("all {number}\n") };
        format!("name: {name}\n") + &(0..10).map(line).collect::<String>()
    }

    #[test]
    fn the_most_alike_are_one_class() {
        let renamed = renames(
            &[("a", text("a", 3)), ("b", text("b", 1)), ("same", text("same", 0))],
            &[("c", text("a", 3)), ("d", text("d", 1)), ("same", text("same", 5))],
        );
        let expected = [("a", "c"), ("b", "d")].map(|(a, b)| (a.to_owned(), b.to_owned()));
        assert_eq!(renamed, expected);
        assert_eq!(renames(&[("a", text("a", 6))], &[("b", text("b", 0))]), []);
        assert_eq!(renames(&[("a", String::new())], &[("b", String::new())]), []);
    }

    #[test]
    fn of_very_many_only_those_that_are_the_same_are_one_class() {
        let names: Vec<(String, String)> = (0..201).map(|n| (format!("a{n}"), format!("b{n}"))).collect();
        let before: Vec<_> = names.iter().map(|(a, _)| (a.as_str(), text(a, 2))).collect();
        let mut after: Vec<_> = names.iter().map(|(a, b)| (b.as_str(), text(a, 2))).collect();
        after[7].1.push_str("one more\n");
        let renamed = renames(&before, &after);
        assert_eq!(renamed.len(), 200);
        assert!(renamed.iter().all(|(a, b)| a[1..] == b[1..] && a != "a7"));
    }
}
