//! What must hold of a report, whatever was linted.

use std::collections::BTreeMap;

use taskclass_lint::{Report, rules};
use taskclass_source::text::MAX_SAID;
use taskclass_source::{Finding, Fix, Level};

use super::inside;

/// The most findings of one rule in one file. The engine keeps fewer of each rule about one thing; a file can be several.
const MAX_OF_A_KIND: usize = 1000;

/// Every finding names a rule, lies in its text, and says something that can be read; they are in order, and bounded.
pub(crate) fn report(report: &Report) {
    let mut kinds: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for finding in &report.findings {
        one(finding);
        let count = kinds.entry((finding.primary.source.path(), &finding.rule)).or_default();
        *count += 1;
        assert!(*count <= MAX_OF_A_KIND, "more than {MAX_OF_A_KIND} of {}", finding.rule);
    }
    for pair in report.findings.windows(2) {
        if let [first, second] = pair {
            assert!(first.sort_key() < second.sort_key(), "out of order, or twice: {first:?}, {second:?}");
        }
    }
    let counts = report.counts();
    assert_eq!(counts.errors + counts.warnings + counts.notes, report.findings.len());
    assert!(report.affected.classes <= report.checked.classes && report.affected.policies <= report.checked.policies);
    assert_eq!(counts.errors > 0, report.findings.iter().any(|finding| finding.level == Level::Error));
}

fn one(finding: &Finding) {
    let rule = &finding.rule;
    assert!(rules::find(rule).is_some(), "{rule} is no rule");
    assert!(!finding.message.contains('\n'), "{rule}: a message of several lines: {:?}", finding.message);
    for text in std::iter::once(&finding.message).chain(&finding.help).chain(&finding.notes) {
        assert!(!text.is_empty(), "{rule}: says nothing");
        bounded(text, rule);
    }
    for label in std::iter::once(&finding.primary).chain(&finding.secondary) {
        inside(&label.source, label.span, rule);
        bounded(&label.text, rule);
    }
    assert!(finding.secondary.len() <= 1000, "{rule}: {} places", finding.secondary.len());
    if let Some(fix) = &finding.fix {
        fix_is_sound(fix, rule);
    }
}

fn bounded(text: &str, rule: &str) {
    assert!(text.chars().count() <= MAX_SAID + 1, "{rule}: says {} characters", text.chars().count());
}

/// The edits of a fix lie in their text, and no two meet.
fn fix_is_sound(fix: &Fix, rule: &str) {
    assert!(!fix.edits.is_empty() && !fix.title.is_empty() && !fix.title.contains('\n'), "{rule}: {fix:?}");
    bounded(&fix.title, rule);
    for edit in &fix.edits {
        inside(&edit.source, edit.span, rule);
        assert_ne!(edit.source.slice(edit.span), edit.replacement, "{rule}: an edit that changes nothing");
    }
    let mut spans: Vec<_> = fix.edits.iter().map(|edit| (edit.source.path(), edit.span)).collect();
    spans.sort();
    for pair in spans.windows(2) {
        if let [(file, first), (other, second)] = pair {
            assert!(file != other || first.end <= second.start && first != second, "{rule}: edits overlap: {fix:?}");
        }
    }
}
