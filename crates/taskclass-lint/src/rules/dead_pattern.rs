//! `dead-pattern`: a pattern that no repository of the inventory matches.

use taskclass_source::{Fix, Label};
use taskclass_spec::suggest::closest;
use taskclass_spec::{Inventory, RepoName, RepoPattern};

use crate::common::{replace_scalar, with_fix};
use crate::context::ClassContext;
use crate::reach::{denied_by_policy, is_foreign};
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// A pattern that no repository of the inventory matches.
    ///
    /// ## What it does
    /// Looks for each entry of `repositories.allow`, and for the patterns of overrides, in `inventory.txt`. Without an inventory
    /// the rule is silent.
    ///
    /// ## Why it matters
    /// It is a slip of the pen, or it waits for a repository that somebody will create.
    ///
    /// ## Bad
    /// ```yaml
    /// repositories:
    ///   allow: [acme/svc-orders, acme/srv-billing]
    ///                            ^^^^^^^^^^^^^^^^
    ///   require: {visibility: [private], required_reviews: 1, required_checks: [build, test]}
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// repositories:
    ///   allow: [acme/svc-orders, acme/svc-billing]
    ///   require: {visibility: [private], required_reviews: 1, required_checks: [build, test]}
    /// ```
    name: "dead-pattern", family: Repositories, level: Warning, hold: Free, check: Class(check)
}

/// How much is compared in search of what was meant, in pairs of characters: what a person misspells needs far less.
const MAX_COMPARED: usize = 30_000_000;

fn check(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    let mut compared = 0;
    let Some(inventory) = cx.shared.inventory() else { return };
    let Some(known) = &cx.shared.known else { return };
    let allowed = cx.class.repositories.iter().flat_map(|own| own.allow.iter()).enumerate();
    let overrides = cx.class.model.iter().flat_map(|model| model.overrides.iter()).enumerate();
    let overrides = overrides.flat_map(|(at, own)| {
        own.repositories.iter().enumerate().map(move |(index, pattern)| (Some(at), index, pattern))
    });
    for (of, index, pattern) in allowed.map(|(index, pattern)| (None, index, pattern)).chain(overrides) {
        // An entry that is denied, or another organisation's, has nothing to be corrected.
        if known.has(pattern) || denied_by_policy(cx, pattern).is_some() || is_foreign(cx, pattern) {
            continue;
        }
        let path = match of {
            None => format!("repositories.allow[{index}]"),
            Some(at) => format!("model.overrides[{at}].repositories[{index}]"),
        };
        compared += pattern.as_str().len() * inventory.source().text().len();
        let meant = if compared <= MAX_COMPARED { meant(pattern, inventory) } else { None };
        let text = meant.map(|meant| format!("did you mean `{meant}`?")).unwrap_or_default();
        let at = cx.at(&path);
        let fix = meant.filter(|_| pattern.is_literal()).and_then(|meant| {
            Some(Fix::unsafe_(format!("write `{meant}`"), vec![replace_scalar(&at, meant.as_str())?]))
        });
        sink.report(
            at.value(text),
            format!("`{pattern}` matches no repository of the inventory"),
            |finding| match meant.and_then(|meant| inventory.place(meant)) {
                Some(line) => {
                    with_fix(finding.with_label(Label::new(inventory.source(), line, "this one exists")), fix)
                }
                None => finding.with_help("correct it, leave it out, or bring `inventory.txt` up to date"),
            },
        );
    }
}

/// The repository of the same owner whose name is near: the owner's name must not make far ones look alike.
fn meant<'a>(pattern: &RepoPattern, inventory: &'a Inventory) -> Option<&'a RepoName> {
    let (owner, written) = pattern.as_str().split_once('/')?;
    let same_owner = || inventory.iter().filter(|name| name.owner().eq_ignore_ascii_case(owner));
    let near = closest(written, same_owner().map(RepoName::name))?;
    same_owner().find(|name| name.name() == near)
}
