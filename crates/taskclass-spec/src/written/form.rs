//! Bounds on fields, declared once for reading and for the schema.
//!
//! `#[serde(with = "Items::<Owner, 1, 20>")]` on a `Vec<Owner>` makes serde refuse what the schema that schemars writes for
//! the same attribute refuses. So a document that reads has the shape that its schema asks for, and the schema itself is
//! compiled only for a document that does not read, to say all that is wrong with it.

mod tag;

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeOwned, DeserializeSeed, Error as _, MapAccess, SeqAccess, Visitor};
use serde::{Deserializer, Serialize, Serializer};

/// No bound.
pub(super) const ANY: usize = usize::MAX;

/// How a field is read, written and described. Any type is its own form; the types below are forms of others.
pub(crate) trait Form {
    type Value;

    fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self::Value, D::Error>;

    fn serialize<S: Serializer>(value: &Self::Value, serializer: S) -> Result<S::Ok, S::Error>;
}

impl<T: DeserializeOwned + Serialize> Form for T {
    type Value = T;

    fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
        T::deserialize(deserializer)
    }

    fn serialize<S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
        value.serialize(serializer)
    }
}

/// Describes a form: inline, as its schema differs from that of the type it is a form of.
macro_rules! described {
    ([$($generics:tt)*] $name:ty, |$generator:pat_param| $schema:expr) => {
        impl<$($generics)*> JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema($generator: &mut SchemaGenerator) -> Schema {
                $schema
            }
        }
    };
}

/// Describes a form whose schema is that of its type.
macro_rules! described_as_itself {
    ($name:ident) => {
        impl<T: JsonSchema> JsonSchema for $name<T> {
            fn inline_schema() -> bool {
                T::inline_schema()
            }

            fn schema_name() -> std::borrow::Cow<'static, str> {
                T::schema_name()
            }

            fn schema_id() -> std::borrow::Cow<'static, str> {
                T::schema_id()
            }

            fn json_schema(generator: &mut SchemaGenerator) -> Schema {
                T::json_schema(generator)
            }
        }
    };
}

/// A `u32` from `MIN` to `MAX`.
pub(crate) struct Number<const MIN: u32, const MAX: u32>;

impl<const MIN: u32, const MAX: u32> Form for Number<MIN, MAX> {
    type Value = u32;

    fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
        let number = <u32 as serde::Deserialize>::deserialize(deserializer)?;
        if (MIN..=MAX).contains(&number) {
            return Ok(number);
        }
        Err(D::Error::custom(format_args!("expected a whole number from {MIN} to {MAX}, found {number}")))
    }

    fn serialize<S: Serializer>(value: &u32, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u32(*value)
    }
}

described!([const MIN: u32, const MAX: u32] Number<MIN, MAX>, |_| json_schema!({
    "type": "integer", "format": "uint32", "minimum": MIN, "maximum": MAX
}));

/// A text of `MIN` to `MAX` characters.
pub(crate) struct Text<const MIN: usize, const MAX: usize>;

impl<const MIN: usize, const MAX: usize> Text<MIN, MAX> {
    /// Holds `text` to the bounds.
    ///
    /// # Errors
    /// What was expected.
    pub(crate) fn check(text: &str) -> Result<(), String> {
        // A character has at most four bytes, so most texts need no counting.
        if text.len() >= 4 * MIN && text.len() <= MAX || (MIN..=MAX).contains(&text.chars().count()) {
            return Ok(());
        }
        Err(format!("expected text of {MIN} to {MAX} characters"))
    }
}

impl<const MIN: usize, const MAX: usize> Form for Text<MIN, MAX> {
    type Value = String;

    fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
        let text = <String as serde::Deserialize>::deserialize(deserializer)?;
        Self::check(&text).map_err(D::Error::custom)?;
        Ok(text)
    }

    fn serialize<S: Serializer>(value: &String, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(value)
    }
}

described!([const MIN: usize, const MAX: usize] Text<MIN, MAX>, |_| {
    let mut schema = json_schema!({ "type": "string" });
    bound(&mut schema, ["minLength", "maxLength"], MIN, MAX);
    schema
});

/// A list of `MIN` to `MAX` values of the form `F`.
pub(super) struct Items<F, const MIN: usize, const MAX: usize>(PhantomData<F>);

impl<F: Form, const MIN: usize, const MAX: usize> Form for Items<F, MIN, MAX>
where
    F::Value: Serialize,
{
    type Value = Vec<F::Value>;

    fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self::Value, D::Error> {
        struct Reader<F>(PhantomData<F>);
        impl<'de, F: Form> Visitor<'de> for Reader<F> {
            type Value = Vec<F::Value>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
                let mut values = Vec::with_capacity(items.size_hint().unwrap_or_default().min(64));
                while let Some(value) = items.next_element_seed(One::<F>(PhantomData))? {
                    values.push(value);
                }
                Ok(values)
            }
        }
        let values = deserializer.deserialize_seq(Reader::<F>(PhantomData))?;
        if (MIN..=MAX).contains(&values.len()) {
            return Ok(values);
        }
        Err(D::Error::custom(format_args!("expected a list of {MIN} to {MAX} entries, found {}", values.len())))
    }

    fn serialize<S: Serializer>(value: &Self::Value, serializer: S) -> Result<S::Ok, S::Error> {
        value.serialize(serializer)
    }
}

described!([F: JsonSchema, const MIN: usize, const MAX: usize] Items<F, MIN, MAX>, |generator| {
    let mut schema = Vec::<F>::json_schema(generator);
    bound(&mut schema, ["minItems", "maxItems"], MIN, MAX);
    schema
});

/// Reads one value of the form.
struct One<F>(PhantomData<F>);

