//! `file-too-large`: the file is larger, deeper or fuller than any class needs to be.

use crate::common::faults;
use crate::rule::declare_rule;
use crate::trust;

declare_rule! {
    /// The file is larger, deeper or fuller than any class needs to be.
    ///
    /// ## What it does
    /// Reports a YAML file of more than 256 KiB, of more than 20,000 keys and values, or with lists and mappings more than
    /// 32 deep in each other.
    ///
    /// ## Why it matters
    /// Nobody reviews such a file, and a file made to exhaust who reads it must not get far.
    ///
    /// ## Bad
    /// ```yaml
    /// callers: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["deep"]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]
    ///                                         ^
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// callers: {allow: ["github:team/acme/platform"]}
    /// ```
    name: "file-too-large", family: Syntax, level: Error, hold: Format, check: Document(faults), Registry(trust::problems)
}
