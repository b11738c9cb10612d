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
        SchemaName::Policy => SchemaKind::Policy,
        SchemaName::Approval => SchemaKind::Approval,
        SchemaName::Revocation => SchemaKind::Revocation,
        SchemaName::Executor => SchemaKind::Executor,
        SchemaName::Models => SchemaKind::Models,
        SchemaName::Findings => return taskclass_lint::render::findings_schema(),
        SchemaName::AuditEvent => {
            return taskclass_spec::schema::generate::<taskclass_executor::event::Event>("audit-event/v1");
        }
    };
    kind.json().clone()
}
