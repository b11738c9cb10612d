//! `unknown-field`: a field that its place does not have.

use serde_json::Value;
use taskclass_source::{Edit, Finding, Fix, Label};
use taskclass_spec::shape::{ShapeError, ShapeErrorKind};

use crate::common::{in_section, shape, with_fix};
use crate::context::Document;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// A field that its place does not have.
    ///
    /// ## What it does
    /// Reports fields that the format does not know, and names the one that was probably meant among the fields of that
    /// place only.
    ///
    /// ## Why it matters
    /// A field that is silently ignored is a safeguard that its writer believes in and nobody enforces.
    ///
    /// ## Bad
    /// ```yaml
    /// pull_request:
    ///   create: after_validation
    ///   automerge: false
    /// # ^^^^^^^^^
    ///   reviewers: ["@acme/platform"]
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// pull_request:
    ///   create: after_validation
    ///   reviewers: ["@acme/platform"]
    /// ```
    name: "unknown-field", family: Shape, level: Error, hold: Format, check: Document(check)
}

/// What people look for and do not find, and why.
const NOT_HERE: [(&str, &str); 6] = [
    ("automerge", "taskclass never merges; see docs: \"What the executor never does\""),
    ("auto_merge", "taskclass never merges; see docs: \"What the executor never does\""),
    ("merge", "taskclass never merges; see docs: \"What the executor never does\""),
    ("approve", "nothing is approved by a class; approvals are signed, see docs: \"Approving\""),
    ("retries", "a submission is never repeated blindly; see docs: \"What the executor never does\""),
    ("env", "an agent's environment is the repository's own setup; a class passes inputs only"),
];

fn check(document: &Document<'_>, sink: &mut Sink<'_>) {
    shape(document, sink, |error, finding| explained(document, error, finding));
}

fn explained(document: &Document<'_>, error: &ShapeError, finding: Finding) -> Finding {
    let ShapeErrorKind::UnknownField { name, known, suggestion } = &error.kind else { return finding };
    let mut finding = in_section(document, error, finding);
    let fix = suggestion.as_ref().and_then(|meant| renamed(document, error, meant));
    if let Some(meant) = suggestion {
        finding.primary.text = format!("did you mean `{meant}`?");
    }
    finding = with_fix(finding, fix);
    if !known.is_empty() {
        finding = finding.with_note(format!("fields here: {}", known.join(", ")));
    }
    if suggestion.is_none()
        && let Some(section) = home_of(document, name)
    {
        finding = finding.with_help(format!("`{name}` is a field of `{section}`"));
    }
    match NOT_HERE.iter().find(|(field, _)| field == name) {
        Some((_, why)) => finding.with_note(*why),
        None => finding,
    }
}

/// The one section of the document that has a field of this name.
fn home_of(document: &Document<'_>, name: &str) -> Option<&'static str> {
    let schema = document.kind.json();
    let resolve = |schema: &'static Value| match schema.get("$ref").and_then(Value::as_str) {
        Some(reference) => schema_root(reference, document),
        None => Some(schema),
    };
    let has = |(_, section): &(&'static String, &'static Value)| {
        resolve(section).and_then(|section| section.get("properties")?.get(name)).is_some()
    };
    let mut homes = schema.get("properties")?.as_object()?.iter().filter(has);
    let (home, _) = homes.next()?;
    homes.next().is_none().then_some(home.as_str())
}

fn schema_root(reference: &str, document: &Document<'_>) -> Option<&'static Value> {
    document.kind.json().pointer(reference.strip_prefix('#')?)
}

/// Renames the field, unless the other is there already.
fn renamed(document: &Document<'_>, error: &ShapeError, meant: &str) -> Option<Fix> {
    let parent = error.path.parent()?;
    let siblings = document.root?.at(&parent)?.value.as_map()?;
    let key = Label::mark(document.source, error.span);
    siblings
        .get(meant)
        .is_none()
        .then(|| Fix::safe(format!("write `{meant}`"), vec![Edit::new(&key.source, key.span, meant)]))
}
