//! `duplicate-name`: two classes of one name.

use taskclass_spec::Loaded;
use taskclass_spec::written::TaskClass;

use crate::context::{ClassContext, Document};
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// Two classes of one name.
    ///
    /// ## What it does
    /// Reports a class that bears the name of another class's file, as a copy does whose name was not changed.
    ///
    /// ## Why it matters
    /// `taskclass run NAME` must mean one class.
    ///
    /// ## Bad
    /// ```yaml
    /// # file: task-classes/copy.yaml
    /// name: example
    ///       ^^^^^^^
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// # file: task-classes/copy.yaml
    /// name: copy
    /// ```
    name: "duplicate-name", family: Identity, level: Error, hold: Format, check: Class(check)
}

fn check(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    let Some(name) = cx.class.name.filter(|name| name.as_str() != cx.stem) else { return };
    let Some(other) = cx.shared.classes.path(name) else { return };
    let other = Loaded::<TaskClass>::read(cx.shared.files, other).ok().flatten();
    let there = other.map(|other| Document::of(&other).at("name").value("this one has it already"));
    sink.report(cx.at("name").value(""), format!("another class is named `{name}`"), |finding| {
        let finding = finding.with_help(format!("name this one `{}`, as its file", cx.stem));
        match there {
            Some(there) => finding.with_label(there),
            None => finding,
        }
    });
}