impl<'de, F: Form> DeserializeSeed<'de> for One<F> {
    type Value = F::Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<F::Value, D::Error> {
        F::deserialize(deserializer)
    }
}

/// A `T` that is written as a mapping and told by its `type`. (Serde's own code would take a list too, and for the type the
/// number of an alternative.)
pub(super) struct Tagged<T>(PhantomData<T>);

impl<T: DeserializeOwned + Serialize> Form for Tagged<T> {
    type Value = T;

    fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
        struct Reader<T>(PhantomData<T>);
        impl<'de, T: DeserializeOwned> Visitor<'de> for Reader<T> {
            type Value = T;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a mapping")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
                T::deserialize(MapAccessDeserializer::new(tag::Told(map)))
            }
        }
        deserializer.deserialize_map(Reader::<T>(PhantomData))
    }

    fn serialize<S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
        value.serialize(serializer)
    }
}

described_as_itself!(Tagged);

/// A mapping of at most `MAX` entries.
pub(super) struct Entries<K, V, const MAX: usize>(PhantomData<(K, V)>);

impl<K, V, const MAX: usize> Form for Entries<K, V, MAX>
where
    K: DeserializeOwned + Serialize + Ord,
    V: Form,
    V::Value: Serialize,
{
    type Value = BTreeMap<K, V::Value>;

    fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self::Value, D::Error> {
        struct Reader<K, V>(PhantomData<(K, V)>);
        impl<'de, K: DeserializeOwned + Ord, V: Form> Visitor<'de> for Reader<K, V> {
            type Value = BTreeMap<K, V::Value>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a mapping")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
                let mut values = BTreeMap::new();
                while let Some(key) = entries.next_key::<K>()? {
                    values.insert(key, entries.next_value_seed(One::<V>(PhantomData))?);
                }
                Ok(values)
            }
        }
        let entries = deserializer.deserialize_map(Reader::<K, V>(PhantomData))?;
        if entries.len() <= MAX {
            return Ok(entries);
        }
        Err(D::Error::custom(format_args!("expected at most {MAX} entries, found {}", entries.len())))
    }

    fn serialize<S: Serializer>(value: &Self::Value, serializer: S) -> Result<S::Ok, S::Error> {
        value.serialize(serializer)
    }
}

described!([K: JsonSchema, V: JsonSchema, const MAX: usize] Entries<K, V, MAX>, |generator| {
    let mut schema = BTreeMap::<K, V>::json_schema(generator);
    schema.insert("maxProperties".to_owned(), MAX.into());
    schema
});

/// What may be left out, and is not null where it is there: nothing is written by writing nothing.
pub(super) struct Maybe<F>(PhantomData<F>);

impl<F: Form> Form for Maybe<F> {
    type Value = Option<F::Value>;

    fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self::Value, D::Error> {
        F::deserialize(deserializer).map(Some)
    }

    fn serialize<S: Serializer>(value: &Self::Value, serializer: S) -> Result<S::Ok, S::Error> {
        match value {
            Some(value) => F::serialize(value, serializer),
            None => serializer.serialize_none(),
        }
    }
}

described!([F: JsonSchema] Maybe<F>, |generator| Option::<F>::json_schema(generator));

/// A mapping that gives exactly one of some fields, each of which may be left out.
pub(super) trait Alternatives {
    /// Their names.
    const NAMES: [&'static str; 2];

    /// How many of them are given.
    fn given(&self) -> usize;
}

/// A `T` that gives exactly one of its alternatives.
pub(super) struct Exactly<T>(PhantomData<T>);

impl<T: Alternatives + DeserializeOwned + Serialize> Form for Exactly<T> {
    type Value = T;

    fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
        let value = T::deserialize(deserializer)?;
        match value.given() {
            1 => Ok(value),
            _ => Err(D::Error::custom(format_args!("expected exactly one of `{}`", T::NAMES.join("`, `")))),
        }
    }

    fn serialize<S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
        value.serialize(serializer)
    }
}

/// A transformation of the schema of `T`: exactly one of its alternatives is asked for.
pub(super) fn exactly_one<T: Alternatives>(schema: &mut Schema) {
    let branches: Vec<_> = T::NAMES.iter().map(|name| serde_json::json!({ "required": [name] })).collect();
    schema.insert("oneOf".to_owned(), branches.into());
}

described_as_itself!(Exactly);

/// Declares a form of `String`: what the schema says of it, and the same as code. A test holds the two together.
macro_rules! text_form {
    ($(#[$doc:meta])* $name:ident, $expected:literal, { $($schema:tt)+ }, |$text:ident| $check:expr) => {
        $(#[$doc])*
        pub(crate) struct $name;

        impl $name {
            /// Holds `text` to the form.
            ///
            /// # Errors
            /// What was expected.
            pub(crate) fn check($text: &str) -> Result<(), &'static str> {
                if $check { Ok(()) } else { Err(concat!("expected ", $expected)) }
            }
        }

        impl super::form::Form for $name {
            type Value = String;

            fn deserialize<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
                let text = <String as serde::Deserialize>::deserialize(deserializer)?;
                Self::check(&text).map_err(serde::de::Error::custom)?;
                Ok(text)
            }

            fn serialize<S: serde::Serializer>(value: &String, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(value)
            }
        }

        super::several_types::several_types!($name, { "type": "string", $($schema)+ });
    };
}
pub(super) use text_form;

fn bound(schema: &mut Schema, names: [&str; 2], min: usize, max: usize) {
    if min > 0 {
        schema.insert(names[0].to_owned(), min.into());
    }
    if max < ANY {
        schema.insert(names[1].to_owned(), max.into());
    }
}
