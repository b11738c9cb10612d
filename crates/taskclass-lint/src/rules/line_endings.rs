//! `line-endings`: lines that end with a carriage return.

use crate::common::{faults, prompt_file_problems};
use crate::rule::declare_rule;
use crate::trust;

declare_rule! {
    /// Lines that end with a carriage return.
    ///
    /// ## What it does
    /// Reports the first carriage return of a file; the fix takes out all.
    ///
    /// ## Why it matters
    /// The digest covers the text as it is. An editor or a checkout that changes line endings would void an approval, and
    /// nobody would see why.
    ///
    /// ## Bad
    /// ```yaml
    /// # encoding: crlf
    /// title: Change one thing
    ///
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// title: Change one thing
    /// ```
    name: "line-endings", family: Syntax, level: Error, hold: Format, check: Document(faults), Class(prompt_file_problems), Registry(trust::problems)
}
