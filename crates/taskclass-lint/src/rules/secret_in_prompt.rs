//! `secret-in-prompt`: a credential in the prompt.

use std::ops::Range;
use std::sync::LazyLock;

use taskclass_source::yaml::{Entry, Value};
use taskclass_source::{Label, Node};

use crate::context::{ClassContext, Document};
use crate::phrases::Phrases;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// A credential in the prompt or in another value.
    ///
    /// ## What it does
    /// Looks for the forms in which GitHub, cloud providers and key files write their secrets, in the prompt and in every
    /// other value of the file.
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
    name: "secret-in-prompt", family: Prompt, level: Error, hold: Security, check: Class(check), Document(values)
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

/// How each of them begins, and a private key.
static BEGINNINGS: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(&BEGIN));
const BEGIN: [&str; FORMS.len() + 1] = {
    let mut all = ["-----BEGIN "; FORMS.len() + 1];
    let mut at = 0;
    while at < FORMS.len() {
        all[at] = FORMS[at].0;
        at += 1;
    }
    all
};

/// No secret is shorter, in bytes.
const SHORTEST: usize = 16;

fn check(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    for piece in cx.prompt.seen().iter().flat_map(|facts| &facts.texts) {
        for range in secrets(piece.text()) {
            sink.report(piece.place(range).label(""), MESSAGE, |finding| finding.with_help(HELP));
        }
    }
}

/// Values anywhere else in the document: an example's inputs are kept like any prompt.
fn values(document: &Document<'_>, sink: &mut Sink<'_>) {
    let mut nodes: Vec<(&Node, bool)> = document.root.map(|root| (root, false)).into_iter().collect();
    while let Some((node, in_prompt)) = nodes.pop() {
        match &node.value {
            Value::Str(text) if !in_prompt => {
                for range in secrets(text) {
                    let exact = node.scalar_map(document.source).map(|map| map.span(range));
                    let label = Label::mark(document.source, exact.unwrap_or(node.span));
                    sink.report(label, MESSAGE, |finding| finding.with_help(HELP));
                }
            }
            Value::Seq(items) => nodes.extend(items.iter().rev().map(|item| (item, in_prompt))),
            Value::Map(map) => {
                let below = |entry: &Entry| in_prompt || &*entry.key.text == "template";
                nodes.extend(map.iter().rev().map(|entry| (&entry.value, below(entry))));
            }
            _ => {}
        }
    }
}

const MESSAGE: &str = "this looks like a credential";
const HELP: &str = "take it out and revoke it: it is in the history of the registry";

/// Where the text has the form of a secret.
fn secrets(text: &str) -> Vec<Range<usize>> {
    if text.len() < SHORTEST || !BEGINNINGS.any(text.as_bytes()) {
        return Vec::new();
    }
    let found = FORMS.iter().flat_map(|(form, least)| {
        text.match_indices(form).filter_map(move |(at, _)| {
            let tail = text.get(at + form.len()..)?;
            let length = tail.bytes().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-')).count();
            (length >= *least).then_some(at..at + form.len() + length)
        })
    });
    let keys = text.match_indices("-----BEGIN ").filter_map(|(at, _)| {
        let line = text.get(at..)?.lines().next()?;
        line.contains("PRIVATE KEY").then(|| at..at + line.trim_end().len())
    });
    found.chain(keys).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_beginnings_can_be_looked_for() {
        assert!(super::BEGINNINGS.is_ready());
    }
}
