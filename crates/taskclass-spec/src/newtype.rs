//! One way to make a string newtype: checked on construction, on deserialization, and in the JSON Schema.

use taskclass_source::text::quoted;

/// A text is not of the form that its type asks for. `expected` completes "expected …".
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected {expected}, found {}", quoted(.found))]
pub struct Malformed {
    /// What the type accepts, in words.
    pub expected: &'static str,
    /// The text as given.
    pub found: String,
}

/// Declares a newtype over `String` that exists only when `$check` accepts the text.
///
/// `$pattern` is the same rule as a regular expression for the JSON Schema; a test in `tests/it` holds the two
/// together on generated texts.
macro_rules! string_newtype {
    ($(#[$doc:meta])* $name:ident, expected $expected:literal, pattern $pattern:literal, examples [$($example:literal),+], check $check:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The JSON Schema pattern of the type.
            pub const PATTERN: &'static str = $pattern;

            /// What the type accepts, in words.
            pub const EXPECTED: &'static str = $expected;

            /// The text itself.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::Malformed;
            fn from_str(text: &str) -> Result<Self, $crate::Malformed> {
                let check: fn(&str) -> bool = $check;
                if check(text) {
                    Ok(Self(text.to_owned()))
                } else {
                    Err($crate::Malformed { expected: $expected, found: text.to_owned() })
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        $crate::newtype::string_serde!($name, $expected, $pattern, [$($example),+]);
    };
}

/// `Deserialize` through `FromStr`, and the JSON Schema, for a type that is written as a string.
macro_rules! string_serde {
    ($name:ident, $expected:literal, $pattern:literal, [$($example:literal),+]) => {
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Text;
                impl serde::de::Visitor<'_> for Text {
                    type Value = $name;
                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str($expected)
                    }
                    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<$name, E> {
                        text.parse().map_err(E::custom)
                    }
                }
                deserializer.deserialize_str(Text)
            }
        }

        impl schemars::JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "pattern": $pattern, "examples": [$($example),+], "x-expected": $expected })
            }
        }
    };
}

pub(crate) use {string_newtype, string_serde};

/// Whether `text` is 1 to `max` characters long, all of them accepted by `each`, the first by `first`.
pub(crate) fn word(text: &str, max: usize, first: fn(char) -> bool, each: fn(char) -> bool) -> bool {
    let mut chars = text.chars();
    text.chars().count() <= max && chars.next().is_some_and(first) && chars.all(each)
}
