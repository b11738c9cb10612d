//! `multiple-documents`: a second document in one file.

use crate::common::faults;
use crate::rule::declare_rule;

declare_rule! {
    /// A second document in one file.
    ///
    /// ## What it does
    /// Reports the `---` (or `...`) that begins it; nothing behind it is read.
    ///
    /// ## Why it matters
    /// A tool that reads only the first would show a reviewer half of the file.
    ///
    /// ## Bad
    /// ```yaml
    /// callers: {allow: ["github:team/acme/platform"]}
    /// ---
    /// ^^^
    ///   note: a second document
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// callers: {allow: ["github:team/acme/platform"]}
    /// ```
    name: "multiple-documents", family: Syntax, level: Error, hold: Format, check: Document(faults)
}
