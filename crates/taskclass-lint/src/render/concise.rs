//! One line a finding: `path:line:column: level[rule]: message`.

use taskclass_source::text::visible;

use crate::context::position;
use crate::report::Report;

/// The report with one line a finding, and the summary.
pub fn concise(report: &Report) -> String {
    let mut text = String::new();
    for finding in &report.findings {
        let at = position(&finding.primary.source, finding.primary.span);
        let line = format!("{at}: {}[{}]: {}", finding.level.name(), finding.rule, finding.message);
        text.push_str(&visible(&line));
        text.push('\n');
    }
    text.push_str(&report.summary());
    text.push('\n');
    text
}
