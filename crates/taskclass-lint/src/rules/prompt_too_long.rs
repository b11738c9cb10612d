//! `prompt-too-long`: a template that is longer than any prompt should be.

use crate::common::prompt_problems;
use crate::rule::declare_rule;

declare_rule! {
    /// A template that is longer than any prompt should be.
    ///
    /// ## What it does
    /// Reports templates and partials of more than 60,000 characters.
    ///
    /// ## Why it matters
    /// An agent loses the thread in a long prompt long before a machine does, and so does a reviewer.
    ///
    /// ## Bad
    /// ```text
    /// a template of 60,001 characters
    /// ```
    ///
    /// ## Good
    /// ```text
    /// a template of two pages
    /// ```
    name: "prompt-too-long", family: Prompt, level: Error, hold: Format, check: Class(prompt_problems)
}
