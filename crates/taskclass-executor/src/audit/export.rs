//! The log in the form of others: CloudEvents 1.0, one JSON object a line.

use serde_json::{Value, json};

use super::chain::SealError;
use super::verify::Entry;

/// An event as a CloudEvent in JSON, on one line. Its id is stable: whoever takes the same event twice sees that it is the same.
/// `data` is the event whole, so that its hash can still be checked.
///
/// # Errors
/// [`SealError`] if the line is no JSON.
pub fn cloud_event(journal: &str, line: &str, entry: &Entry) -> Result<String, SealError> {
    let data: Value = serde_json::from_str(line)?;
    let text = |name: &str| data.get(name).and_then(Value::as_str).map(str::to_owned);
    let kind = text("kind").unwrap_or_default();
    let mut event = json!({
        "specversion": "1.0",
        "id": format!("{journal}/{}", entry.seq),
        "source": format!("urn:taskclass:journal:{journal}"),
        "type": format!("taskclass.audit.v1.{kind}"),
        "datacontenttype": "application/json",
    });
    if let Value::Object(fields) = &mut event {
        fields.extend(text("occurred").map(|at| ("time".to_owned(), Value::String(at))));
        // What it is about, from the closest on: the task, else the run, else the class that was asked for.
        let subject = text("key").or_else(|| text("run")).or_else(|| text("class"));
        fields.extend(subject.map(|subject| ("subject".to_owned(), Value::String(subject))));
        fields.insert("data".to_owned(), data);
    }
    Ok(serde_json_canonicalizer::to_string(&event)?)
}
