//! `taskclass schema`: a document's JSON Schema.

use serde_json::Value;
use taskclass_spec::SchemaKind;

use crate::{
    args::{Schema, SchemaName},
    exit::{Exit, Outcome},
    ui::Ui,
};

pub(crate) fn schema(args: &Schema, ui: &mut Ui) -> Outcome {
    ui.json(&json_of(args.name))?;
    Ok(Exit::Fine)
}

/// The schema that goes by a name on the command line.
pub(crate) fn json_of(name: SchemaName) -> Value {
    let kind = match name {
        SchemaName::TaskClass => SchemaKind::TaskClass,
        SchemaName::Policy => return with_rules(SchemaKind::Policy.json().clone()),
        SchemaName::Approval => SchemaKind::Approval,
        SchemaName::Revocation => SchemaKind::Revocation,
        SchemaName::Executor => SchemaKind::Executor,
        SchemaName::Models => SchemaKind::Models,
        SchemaName::Findings => return taskclass_lint::render::findings_schema(),
        SchemaName::Diff => return taskclass_diff::render::schema(),
        SchemaName::Verify => return super::verify::schema(),
        SchemaName::Doctor => return super::doctor::schema(),
        SchemaName::LintBaseline => return taskclass_lint::baseline::schema(),
        SchemaName::AuditVerify => return super::audit::verify_schema(),
        SchemaName::AuditCheckpoint => {
            return taskclass_spec::schema::generate::<taskclass_executor::audit::Checkpoint>("audit-checkpoint/v1");
        }
        SchemaName::AuditCheckpointWritten => return super::audit::checkpoint_written_schema(),
        SchemaName::StateCheck => return super::state::check_schema(),
        SchemaName::StatePrune => return super::state::prune_schema(),
        SchemaName::Drift => return super::audit::drift_schema(),
        SchemaName::AuditEvent => {
            return taskclass_spec::schema::generate::<taskclass_executor::event::Event>("audit-event/v1");
        }
    };
    kind.json().clone()
}

/// The policy's schema with the rules that there are: the spec knows no rule, but an editor should offer them.
fn with_rules(mut policy: Value) -> Value {
    if let Some(levels) = policy.pointer_mut("/$defs/Lint/properties/levels") {
        *levels = taskclass_lint::explain::levels_schema();
    }
    policy
}
