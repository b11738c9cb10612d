//! `dead-pattern`: a pattern that no repository of the inventory matches.

use taskclass_source::Label;
use taskclass_spec::RepoPattern;

use crate::context::ClassContext;
use crate::patterns::matches;
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

fn check(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    let Some(inventory) = cx.shared.inventory() else { return };
    let mut places: Vec<(String, &RepoPattern)> = Vec::new();
    for (index, pattern) in cx.class.repositories.iter().flat_map(|own| own.allow.iter()).enumerate() {
        places.push((format!("repositories.allow[{index}]"), pattern));
    }
    for (at, own) in cx.class.model.iter().flat_map(|model| model.overrides.iter()).enumerate() {
        for (index, pattern) in own.repositories.iter().enumerate() {
            places.push((format!("model.overrides[{at}].repositories[{index}]"), pattern));
        }
    }
    for (path, pattern) in places {
        if inventory.iter().any(|name| matches(pattern, name)) {
            continue;
        }
        let names = inventory.iter().map(|name| name.as_str());
        let meant = taskclass_spec::suggest::closest(pattern.as_str(), names);
        let text = meant.map(|meant| format!("did you mean `{meant}`?")).unwrap_or_default();
        sink.report(
            cx.at(&path).value(text),
            format!("`{pattern}` matches no repository of the inventory"),
            |finding| match meant.and_then(|meant| inventory.place(&meant.parse().ok()?)) {
                Some(line) => finding.with_label(Label::new(inventory.source(), line, "this one exists")),
                None => finding.with_help("correct it, leave it out, or bring `inventory.txt` up to date"),
            },
        );
    }
}
