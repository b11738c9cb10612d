//! `unreadable-file`: a file of the registry exists and cannot be read.

use taskclass_source::{Label, ReadError, SourceFile, Span};

use crate::context::RegistryContext;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// A file of the registry exists and cannot be read.
    ///
    /// ## What it does
    /// Reports files that the system refuses to hand out, symbolic links, and files beyond the size that is read at all; with
    /// `--base REV` also classes that cannot be had at that revision.
    ///
    /// ## Why it matters
    /// What was not read was not checked; a run that passed over it in silence would look like a clean one.
    ///
    /// ## Bad
    /// ```text
    /// task-classes/dependency-bump.yaml -> ../../elsewhere.yaml
    /// ```
    ///
    /// ## Good
    /// ```text
    /// task-classes/dependency-bump.yaml
    /// ```
    name: "unreadable-file", family: Syntax, level: Error, hold: Format, check: Registry(check)
}

fn check(cx: &RegistryContext<'_>, sink: &mut Sink<'_>) {
    for error in &cx.unreadable {
        report(error, error.to_string(), sink);
    }
    let base = cx.base.as_ref().map_or("", |base| base.name);
    for error in &cx.unreadable_at_base {
        report(error, format!("at {base}, {error}"), sink);
    }
}

fn report(error: &ReadError, message: String, sink: &mut Sink<'_>) {
    let nothing = SourceFile::new(error.path().as_str(), "");
    sink.report(Label::mark(&nothing, Span::at(0)), message, |finding| match error {
        ReadError::SymbolicLink { .. } => {
            finding.with_help("put the file itself there, so that it is what gets reviewed")
        }
        _ => finding,
    });
}
