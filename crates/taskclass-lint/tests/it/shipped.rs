//! The classes that ship lint without a word, for no rule is off there.

use std::path::Path;

use jiff::civil::date;
use taskclass_lint::render::{Human, human};
use taskclass_lint::{Linter, Scope};
use taskclass_source::WorkTree;

#[test]
fn the_shipped_registry_has_nothing_to_report() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let files = WorkTree::open(&root).unwrap();
    let report = Linter::new(date(2026, 11, 21)).lint(&files, &Scope::All).unwrap();
    let text = human(&report, Human::default());
    assert_eq!(text, "5 classes, 1 policy: nothing to report\n");
    assert_eq!(report.suppressed, 0);
}
