//! `invalid-inventory`: a line of the inventory that is no repository.

use std::sync::Arc;

use taskclass_source::text::quoted;
use taskclass_source::{Label, RegistryPath, SourceFile};
use taskclass_spec::inventory::InventoryError;

use crate::context::RegistryContext;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// A line of the inventory that is no repository.
    ///
    /// ## What it does
    /// Reports lines of `inventory.txt` that are not `owner/name`. As long as there is one, no rule uses the inventory.
    ///
    /// ## Why it matters
    /// An inventory that is read in part would make reach look smaller than it is.
    ///
    /// ## Bad
    /// ```yaml
    /// # file: inventory.txt
    /// acme/svc-orders
    /// svc-billing
    /// ^^^^^^^^^^^
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// # file: inventory.txt
    /// acme/svc-orders
    /// acme/svc-billing
    /// ```
    name: "invalid-inventory", family: Repositories, level: Error, hold: Free, check: Registry(check)
}

fn check(cx: &RegistryContext<'_>, sink: &mut Sink<'_>) {
    let Some(Err(errors)) = &cx.surroundings.inventory else { return };
    // One text for all lines: a broken inventory can have as many as it has bytes.
    let Some(source) = inventory_text(cx, errors) else { return };
    for error in errors {
        let message = format!("{} is not a repository as `owner/name`", quoted(&error.text));
        sink.report(Label::mark(&source, error.span), message, |finding| {
            finding.with_note("until this is corrected the inventory is not used")
        });
    }
}

/// The inventory's text, which a broken one does not bring along.
fn inventory_text(cx: &RegistryContext<'_>, errors: &[InventoryError]) -> Option<Arc<SourceFile>> {
    let path = &errors.first()?.path;
    let place = RegistryPath::new(path).ok()?;
    let bytes = cx.files.read(&place).ok()??;
    Some(SourceFile::new(path.as_str(), String::from_utf8_lossy(&bytes).into_owned()))
}
