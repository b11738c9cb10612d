//! `out-of-range`: a number, a length or a count beyond its bounds.

use crate::common::faults;
use crate::rule::declare_rule;

declare_rule! {
    /// A number, a length or a count beyond its bounds.
    ///
    /// ## What it does
    /// Reports numbers below or above what a field takes, texts and lists that are too short or too long, and whole numbers
    /// beyond 2^53 - 1.
    ///
    /// ## Why it matters
    /// The bounds are GitHub's, or those beyond which a safeguard is none. Larger integers are rounded by readers of JSON.
    ///
    /// ## Bad
    /// ```yaml
    /// version: 0
    ///          ^
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// version: 1
    /// ```
    name: "out-of-range", family: Shape, level: Error, hold: Format, check: Document(faults)
}
