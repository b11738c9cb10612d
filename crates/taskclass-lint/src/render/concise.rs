//! One line a finding: `path:line:column: level[rule]: message`.

use taskclass_source::text::{visible, without_commands};

use super::part::Part;

/// The parts with one line a finding, and a summary of each.
pub(super) fn concise(parts: &[Part]) -> String {
    let mut text = String::new();
    for part in parts {
        for (finding, _) in part.findings() {
            let at = part.position(&finding.primary);
            let line = format!("{at}: {}[{}]: {}", finding.level.name(), finding.rule, finding.message);
            text.push_str(&without_commands(&visible(&line)));
            text.push('\n');
        }
        text.push_str(&part.closing());
    }
    text
}
