//! How documents stand at the commits that are compared, decided when somebody asks: for all documents that differ at once, so
//! that history is walked once.

use std::{
    cell::OnceCell,
    collections::{BTreeMap, BTreeSet},
};

use taskclass_approval::{
    Decision,
    decide::Reason,
    registry::{Filed, Grounds, NotApproved},
    since::LastApproved,
};
use taskclass_diff::{Approvals, Given, Kind, Standing};
use taskclass_source::RegistryPath;
use taskclass_spec::{
    record::POLICY_NAME,
    registry::{class_paths, is_class, paths, stem},
};

/// How documents stand, by their names, and why it is not known of some.
#[derive(Debug, Default)]
pub(super) struct Table {
    standings: BTreeMap<(Kind, String), Standing>,
    /// By the document's name.
    pub(super) unknown: BTreeMap<String, String>,
}

/// The standings of two sides.
pub(super) struct Standings<'a> {
    base: Option<&'a Grounds<'a>>,
    head: Option<&'a Grounds<'a>>,
    /// The paths that differ; `None` where that is not known.
    changed: Option<&'a BTreeSet<RegistryPath>>,
    at_base: OnceCell<Table>,
    at_head: OnceCell<Table>,
}

impl<'a> Standings<'a> {
    pub(super) fn new(
        base: Option<&'a Grounds<'a>>,
        head: Option<&'a Grounds<'a>>,
        changed: Option<&'a BTreeSet<RegistryPath>>,
    ) -> Self {
        Self { base, head, changed, at_base: OnceCell::new(), at_head: OnceCell::new() }
    }

    fn base(&self) -> &Table {
        self.at_base.get_or_init(|| {
            self.base.map_or_else(Table::default, |grounds| {
                Table::of(grounds, None, self.classes(grounds), Authors::OfSigned)
            })
        })
    }

    /// The head's documents by what both sides say: a change does not vouch for itself.
    pub(super) fn head(&self) -> &Table {
        self.at_head.get_or_init(|| {
            self.head.map_or_else(Table::default, |grounds| {
                Table::of(grounds, self.base, self.classes(grounds), Authors::OfAll)
            })
        })
    }

    /// The classes that may be asked for: those that differ, or all where something differs that many may share.
    fn classes(&self, grounds: &Grounds<'_>) -> Result<Vec<String>, String> {
        let all = || {
            let paths = class_paths(grounds.files()).map_err(|error| error.to_string())?;
            Ok(paths.iter().map(|path| stem(path).to_owned()).collect())
        };
        let Some(changed) = self.changed else { return all() };
        let shared =
            |path: &RegistryPath| *path == paths::at(paths::POLICY) || path.is_within(&paths::at(paths::PROMPTS));
        if changed.iter().any(shared) {
            return all();
        }
        Ok(changed.iter().filter(|path| is_class(path)).map(|path| stem(path).to_owned()).collect())
    }
}

impl Approvals for Standings<'_> {
    fn at_base(&self, kind: Kind, name: &str) -> Option<Standing> {
        self.base().get(kind, name)
    }

    fn at_head(&self, kind: Kind, name: &str) -> Option<Standing> {
        self.head().get(kind, name)
    }
}

/// Documents against what was last approved of them.
pub(super) struct AfterApproval<'a> {
    /// By name.
    pub(super) last: &'a BTreeMap<&'a str, Option<&'a LastApproved>>,
    /// The head, if it is a commit.
    pub(super) head: Option<&'a Table>,
}

impl Approvals for AfterApproval<'_> {
    fn at_base(&self, kind: Kind, name: &str) -> Option<Standing> {
        let last = self.last.get(name).copied().flatten().filter(|_| kind != Kind::Trust)?;
        Some(standing(Decision::Approved(last.standing.clone()), Vec::new()))
    }

    fn at_head(&self, kind: Kind, name: &str) -> Option<Standing> {
        self.head?.get(kind, name)
    }
}

