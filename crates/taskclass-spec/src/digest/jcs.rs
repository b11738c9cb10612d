//! The canonical form (RFC 8785) of what documents hold: text, whole numbers, lists, mappings. A property test holds it
//! against the library, whose buffer a mapping was the largest cost of reading a class that is known to be sound.

use serde_json::{Map, Value};

use super::DigestError;

/// The largest whole number that canonical JSON does not round: what lies beyond is refused, never written.
const MAX: u64 = (1 << 53) - 1;

/// Appends the canonical form of `value`.
pub(super) fn write(value: &Value, out: &mut Vec<u8>) -> Result<(), DigestError> {
    match value {
        Value::Null => out.extend_from_slice(b"null"),
        Value::Bool(true) => out.extend_from_slice(b"true"),
        Value::Bool(false) => out.extend_from_slice(b"false"),
        Value::Number(number) => {
            let magnitude = number.as_i64().map(i64::unsigned_abs).or_else(|| number.as_u64());
            match magnitude {
                Some(magnitude) if magnitude <= MAX => out.extend_from_slice(number.to_string().as_bytes()),
                _ => return Err(DigestError::Number(number.to_string())),
            }
        }
        Value::String(text) => string(text, out)?,
        Value::Array(items) => {
            out.push(b'[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(b',');
                }
                write(item, out)?;
            }
            out.push(b']');
        }
        Value::Object(map) => object(map, out)?,
    }
    Ok(())
}

fn object(map: &Map<String, Value>, out: &mut Vec<u8>) -> Result<(), DigestError> {
    let mut fields: Vec<(&String, &Value)> = map.iter().collect();
    // By UTF-16 units, which is not the order of bytes beyond the first 65,536 characters.
    fields.sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
    out.push(b'{');
    for (at, (key, value)) in fields.into_iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        string(key, out)?;
        out.push(b':');
        write(value, out)?;
    }
    out.push(b'}');
    Ok(())
}

/// JSON's own writer escapes as RFC 8785 asks: what must be, and in the shortest way.
fn string(text: &str, out: &mut Vec<u8>) -> Result<(), DigestError> {
    serde_json::to_writer(out, text).map_err(|error| DigestError::Canonical(error.to_string()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn values() -> impl Strategy<Value = Value> {
        // Every control character, quotes, both sides of the surrogates, and what lies beyond them.
        let text = "[\\x00-\\x7f\u{80}-\u{9f}é\u{2028}\u{d7ff}\u{e000}-\u{ffff}\u{10000}-\u{10fff}]{0,6}";
        let whole = -(1_i64 << 53) + 1..(1_i64 << 53);
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            whole.prop_map(Value::from),
            text.prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 60, 6, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::vec((text, inner), 0..6)
                    .prop_map(|fields| Value::Object(fields.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn it_is_what_the_library_writes(value in values()) {
            let mut ours = Vec::new();
            write(&value, &mut ours).unwrap();
            let theirs = serde_json_canonicalizer::to_vec(&value).unwrap();
            prop_assert_eq!(String::from_utf8(ours), String::from_utf8(theirs));
        }
    }

    #[test]
    fn a_number_that_would_be_rounded_is_refused() {
        for number in ["1.0", "9007199254740992", "-9007199254740992", "18446744073709551615", "1e3"] {
            let value: Value = serde_json::from_str(number).unwrap();
            assert!(matches!(write(&value, &mut Vec::new()), Err(DigestError::Number(_))), "{number}");
        }
    }
}
