//! The repositories of the inventory, made ready once for the questions that every class asks.

use taskclass_spec::{Inventory, RepoName, RepoPattern, written};

use crate::patterns::any;

/// The repositories of the inventory.
pub(crate) struct KnownRepositories<'a> {
    /// In the inventory's order, each with whether the policy lets classes run there.
    names: Vec<(&'a RepoName, bool)>,
    /// The same sorted by name in small letters, with the number in `names`.
    sorted: Vec<(String, usize)>,
    /// Those that the policy calls sensitive, as numbers in `names`.
    sensitive: Vec<usize>,
}

impl<'a> KnownRepositories<'a> {
    pub(crate) fn new(inventory: &'a Inventory, policy: Option<&written::Policy>) -> Self {
        let deny = policy.map_or(&[][..], |policy| &policy.repositories.deny);
        let sensitive = policy.and_then(|policy| policy.models.sensitive.as_ref());
        let sensitive = sensitive.map_or(&[][..], |sensitive| &sensitive.repositories);
        let names: Vec<_> = inventory.iter().map(|name| (name, !any(deny, name))).collect();
        let small = |(at, (name, _)): (usize, &(&RepoName, bool))| (name.as_str().to_ascii_lowercase(), at);
        let mut sorted: Vec<(String, usize)> = names.iter().enumerate().map(small).collect();
        sorted.sort();
        let sensitive = (0..names.len()).filter(|at| any(sensitive, names[*at].0)).collect();
        Self { names, sorted, sensitive }
    }

    /// Whether any of them matches.
    pub(crate) fn has(&self, pattern: &RepoPattern) -> bool {
        self.matching(pattern).next().is_some()
    }

    /// Those on which a class with these patterns may run, in the inventory's order.
    pub(crate) fn reached(&self, own: &written::Repositories) -> Vec<&'a RepoName> {
        let mut reached: Vec<usize> = own.allow.iter().flat_map(|pattern| self.matching(pattern)).collect();
        reached.sort_unstable();
        reached.dedup();
        let open = reached.into_iter().map(|at| self.names[at]).filter(|(_, open)| *open);
        open.map(|(name, _)| name).filter(|name| !any(&own.deny, name)).collect()
    }

    /// Those that the policy calls sensitive, in the inventory's order.
    pub(crate) fn sensitive(&self) -> impl Iterator<Item = &'a RepoName> {
        self.sensitive.iter().map(|at| self.names[*at].0)
    }

    /// The numbers of those that match: they stand together, as far as the pattern begins literally.
    fn matching(&self, pattern: &RepoPattern) -> impl Iterator<Item = usize> {
        let text = pattern.as_str();
        let literal = text[..text.find('*').unwrap_or(text.len())].to_ascii_lowercase();
        let from = self.sorted.partition_point(|(name, _)| *name < literal);
        let begin_alike = self.sorted[from..].iter().take_while(move |(name, _)| name.starts_with(&literal));
        begin_alike.map(|(_, at)| *at).filter(|at| pattern.matches(self.names[*at].0))
    }
}

#[cfg(test)]
mod tests {
    use taskclass_source::SourceFile;

    use super::*;

    #[test]
    fn finds_what_a_walk_over_all_finds() {
        let names = ["acme/svc-a", "acme/web", "acme/SVC-b", "acme/svc-a-prod", "beta/svc-a", "acme/svc", "acme/svc-"];
        let inventory = Inventory::parse(SourceFile::new("inventory.txt", names.join("\n"))).unwrap();
        let known = KnownRepositories::new(&inventory, None);
        for pattern in ["acme/svc-*", "Acme/svc-A", "acme/*", "acme/*-prod", "gamma/*", "acme/svc-*a*", "acme/zzz"] {
            let pattern: RepoPattern = pattern.parse().unwrap();
            let all: Vec<_> = inventory.iter().filter(|name| pattern.matches(name)).collect();
            let own = written::Repositories { allow: vec![pattern.clone()], deny: Vec::new(), require: None };
            assert_eq!(known.reached(&own), all, "{pattern}");
            assert_eq!(known.has(&pattern), !all.is_empty(), "{pattern}");
        }
        let [allow, deny] = ["acme/svc-*", "acme/*-prod"].map(|text| vec![text.parse().unwrap()]);
        let reached = known.reached(&written::Repositories { allow, deny, require: None });
        assert_eq!(
            reached.iter().map(|name| name.as_str()).collect::<Vec<_>>(),
            ["acme/svc-a", "acme/SVC-b", "acme/svc-"]
        );
    }
}
