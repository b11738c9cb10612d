//! `duplicate-example`: two examples that show the same.

use crate::context::ClassContext;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// Two examples that show the same.
    ///
    /// ## What it does
    /// Reports examples with the name of another, and those with the repository, branch and inputs of another.
    ///
    /// ## Why it matters
    /// Reports and reviews name an example by its name. One that repeats another shows nothing new, and the case that it was meant
    /// for is not shown at all.
    ///
    /// ## Bad
    /// ```yaml
    /// examples:
    ///   - {name: one, repository: acme/svc-orders, inputs: {thing: timeout}}
    ///   - {name: two, repository: acme/svc-orders, inputs: {thing: timeout}}
    ///            ^^^
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// examples:
    ///   - {name: one, repository: acme/svc-orders, inputs: {thing: timeout}}
    ///   - {name: two, repository: acme/svc-billing, inputs: {thing: retry-limit}}
    /// ```
    name: "duplicate-example", family: Examples, level: Warning, hold: Free, check: Class(check)
}

fn check(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    let Some(examples) = cx.class.examples else { return };
    for (index, example) in examples.iter().enumerate() {
        let earlier = &examples[..index];
        let at = cx.at(&format!("examples[{index}].name"));
        let first = |place: usize| cx.at(&format!("examples[{place}].name")).value("first here");
        if let Some(place) = earlier.iter().position(|other| other.name == example.name) {
            sink.report(at.value(""), format!("two examples are named `{}`", example.name), |finding| {
                finding.with_label(first(place)).with_help("name each by what it shows")
            });
        } else if let Some(place) = earlier.iter().position(|other| {
            (&other.repository, &other.base_ref, &other.inputs)
                == (&example.repository, &example.base_ref, &example.inputs)
        }) {
            let message = format!("example `{}` is the same run as `{}`", example.name, earlier[place].name);
            sink.report(at.value(""), message, |finding| {
                finding
                    .with_label(first(place))
                    .with_help("give it other inputs or another repository, or leave it out")
            });
        }
    }
}
