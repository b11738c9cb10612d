//! `name-mismatch`: the class has another name than its file.

use taskclass_source::Fix;

use crate::common::{replace_scalar, with_fix};
use crate::context::ClassContext;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// The class has another name than its file.
    ///
    /// ## What it does
    /// Compares `name` with the file's name without `.yaml`.
    ///
    /// ## Why it matters
    /// Approvals and runs go by the name. Two names for one class would let one be approved and the other be run.
    ///
    /// ## Bad
    /// ```yaml
    /// name: exampel
    ///       ^^^^^^^
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// name: example
    /// ```
    name: "name-mismatch", family: Identity, level: Error, hold: Format, check: Class(check)
}

fn check(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    let Some(name) = cx.class.name.filter(|name| name.as_str() != cx.stem) else { return };
    // A copy that still bears the other's name is `duplicate-name`.
    if cx.shared.classes.path(name).is_some() {
        return;
    }
    let at = cx.at("name");
    let fix = replace_scalar(&at, cx.stem).map(|edit| Fix::unsafe_(format!("write `{}`", cx.stem), vec![edit]));
    sink.report(at.value(""), format!("the class is named `{name}`, its file `{}`", cx.stem), |finding| {
        with_fix(finding.with_help(format!("rename the file to `{name}.yaml`, or the class")), fix)
    });
}
