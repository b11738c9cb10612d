//! The deserializer over the tree.

use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, MapAccess, SeqAccess, VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;

use super::error::{DeErrorKind, Fault};
use crate::path::Path;
use crate::yaml::{Entry, Key, Map, Style, Value};
use crate::{Node, Span};

/// The way to a value, as a chain that lives on the stack while it is read: naming a place costs only when there is a
/// fault.
#[derive(Clone, Copy)]
enum Track<'t> {
    Root,
    Key(&'t Track<'t>, &'t Key),
    Index(&'t Track<'t>, usize),
}

impl Track<'_> {
    fn path(&self) -> Path {
        match self {
            Track::Root => Path::root(),
            Track::Key(parent, key) => parent.path().key(&*key.text),
            Track::Index(parent, index) => parent.path().index(*index),
        }
    }
}

/// Reads one value.
#[derive(Clone, Copy)]
pub(super) struct Reader<'de, 't> {
    node: &'de Node,
    track: Track<'t>,
}

impl<'de> Reader<'de, 'static> {
    pub(super) fn root(node: &'de Node) -> Self {
        Self { node, track: Track::Root }
    }
}

impl<'de> Reader<'de, '_> {
    /// What to label when the value as a whole lacks something.
    fn head(&self) -> Span {
        match (&self.track, &self.node.value) {
            (Track::Key(_, key), _) => key.span,
            (_, Value::Map(map)) if self.node.style == Style::Block => {
                map.iter().next().map_or(self.node.span, |entry| entry.key.span)
            }
            _ => self.node.span,
        }
    }

    fn placed<T>(&self, result: Result<T, Fault>) -> Result<T, Fault> {
        result.map_err(|fault| {
            let span = if fault.is_missing_field() { self.head() } else { self.node.span };
            fault.at(|| (self.track.path(), span))
        })
    }

    /// Reads with `seed`. A type that checks what it was made of (`try_from`) does so behind the reader's back, so its error
    /// gets its place here.
    pub(super) fn seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, Fault> {
        self.placed(seed.deserialize(self))
    }

    fn visit<V: Visitor<'de>>(&self, visitor: V) -> Result<V::Value, Fault> {
        match &self.node.value {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(*value),
            // As JSON readers do, so that a type sees the same from both.
            Value::Int(number) => match u64::try_from(*number) {
                Ok(number) => visitor.visit_u64(number),
                Err(_) => visitor.visit_i64(*number),
            },
            Value::Float(number) => visitor.visit_f64(*number),
            Value::Str(text) => visitor.visit_borrowed_str(text.as_str()),
            Value::Seq(items) => {
                let mut access = Items { items, next: 0, track: &self.track };
                let value = visitor.visit_seq(&mut access)?;
                access.end()?;
                Ok(value)
            }
            Value::Map(map) => self.visit_map(map, visitor),
        }
    }

    fn visit_map<V: Visitor<'de>>(&self, map: &'de Map, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_map(Fields { entries: map.iter(), current: None, track: &self.track })
    }
}

impl<'de> Deserializer<'de> for Reader<'de, '_> {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.placed(self.visit(visitor))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.placed(if self.node.is_null() { visitor.visit_none() } else { visitor.visit_some(self) })
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Fault> {
        self.placed(visitor.visit_newtype_struct(self))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        let result = match &self.node.value {
            Value::Str(text) => visitor.visit_enum(text.as_str().into_deserializer()),
            Value::Map(map) if map.len() == 1 => match map.entries() {
                [entry] => visitor.visit_enum(Variant { entry, track: &self.track }),
                _ => Err(not_a_variant(self.node, variants)),
            },
            _ => Err(not_a_variant(self.node, variants)),
        };
        self.placed(result)
    }

    /// A type with fields is written as a mapping. (Serde's own code would take a list of the fields' values too.)
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        if matches!(self.node.value, Value::Seq(_)) {
            return self.placed(Err(Fault::new(DeErrorKind::WrongType, "expected a mapping, found a list")));
        }
        self.deserialize_any(visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map identifier
    }
}

fn not_a_variant(node: &Node, variants: &[&str]) -> Fault {
    let names = variants.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    Fault::new(DeErrorKind::WrongType, format!("expected one of {names}, found {}", node.kind()))
}

/// The items of a list.
struct Items<'de, 't> {
    items: &'de [Node],
    next: usize,
    track: &'t Track<'t>,
}

