//! What a task left behind: a pull request, a branch, or something this version does not know.

use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::ids::PullId;
use crate::text;

/// A result of a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Artifact {
    /// A pull request.
    Pull {
        /// Its **database id**, not its number.
        id: PullId,
        /// Its GraphQL node id.
        global_id: Option<String>,
    },
    /// A branch without a pull request.
    Branch {
        /// The branch with the work.
        head_ref: String,
        /// The branch it started from.
        base_ref: String,
    },
    /// Of another type, or without the data that its type must have.
    Other {
        /// The type as GitHub wrote it, bounded and printable; empty if there was none.
        kind: String,
    },
}

impl Artifact {
    /// Reads an artifact; never fails. `type: github_resource` carries the real type inside its data.
    fn of(value: &Value) -> Self {
        let data = value.get("data").unwrap_or(&Value::Null);
        let outer = value.get("type").and_then(Value::as_str).unwrap_or_default();
        let kind = match outer {
            "github_resource" => data.get("type").and_then(Value::as_str).unwrap_or(outer),
            _ => outer,
        };
        let text = |name: &str| data.get(name).and_then(Value::as_str).map(str::to_owned);
        let known = match kind {
            "pull" => data
                .get("id")
                .and_then(Value::as_i64)
                .map(|id| Self::Pull { id: PullId(id), global_id: text("global_id") }),
            "branch" => {
                text("head_ref").zip(text("base_ref")).map(|(head_ref, base_ref)| Self::Branch { head_ref, base_ref })
            }
            _ => None,
        };
        known.unwrap_or_else(|| Self::Other { kind: text::clean(kind, text::WORD) })
    }
}

impl<'de> Deserialize<'de> for Artifact {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::of(&Value::deserialize(deserializer)?))
    }
}

#[cfg(test)]
mod tests {
    use super::Artifact;
    use crate::ids::PullId;

    fn read(text: &str) -> Artifact {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn the_documented_types() {
        assert_eq!(
            read(r#"{"provider":"github","type":"pull","data":{"id":7,"global_id":"PR_x","new":1}}"#),
            Artifact::Pull { id: PullId(7), global_id: Some("PR_x".to_owned()) }
        );
        assert_eq!(
            read(r#"{"provider":"github","type":"branch","data":{"head_ref":"a","base_ref":"main"}}"#),
            Artifact::Branch { head_ref: "a".to_owned(), base_ref: "main".to_owned() }
        );
    }

    #[test]
    fn a_github_resource_is_what_its_data_says() {
        let expected = Artifact::Pull { id: PullId(7), global_id: None };
        assert_eq!(read(r#"{"type":"github_resource","data":{"type":"pull","id":7}}"#), expected);
    }

    #[test]
    fn anything_else_is_other() {
        for (text, kind) in [
            (r#"{"type":"video\u0007","data":{}}"#, "video"),
            (r#"{"type":"pull","data":{"id":"7"}}"#, "pull"),
            (r#"{"type":"branch","data":{"head_ref":"a"}}"#, "branch"),
            (r#"{"type":"github_resource"}"#, "github_resource"),
            ("{}", ""),
            ("3", ""),
        ] {
            assert_eq!(read(text), Artifact::Other { kind: kind.to_owned() }, "{text}");
        }
    }
}
