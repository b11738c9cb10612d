//! The prompt of a new class as it is written, with the files that it draws in put where they are drawn in: what its examples are
//! held against.

use serde_json::Value;
use taskclass_spec::paths;

use crate::{Cause, Document};

/// How deep files that are drawn in are followed, and the largest text, in bytes.
const MAX_DEPTH: usize = 4;
const MAX_TEXT: usize = 1024 * 1024;

/// The text; `None` for what is not new.
pub(super) fn prompt(document: &Document) -> Option<String> {
    let prompt = document.content.as_ref()?.get("prompt")?;
    let mut text = String::new();
    let written = prompt.get("template").and_then(Value::as_str);
    let written = written.or_else(|| file(document, paths::CLASSES, prompt.get("file")?.as_str()?))?;
    expand(document, written, MAX_DEPTH, &mut text);
    Some(text)
}

/// What a file that the class draws in says.
fn file<'a>(document: &'a Document, folder: &str, name: &str) -> Option<&'a str> {
    let path = format!("{folder}/{name}");
    let found =
        document.changes.iter().find(|change| matches!(&change.cause, Cause::File(own) if own.as_str() == path));
    found?.after.as_ref()?.value.as_str()
}

fn expand(document: &Document, written: &str, depth: usize, text: &mut String) {
    for line in written.split_inclusive('\n') {
        match included(line).filter(|_| depth > 0).and_then(|name| file(document, paths::PROMPTS, name)) {
            Some(inner) => {
                expand(document, inner, depth - 1, text);
                if !text.ends_with('\n') {
                    text.push('\n');
                }
            }
            None => text.push_str(line),
        }
        if text.len() > MAX_TEXT {
            return;
        }
    }
}

/// The file that a line draws in, if it does no more than that.
fn included(line: &str) -> Option<&str> {
    let inner = line.trim().strip_prefix("{%")?.strip_suffix("%}")?.trim_matches(['-', '+', ' ']);
    inner.strip_prefix("include")?.trim().strip_prefix(['"', '\''])?.strip_suffix(['"', '\''])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_draws_in_a_file_is_known() {
        assert_eq!(included("  {% include \"partials/a.md\" %}\n"), Some("partials/a.md"));
        assert_eq!(included("{%- include 'a.md' -%}"), Some("a.md"));
        assert_eq!(included("see {% include \"a.md\" %}"), None);
        assert_eq!(included("{% if a %}"), None);
    }
}
