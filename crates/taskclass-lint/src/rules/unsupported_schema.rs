//! `unsupported-schema`: the document does not name its format, or names one that this program does not know.

use crate::common::faults;
use crate::rule::declare_rule;

declare_rule! {
    /// The document does not name its format, or names one that this program does not know.
    ///
    /// ## What it does
    /// Reports a `schema` that is missing or is not the one for a file in this place. Nothing else is said of such a file.
    ///
    /// ## Why it matters
    /// A file of a later version may mean something else by the same words; reading it by guess would run what nobody wrote.
    ///
    /// ## Bad
    /// ```yaml
    /// schema: task-class/v2
    ///         ^^^^^^^^^^^^^
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// schema: task-class/v1
    /// ```
    name: "unsupported-schema", family: Shape, level: Error, hold: Format, check: Document(faults)
}
