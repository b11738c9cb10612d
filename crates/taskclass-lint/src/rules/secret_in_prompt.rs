//! `secret-in-prompt`: a credential in the prompt.

use crate::context::ClassContext;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// A credential in the prompt.
    ///
    /// ## What it does
    /// Looks for the forms in which GitHub, cloud providers and key files write their secrets.
    ///
    /// ## Why it matters
    /// A prompt is kept with the task, in logs and in the registry's history. A secret in it is published.
    ///
    /// ## Bad
    /// ```yaml
    /// prompt:
    ///   template: |
    ///     Change `{{ inputs.thing }}` with the key AKIAIOSFODNN7EXAMPLE. Done when the build passes.
    ///                                              ^^^^^^^^^^^^^^^^^^^^
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// prompt:
    ///   template: |
    ///     Change `{{ inputs.thing }}`. Done when the build passes.
    /// ```
    name: "secret-in-prompt", family: Prompt, level: Error, hold: Security, check: Class(check)
}

/// How a secret begins, and how many letters and digits follow at least.
const FORMS: [(&str, usize); 12] = [
    ("ghp_", 30),
    ("gho_", 30),
    ("ghu_", 30),
    ("ghs_", 30),
    ("ghr_", 30),
    ("github_pat_", 30),
    ("AKIA", 16),
    ("ASIA", 16),
    ("xoxb-", 20),
    ("xoxp-", 20),
    ("glpat-", 20),
    ("AIza", 30),
];

/// No secret is shorter, in bytes.
const SHORTEST: usize = 16;

fn check(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    for piece in cx.prompt.facts().iter().flat_map(|facts| &facts.texts) {
        let text = piece.text();
        if text.len() < SHORTEST {
            continue;
        }
        let found = FORMS.iter().flat_map(|(form, least)| {
            text.match_indices(form).filter_map(move |(at, _)| {
                let tail = text.get(at + form.len()..)?;
                let length = tail.bytes().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-')).count();
                (length >= *least).then_some(at..at + form.len() + length)
            })
        });
        let keys = text.match_indices("-----BEGIN ").filter(|(at, _)| {
            text.get(*at..).and_then(|rest| rest.lines().next()).is_some_and(|line| line.contains("PRIVATE KEY"))
        });
        for range in found.chain(keys.map(|(at, word)| at..at + word.len())) {
            sink.report(piece.place(range).label(""), "this looks like a credential", |finding| {
                finding.with_help("take it out and revoke it: it is in the history of the registry")
            });
        }
    }
}
