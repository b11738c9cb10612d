//! The review of a change, as `diff` and `approve` show it: which sides, which approvals, which requests.

mod between;
mod gate;
mod held;
mod refused;
mod since;
mod standings;

use jiff::Timestamp;
use taskclass_diff::Rendered;
use taskclass_spec::{model::TaskClass, written::Example};

use crate::{asked::Asked, exit::Failure, reviewed::Reviewed};

pub(crate) use between::{Given, between, sides};
pub(crate) use gate::Gate;
pub(crate) use held::HeldTo;
pub(crate) use since::{Since, since_approved};

/// What somebody who signs has to look at: the document at the reviewed commit, against what the protected branch approved
/// last of it, or against nothing.
///
/// # Errors
/// Where history cannot be read.
pub(crate) fn for_signing(reviewed: &Reviewed, name: &str, held: &HeldTo, now: Timestamp) -> Result<Since, Failure> {
    since::for_signing(&reviewed.files()?, name, held, now)
}

/// The request that an example's task would be started with, or why there is none.
fn example_request(class: &TaskClass, example: &Example) -> Result<Rendered, String> {
    let body = Asked::of_example(example).request(class).map_err(|failure| {
        let findings = failure.findings.into_iter().map(|finding| finding.message);
        std::iter::once(failure.message).chain(failure.reasons).chain(findings).collect::<Vec<_>>().join(": ")
    })?;
    let mut sent: serde_json::Value = serde_json::from_slice(&body.to_body()).map_err(|error| error.to_string())?;
    if let Some(fields) = sent.as_object_mut() {
        fields.remove("prompt");
    }
    Ok(Rendered { prompt: body.prompt, rest: format!("{sent:#}") })
}
