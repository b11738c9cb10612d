//! An input's pattern, compiled: it matches whole values, in time linear in their length.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use regex::{Regex, RegexBuilder};

/// The most memory that one compiled pattern may take, in bytes.
const SIZE_LIMIT: usize = 1 << 20;
/// How many compiled patterns are kept.
const KEPT: usize = 512;

/// Compiling takes longer than all else that is done with an input, and a registry's classes share most of their patterns. Shared, for a
/// clone of a `Regex` begins with an empty cache.
static COMPILED: RwLock<Option<HashMap<String, Arc<Regex>>>> = RwLock::new(None);

/// `pattern` as a matcher of whole values.
///
/// # Errors
/// What is wrong with it, as the end of a sentence.
pub(super) fn compiled(pattern: &str) -> Result<Arc<Regex>, String> {
    let kept =
        COMPILED.read().unwrap_or_else(PoisonError::into_inner).as_ref().and_then(|map| map.get(pattern).cloned());
    if let Some(regex) = kept {
        return Ok(regex);
    }
    // By itself first: `a)|(?:b` is no pattern, though it would be one within the group below.
    build(pattern)?;
    let whole = Arc::new(build(&format!(r"\A(?:{pattern})\z"))?);
    let mut guard = COMPILED.write().unwrap_or_else(PoisonError::into_inner);
    let map = guard.get_or_insert_default();
    if map.len() < KEPT {
        map.insert(pattern.to_owned(), Arc::clone(&whole));
    }
    Ok(whole)
}

fn build(pattern: &str) -> Result<Regex, String> {
    RegexBuilder::new(pattern).size_limit(SIZE_LIMIT).build().map_err(|error| match error {
        // The message draws the pattern and a caret above its last line; that line says it all.
        regex::Error::Syntax(text) => {
            let reason = text.lines().last().unwrap_or_default();
            reason.strip_prefix("error: ").unwrap_or(reason).to_owned()
        }
        regex::Error::CompiledTooBig(_) => "it is too large once compiled; use smaller repetitions".to_owned(),
        other => other.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_values_match_and_nothing_else() {
        assert!(compiled("a|ab").unwrap().is_match("ab"));
        assert!(!compiled("a").unwrap().is_match("ba"));
        assert!(!compiled("^a$").unwrap().is_match("a\n"));
        assert!(!compiled("(?m)^a$").unwrap().is_match("b\na"));
        assert!(!compiled("a*").unwrap().is_match("a\n"));
    }

    #[test]
    fn what_cannot_be_matched_in_linear_time_or_little_memory_is_refused() {
        for (pattern, reason) in [
            ("(a", "unclosed group"),
            ("a)|(?:b", "unopened group"),
            ("(?=a)", "look-around"),
            (r"(a)\1", "backreferences are not supported"),
            (r"(\w{500}){500}", "too large"),
            ("(?x)a # a comment swallows the group's end", "unclosed group"),
        ] {
            let error = compiled(pattern).unwrap_err();
            assert!(error.contains(reason), "{pattern}: {error}");
        }
    }
}
