//! What the linter passes, the executor can run.

use taskclass_lint::Report;
use taskclass_source::{InMemory, Level};
use taskclass_spec::model::TaskClass;
use taskclass_spec::registry::Registry;
use taskclass_spec::shape;

/// A class that cannot be built has an error in the report; a typed value is one that its schema accepts.
pub(crate) fn runnable(report: &Report, files: &InMemory) {
    let Ok(registry) = Registry::load(files) else { return };
    let Some(policy) = registry.surroundings.written_policy() else { return };
    for class in &registry.classes {
        if let (Some(_), Some(root)) = (&class.written, &class.root) {
            let departures = shape::check(class.kind, root);
            assert!(departures.is_empty(), "the type takes what the schema refuses: {departures:?}");
        }
        let errors = || report.findings.iter().any(|finding| finding.level == Level::Error);
        if let Err(why) = TaskClass::build(class, &policy, files) {
            assert!(errors(), "{} passes and cannot be run: {why:?}", class.path);
        }
    }
}
