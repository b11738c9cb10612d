//! JSON whose objects set each key once, with nothing behind it. serde would take the last of two values and say nothing.

use std::{collections::BTreeSet, fmt};

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};

use super::{RecordError, clean};

/// JSON, each key once, nothing behind.
pub(super) fn check(text: &str) -> Result<(), RecordError> {
    let mut twice = None;
    let mut json = serde_json::Deserializer::from_str(text);
    let seen = Keys { twice: &mut twice }.deserialize(&mut json);
    if let Some(key) = twice {
        return Err(RecordError::DuplicateKey(key));
    }
    seen.map_err(|error| RecordError::NotJson(clean(&error)))?;
    if json.end().is_ok() && text.ends_with('}') {
        return Ok(());
    }
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<serde::de::IgnoredAny>();
    let _first = values.next();
    Err(RecordError::Trailing { at: values.byte_offset() })
}

/// Walks any JSON value and stops at the first key that an object sets twice.
struct Keys<'a> {
    twice: &'a mut Option<String>,
}

impl<'de> DeserializeSeed<'de> for Keys<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Keys<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while list.next_element_seed(Keys { twice: &mut *self.twice })?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut seen = BTreeSet::new();
        while let Some(key) = map.next_key::<String>()? {
            map.next_value_seed(Keys { twice: &mut *self.twice })?;
            if !seen.insert(key.clone()) {
                self.twice.get_or_insert(key);
                return Err(A::Error::custom("a key twice"));
            }
        }
        Ok(())
    }
}
