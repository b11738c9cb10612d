use serde_json::Value;
use taskclass_lint::render::{Format, findings_schema};
use taskclass_source::{Edit, Label, SourceFile, Span};
use unicode_width::UnicodeWidthStr;

use super::{one, registries};

/// Fails unless a position's byte, line and columns mean the same place of `text`.
fn agrees(text: &str, at: &Value) -> usize {
    let number = |name: &str| usize::try_from(at[name].as_u64().unwrap()).unwrap();
    let before = &text[..number("byte")];
    assert_eq!(number("line"), before.matches('\n').count() + 1);
    let line = before.rsplit('\n').next().unwrap();
    assert_eq!(number("byte_column"), line.len() + 1);
    assert_eq!(number("char_column"), line.chars().count() + 1);
    assert_eq!(number("utf16_column"), line.encode_utf16().count() + 1);
    assert_eq!(number("display_column"), if line.is_ascii() { line.len() } else { line.width() } + 1);
    number("byte")
}

fn holds(shown: &Value, source: &SourceFile, span: Span) {
    assert_eq!(shown["path"], source.path());
    let (start, end) = (agrees(source.text(), &shown["start"]), agrees(source.text(), &shown["end"]));
    assert_eq!(source.text()[start..end], *source.slice(span));
}

#[test]
fn every_place_is_the_same_in_bytes_and_in_every_kind_of_column() {
    let schema = findings_schema();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    for (_, report) in registries() {
        let document: Value = serde_json::from_str(&one(report, Format::Json)).unwrap();
        let errors: Vec<_> = validator.iter_errors(&document).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:?}");
        let shown = document["findings"].as_array().unwrap();
        assert_eq!(shown.len(), report.findings.len());
        for (shown, finding) in shown.iter().zip(&report.findings) {
            holds(&shown["primary"], &finding.primary.source, finding.primary.span);
            let all = |name: &str| shown[name].as_array().unwrap().clone();
            assert_eq!(all("related").len(), finding.secondary.len());
            for (shown, Label { source, span, .. }) in all("related").iter().zip(&finding.secondary) {
                holds(shown, source, *span);
            }
            let edits = finding.fix.as_ref().map(|fix| fix.edits.as_slice()).unwrap_or_default();
            let shown = shown["fix"]["edits"].as_array().cloned().unwrap_or_default();
            assert_eq!(shown.len(), edits.len());
            for (shown, Edit { source, span, replacement }) in shown.iter().zip(edits) {
                holds(shown, source, *span);
                assert_eq!(shown["replacement"], **replacement);
            }
        }
    }
}
