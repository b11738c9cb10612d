//! `approval-of-nothing`: approvals that are filed under a name that no class has.

use std::collections::BTreeSet;

use taskclass_source::Label;
use taskclass_spec::record::{Filed, POLICY_NAME};
use taskclass_spec::registry::paths;
use taskclass_spec::suggest::closest;
use taskclass_spec::written::ApprovalRecord;

use crate::context::RegistryContext;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// Approvals that are filed under a name that no class has.
    ///
    /// ## What it does
    /// Looks for the class of each folder below `approvals/`, and for records beside the folders.
    ///
    /// ## Why it matters
    /// The class was renamed, and its approval did not come along; or it is gone, and would be approved again the moment that
    /// somebody brought it back.
    ///
    /// ## Bad
    /// ```yaml
    /// # file: approvals/exampel/0123456789ab.alice@acme.com.json
    /// {"name": "exampel", "digest": "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"}
    ///          ^^^^^^^^^
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// # file: approvals/example/<digest>.alice@acme.com.json
    /// {"name": "example"}
    /// ```
    name: "approval-of-nothing", family: Trust, level: Warning, hold: Free, check: Registry(check)
}

fn check(cx: &RegistryContext<'_>, sink: &mut Sink<'_>) {
    let mut told = BTreeSet::new();
    for record in cx.approvals.all().iter().filter(|record| record.has_record) {
        let path = record.path.as_str();
        let below = path.strip_prefix(paths::APPROVALS).and_then(|rest| rest.strip_prefix('/')).unwrap_or(path);
        let folder = below.split_once('/').map(|(folder, _)| folder);
        let has_class = |name: &str| name.parse().is_ok_and(|name| cx.classes.path(&name).is_some());
        let known = |name: &str| name == POLICY_NAME || has_class(name);
        if folder.is_some_and(|folder| known(folder) || !told.insert(folder.to_owned())) {
            continue;
        }
        let text = cx.files.read(&record.path).ok().flatten().unwrap_or_default();
        let filed = Filed::<ApprovalRecord>::of(record.clone(), text);
        let label = |text: String| Label::new(&filed.source, filed.place("name"), text);
        let Some(folder) = folder else {
            sink.report(label(String::new()), format!("`{path}` is never read"), |finding| {
                finding.with_help("records lie in the folder of what they approve: `approvals/NAME/`")
            });
            continue;
        };
        let meant = closest(folder, cx.classes.names());
        let text = meant.map(|meant| format!("did you mean `{meant}`?")).unwrap_or_default();
        sink.report(label(text), format!("there is no class `{folder}`, and approvals are filed under that name"), |finding| {
            finding.with_help(format!(
                "delete `approvals/{folder}/`, or bring `task-classes/{folder}.yaml` back; a class that was renamed is approved anew"
            ))
        });
    }
}
