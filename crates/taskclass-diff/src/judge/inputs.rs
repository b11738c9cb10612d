//! Inputs: which there are, of which type, and what fits.

use taskclass_source::{Node, Path, text::quoted};

use super::fields::Fields;
use super::{Judge, Pair, said};
use crate::Effect;

/// All inputs.
pub(super) fn inputs<'a>(judge: &mut Judge<'a>, path: &Path, pair: Pair<'a>, fields: Fields) {
    for key in pair.keys() {
        let (path, pair) = (path.key(key), pair.get(key));
        match pair {
            _ if pair.is_same() => {}
            Pair(None, is) => {
                let what = format!("callers may give {} as the input {}", kind(is), quoted(key));
                judge.put(&path, Effect::Widens, what, pair);
            }
            Pair(was, None) => {
                let what = format!("callers may no longer give {} as the input {}", kind(was), quoted(key));
                judge.put(&path, Effect::Narrows, what, pair);
            }
            _ => typed(judge, &path, pair, fields),
        }
    }
}

/// A type with its bounds.
pub(super) fn typed<'a>(judge: &mut Judge<'a>, path: &Path, pair: Pair<'a>, fields: Fields) {
    let of = pair.get("type");
    if of.is_same() {
        return judge.section(fields, path, pair);
    }
    let (was, is) = (kind(pair.0), kind(pair.1));
    judge.put(path, Effect::MayWiden, format!("a value is {is}; before, it was {was}"), pair);
}

/// What a value is, in a reader's words.
fn kind(input: Option<&Node>) -> &'static str {
    match input.and_then(|input| input.get("type")).and_then(Node::as_str) {
        Some("string") => "text",
        Some("integer") => "a whole number",
        Some("boolean") => "`true` or `false`",
        Some("choice") => "one of its choices",
        Some("list") => "a list",
        _ => "a value of another type",
    }
}

/// The value that is used when a caller gives none.
pub(super) fn default<'a>(judge: &mut Judge<'a>, path: &Path, pair: Pair<'a>, _: Fields) {
    let (effect, what) = match pair {
        Pair(None, is) => (Effect::Widens, format!("callers need no longer give it: left out, it is {}", said(is))),
        Pair(was, None) => (Effect::Narrows, format!("callers must give it: left out, it was {}", said(was))),
        Pair(was, is) => (Effect::Rewrites, format!("left out, it is {} instead of {}", said(is), said(was))),
    };
    judge.put(path, effect, what, pair);
}
