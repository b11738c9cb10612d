//! `not-utf8`: the file is not UTF-8, or begins with a byte-order mark.

use crate::common::{faults, prompt_file_problems};
use crate::rule::declare_rule;
use crate::trust;

declare_rule! {
    /// The file is not UTF-8, or begins with a byte-order mark.
    ///
    /// ## What it does
    /// Reports the first byte that begins no character.
    ///
    /// ## Why it matters
    /// The digest covers text. Bytes that every program guesses at differently are no text.
    ///
    /// ## Bad
    /// ```yaml
    /// # encoding: latin-1
    /// title: Ändere eine Sache
    ///        ^
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// title: Ändere eine Sache
    /// ```
    name: "not-utf8", family: Syntax, level: Error, hold: Format, check: Document(faults), Class(prompt_file_problems), Registry(trust::problems)
}