/// Whose authors are asked for. Of what nobody signed they make no difference to the decision; to people they may.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Authors {
    OfAll,
    OfSigned,
}

impl Table {
    /// How the policy and the classes stand, held to `base` where there is one.
    pub(super) fn of(
        grounds: &Grounds<'_>,
        base: Option<&Grounds<'_>>,
        classes: Result<Vec<String>, String>,
        authors: Authors,
    ) -> Self {
        let mut table = Self::default();
        let mut filed: Vec<(Kind, Filed)> = Vec::new();
        match grounds.filed_policy() {
            Ok(policy) => filed.push((Kind::Policy, policy)),
            Err(error) => drop(table.unknown.insert(POLICY_NAME.to_owned(), error.to_string())),
        }
        let classes = classes.unwrap_or_else(|error| {
            table.unknown.insert(paths::CLASSES.to_owned(), error);
            Vec::new()
        });
        for name in classes {
            let class = name.parse().map_err(|error: taskclass_spec::Malformed| error.to_string()).and_then(|name| {
                let class = match grounds.class(&name) {
                    // Gone on this side, or what its own findings say.
                    Err(NotApproved::NoSuchClass { .. } | NotApproved::Invalid { .. }) => return Ok(None),
                    other => other.map_err(|error| error.to_string())?,
                };
                grounds.filed_class(&class).map(Some).map_err(|error| error.to_string())
            });
            match class {
                Ok(class) => filed.extend(class.map(|class| (Kind::TaskClass, class))),
                Err(error) => drop(table.unknown.insert(name, error)),
            }
        }
        let wanted = |filed: &Filed| authors == Authors::OfAll || filed.is_signed();
        let sets: Vec<Vec<RegistryPath>> =
            filed.iter().filter(|(_, filed)| wanted(filed)).map(|(_, filed)| filed.sources.clone()).collect();
        let mut found = match grounds.authors(&sets) {
            Ok(found) => Ok(found.into_iter()),
            Err(error) => Err(error.to_string()),
        };
        for (kind, filed) in filed {
            let name = filed.subject.name.clone();
            let authors = match &mut found {
                Ok(found) if wanted(&filed) => found.next().into_iter().collect(),
                Err(error) if filed.is_signed() => {
                    table.unknown.insert(name, error.clone());
                    continue;
                }
                _ => Vec::new(),
            };
            let decision = match base {
                Some(base) => grounds.decide_held_to(base, &filed, &authors),
                None => grounds.decide(&filed, &authors),
            };
            table.standings.insert((kind, name), standing(decision, authors));
        }
        table
    }

    fn get(&self, kind: Kind, name: &str) -> Option<Standing> {
        self.standings.get(&(kind, name.to_owned())).cloned()
    }
}

fn standing(decision: Decision, authors: Vec<String>) -> Standing {
    let approved = decision.is_approved();
    let revoked = revocation(&decision);
    let (needed, by) = match decision {
        Decision::Approved(standing) => (standing.needed, standing.by),
        Decision::NotApproved(shortfall) => (shortfall.needed, shortfall.by),
    };
    let given = |by: taskclass_approval::ApprovedBy| Given {
        principal: by.principal,
        until: by.expires_at,
        break_glass: by.break_glass,
    };
    Standing { needed, by: by.into_iter().map(given).collect(), approved, authors, revoked }
}

/// Who revoked the content and why, in words.
fn revocation(decision: &Decision) -> Option<String> {
    let Decision::NotApproved(shortfall) = decision else { return None };
    let reason = &shortfall.refusals.iter().find(|refusal| refusal.reason.is_revocation())?.reason;
    Some(match reason {
        Reason::Revoked(by) => format!("revoked by {} on {}: {}", by.by, by.at.strftime("%Y-%m-%d"), by.reason),
        other => other.to_string(),
    })
}
