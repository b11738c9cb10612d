//! GitHub's objects, complete: each is built in one place, from what the world holds.

mod checks;
mod commit;
mod issue;
mod pull;
mod repo;
mod run;
mod task;
mod user;

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::world::{UserIndex, World};

/// The world as one request sees it.
pub(crate) struct View<'a> {
    pub(crate) world: &'a World,
    /// Where the API is, without a slash at its end.
    pub(crate) api: &'a str,
    pub(crate) now: Timestamp,
    /// Whose permissions are shown.
    pub(crate) viewer: UserIndex,
}

/// Where people look at things.
pub(crate) const WEB: &str = "https://github.com";

/// An object that is put together field by field.
pub(crate) struct Object(Map<String, Value>);

impl Object {
    pub(crate) fn new() -> Self {
        Self(Map::new())
    }

    pub(crate) fn put(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.insert(name.to_owned(), value.into());
        self
    }

    /// Fields whose values are a base and a rest: most of GitHub's links.
    pub(crate) fn links(mut self, base: &str, rests: &[(&str, &str)]) -> Self {
        for (name, rest) in rests {
            self.0.insert((*name).to_owned(), format!("{base}{rest}").into());
        }
        self
    }

    /// The same value for many fields.
    pub(crate) fn all(mut self, names: &[&str], value: &Value) -> Self {
        for name in names {
            self.0.insert((*name).to_owned(), value.clone());
        }
        self
    }

    pub(crate) fn done(self) -> Value {
        Value::Object(self.0)
    }
}

/// A GraphQL node id that nobody should take apart.
pub(crate) fn node_id(kind: &str, id: u64) -> String {
    format!("{kind}_kwDO{id:010X}")
}

/// Base64 as the API gives file contents: lines of 60.
pub(crate) fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for (index, chunk) in bytes.chunks(3).enumerate() {
        let word = chunk.iter().fold(0_u32, |word, byte| (word << 8) | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for digit in 0..4 {
            let value = (word >> (18 - 6 * digit)) & 63;
            out.push(if digit <= chunk.len() { char::from(DIGITS[value as usize]) } else { '=' });
        }
        if index % 15 == 14 {
            out.push('\n');
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::base64;

    #[test]
    fn base64_pads_and_breaks_lines() {
        for (text, expected) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg==")] {
            assert_eq!(base64(text.as_bytes()), expected);
        }
        assert_eq!(base64(&[0; 48]).find('\n'), Some(60));
    }
}
