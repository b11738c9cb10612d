//! The repositories that are known, sorted, so that a pattern looks only at names that begin like it; and sets of them.

use std::{cell::RefCell, collections::BTreeMap, ops::Range};

use taskclass_spec::{Inventory, RepoName, RepoPattern};

/// How many patterns' sets are kept.
const MAX_KEPT: usize = 4_096;

/// All repositories of one or several inventories, by name in lower case.
#[derive(Debug)]
pub(crate) struct Repositories {
    names: Vec<(String, RepoName)>,
    /// What patterns were found to match: classes have many of them in common.
    matched: RefCell<BTreeMap<String, Set>>,
}

/// Some of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Set(Vec<u64>);

impl Repositories {
    pub(crate) fn of<'i>(inventories: impl IntoIterator<Item = &'i Inventory>) -> Self {
        let all = inventories.into_iter().flat_map(Inventory::iter);
        let mut names: Vec<_> = all.map(|name| (name.as_str().to_ascii_lowercase(), name.clone())).collect();
        names.sort_unstable_by(|a, b| (&a.0, a.1.as_str()).cmp(&(&b.0, b.1.as_str())));
        names.dedup_by(|a, b| a.0 == b.0);
        Self { names, matched: RefCell::default() }
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.names.len()
    }

    /// None of them.
    pub(crate) fn none(&self) -> Set {
        Set(vec![0; self.names.len().div_ceil(64)])
    }

    /// Those that any of the patterns matches.
    pub(crate) fn matching(&self, patterns: &[RepoPattern]) -> Set {
        let mut set = self.none();
        for pattern in patterns {
            let text = pattern.as_str();
            let (begins, rest) = text.split_at(text.find('*').unwrap_or(text.len()));
            let begins = begins.to_ascii_lowercase();
            let from = self.names.partition_point(|(name, _)| *name < begins);
            let behind = self.names.get(from..).unwrap_or_default();
            let begun = from..from + behind.partition_point(|(name, _)| name.starts_with(&begins));
            if rest == "*" {
                begun.for_each(|at| set.put(at));
                continue;
            }
            let mut matched = self.matched.borrow_mut();
            if matched.len() >= MAX_KEPT {
                matched.clear();
            }
            set.add(matched.entry(text.to_owned()).or_insert_with(|| self.within_range(begun, pattern)));
        }
        set
    }

    /// Those of a range that the pattern matches.
    fn within_range(&self, range: Range<usize>, pattern: &RepoPattern) -> Set {
        let mut set = self.none();
        for (at, (_, repository)) in range.clone().zip(self.names.get(range).unwrap_or_default()) {
            if pattern.matches(repository) {
                set.put(at);
            }
        }
        set
    }

    /// Those in the set, in the order of their names.
    pub(crate) fn within<'s>(&'s self, set: &'s Set) -> impl Iterator<Item = (usize, &'s RepoName)> {
        set.members().filter_map(|at| self.names.get(at).map(|(_, name)| (at, name)))
    }
}

impl Set {
    fn put(&mut self, at: usize) {
        if let Some(word) = self.0.get_mut(at / 64) {
            *word |= 1 << (at % 64);
        }
    }

    fn add(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(word, more)| *word |= more);
    }

    /// Whether it holds the repository of this number.
    pub(crate) fn has(&self, at: usize) -> bool {
        self.0.get(at / 64).is_some_and(|word| (word >> (at % 64)) & 1 == 1)
    }

    /// Whether it holds none.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    /// How many it holds.
    pub(crate) fn len(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// Those that are not in `other`.
    pub(crate) fn without(&self, other: &Self) -> Self {
        Self(self.0.iter().zip(&other.0).map(|(a, b)| a & !b).collect())
    }

    /// Those that are in both.
    pub(crate) fn and(&self, other: &Self) -> Self {
        Self(self.0.iter().zip(&other.0).map(|(a, b)| a & b).collect())
    }

    /// Those that are in either.
    pub(crate) fn or(&self, other: &Self) -> Self {
        Self(self.0.iter().zip(&other.0).map(|(a, b)| a | b).collect())
    }

    fn members(&self) -> impl Iterator<Item = usize> {
        self.0.iter().enumerate().flat_map(|(word, bits)| {
            let mut left = *bits;
            std::iter::from_fn(move || {
                let bit = (left != 0).then(|| left.trailing_zeros() as usize)?;
                left &= left - 1;
                Some(word * 64 + bit)
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use taskclass_source::SourceFile;

    use super::*;

    fn known(text: &str) -> Repositories {
        Repositories::of([&Inventory::parse(SourceFile::new("inventory.txt", text)).unwrap()])
    }

    fn patterns(texts: &[String]) -> Vec<RepoPattern> {
        texts.iter().filter_map(|text| text.parse().ok()).collect()
    }

    #[test]
    fn a_repository_is_known_once_whatever_its_case() {
        let known = known("acme/b\nACME/A\nacme/a\n");
        assert_eq!(known.len(), 2);
        let set = known.matching(&patterns(&["Acme/*".to_owned()]));
        assert_eq!(known.within(&set).map(|(_, name)| name.as_str()).collect::<Vec<_>>(), ["ACME/A", "acme/b"]);
    }

    proptest! {
        #[test]
        fn a_set_holds_what_a_pattern_matches(
            names in prop::collection::vec("acme/[abAB-]{1,4}", 0..150),
            texts in prop::collection::vec("(acme|ACME)/[abB*-]{1,4}", 0..4),
            others in prop::collection::vec("acme/[ab*]{1,3}", 0..3),
        ) {
            let known = known(&names.join("\n"));
            let (some, other) = (patterns(&texts), patterns(&others));
            let (a, b) = (known.matching(&some), known.matching(&other));
            let is = |patterns: &[RepoPattern], at: usize| patterns.iter().any(|p| p.matches(&known.names[at].1));
            for at in 0..known.len() {
                prop_assert_eq!(a.has(at), is(&some, at));
                prop_assert_eq!(a.without(&b).has(at), is(&some, at) && !is(&other, at));
                prop_assert_eq!(a.and(&b).has(at), is(&some, at) && is(&other, at));
                prop_assert_eq!(a.or(&b).has(at), is(&some, at) || is(&other, at));
            }
            prop_assert_eq!(a.len(), known.within(&a).count());
        }
    }
}