impl Items<'_, '_> {
    /// A tuple or array leaves what it has no place for.
    fn end(&self) -> Result<(), Fault> {
        match self.items.get(self.next) {
            None => Ok(()),
            Some(extra) => {
                let message = format!("expected a list of {}, found {}", self.next, self.items.len());
                let fault = Fault::new(DeErrorKind::InvalidValue, message);
                Err(fault.at(|| (Track::Index(self.track, self.next).path(), extra.span)))
            }
        }
    }
}

impl<'de> SeqAccess<'de> for &mut Items<'de, '_> {
    type Error = Fault;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Fault> {
        let Some(node) = self.items.get(self.next) else { return Ok(None) };
        let track = Track::Index(self.track, self.next);
        self.next += 1;
        Reader { node, track }.seed(seed).map(Some)
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.items.len() - self.next)
    }
}

/// The entries of a mapping.
struct Fields<'de, 't> {
    entries: std::slice::Iter<'de, Entry>,
    current: Option<&'de Entry>,
    track: &'t Track<'t>,
}

impl<'de> MapAccess<'de> for Fields<'de, '_> {
    type Error = Fault;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Fault> {
        self.current = self.entries.next();
        let Some(entry) = self.current else { return Ok(None) };
        KeyReader { key: &entry.key, track: self.track }.seed(seed).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Fault> {
        let Some(entry) = self.current else { return Err(Fault::new(DeErrorKind::Other, "a value without a key")) };
        Reader { node: &entry.value, track: Track::Key(self.track, &entry.key) }.seed(seed)
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.entries.len())
    }
}

/// Reads a key: text, or what a text can be turned into (a number as key of a map).
#[derive(Clone, Copy)]
struct KeyReader<'de, 't> {
    key: &'de Key,
    track: &'t Track<'t>,
}

impl<'de> KeyReader<'de, '_> {
    fn placed<T>(&self, result: Result<T, Fault>) -> Result<T, Fault> {
        result.map_err(|fault| fault.at(|| (Track::Key(self.track, self.key).path(), self.key.span)))
    }

    fn seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, Fault> {
        self.placed(seed.deserialize(self))
    }

    fn text(&self) -> &'de str {
        self.key.text.as_str()
    }
}

macro_rules! number_from_key {
    ($($method:ident $visit:ident $type:ty;)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
            self.placed(match self.text().parse::<$type>() {
                Ok(number) => visitor.$visit(number),
                Err(_) => visitor.visit_borrowed_str(self.text()),
            })
        }
    )*};
}

impl<'de> Deserializer<'de> for KeyReader<'de, '_> {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.placed(visitor.visit_borrowed_str(self.text()))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        self.placed(visitor.visit_enum(self.text().into_deserializer()))
    }

    number_from_key! {
        deserialize_i8 visit_i8 i8;
        deserialize_i16 visit_i16 i16;
        deserialize_i32 visit_i32 i32;
        deserialize_i64 visit_i64 i64;
        deserialize_u8 visit_u8 u8;
        deserialize_u16 visit_u16 u16;
        deserialize_u32 visit_u32 u32;
        deserialize_u64 visit_u64 u64;
        deserialize_bool visit_bool bool;
    }

    forward_to_deserialize_any! {
        i128 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map struct identifier
        ignored_any
    }
}

/// `{variant: content}`.
struct Variant<'de, 't> {
    entry: &'de Entry,
    track: &'t Track<'t>,
}

impl<'de, 't> EnumAccess<'de> for Variant<'de, 't> {
    type Error = Fault;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Fault> {
        Ok((KeyReader { key: &self.entry.key, track: self.track }.seed(seed)?, self))
    }
}

impl<'de, 't> Variant<'de, 't> {
    fn content(&self) -> Reader<'de, '_> {
        Reader { node: &self.entry.value, track: Track::Key(self.track, &self.entry.key) }
    }
}

impl<'de> VariantAccess<'de> for Variant<'de, '_> {
    type Error = Fault;

    fn unit_variant(self) -> Result<(), Fault> {
        let content = self.content();
        let message = format!("{} takes no value", crate::text::quoted(&self.entry.key.text));
        content.placed(Err(Fault::new(DeErrorKind::WrongType, message)))
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Fault> {
        self.content().seed(seed)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Fault> {
        self.content().deserialize_any(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(self, fields: &'static [&'static str], visitor: V) -> Result<V::Value, Fault> {
        self.content().deserialize_struct("", fields, visitor)
    }
}
