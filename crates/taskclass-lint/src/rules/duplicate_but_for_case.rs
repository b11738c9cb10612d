//! `duplicate-but-for-case`: two entries of a list that differ only in upper and lower case, and are one to GitHub.

use std::collections::HashMap;

use crate::context::{At, ClassContext, PolicyContext};
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// Two entries of a list that differ only in upper and lower case, and are one to GitHub.
    ///
    /// ## What it does
    /// Compares the entries of lists of repositories, owners, reviewers, callers and labels without regard to case.
    ///
    /// ## Why it matters
    /// One of the two was meant to be something else, or will be forgotten when the other is taken out.
    ///
    /// ## Bad
    /// ```yaml
    /// pull_request: {create: after_validation, labels: [agent, Agent], reviewers: ["@acme/platform"]}
    ///                                                          ^^^^^
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// pull_request: {create: after_validation, labels: [agent, timeouts], reviewers: ["@acme/platform"]}
    /// ```
    name: "duplicate-but-for-case", family: Shape, level: Warning, hold: Free, check: Class(class), Policy(policy)
}

fn class(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    let at = |path: &str| cx.at(path);
    let class = &cx.class;
    if let Some(owners) = class.owners {
        check("owners", owners, at, sink);
    }
    if let Some(repositories) = class.repositories {
        check("repositories.allow", &repositories.allow, at, sink);
        check("repositories.deny", &repositories.deny, at, sink);
    }
    if let Some(pull_request) = class.pull_request {
        check("pull_request.labels", &pull_request.labels, at, sink);
        check("pull_request.reviewers", &pull_request.reviewers, at, sink);
    }
    if let Some(Some(callers)) = class.callers {
        check("callers.allow", &callers.allow, at, sink);
    }
}

fn policy(cx: &PolicyContext<'_>, sink: &mut Sink<'_>) {
    let at = |path: &str| cx.at(path);
    check("repositories.deny", &cx.policy.repositories.deny, at, sink);
    if let Some(sensitive) = &cx.policy.models.sensitive {
        check("models.sensitive.repositories", &sensitive.repositories, at, sink);
    }
}

fn check<'a, T: ToString>(list: &str, entries: &[T], at: impl Fn(&str) -> At<'a>, sink: &mut Sink<'_>) {
    if entries.len() < 2 {
        return;
    }
    let mut seen: HashMap<String, (usize, String)> = HashMap::new();
    for (index, entry) in entries.iter().enumerate() {
        let text = entry.to_string();
        match seen.get(&text.to_ascii_lowercase()) {
            // The same to the letter is `duplicate-entry`.
            Some((first, other)) if *other != text => {
                let other_at = at(&format!("{list}[{first}]")).value("first here");
                let message = format!("`{text}` and `{other}` in `{list}` differ only in case, and are one to GitHub");
                sink.report(at(&format!("{list}[{index}]")).value(""), message, |finding| {
                    finding.with_label(other_at).with_help("keep one")
                });
            }
            Some(_) => {}
            None => {
                seen.insert(text.to_ascii_lowercase(), (index, text));
            }
        }
    }
}
