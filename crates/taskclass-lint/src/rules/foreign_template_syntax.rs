//! `foreign-template-syntax`: text that another template language would fill in, and this one leaves as it is.

use std::ops::Range;

use taskclass_source::{Edit, Fix};
use taskclass_spec::prompt::TextPiece;

use crate::common::with_fix;
use crate::context::ClassContext;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// Text that another template language would fill in, and this one leaves as it is.
    ///
    /// ## What it does
    /// Reports `${{ … }}` of GitHub Actions, where the dollar comes out in the prompt; `${…}` and `{ … }` around an input or
    /// around a field of `run`; and a `}}` or `%}` that closes nothing.
    ///
    /// ## Why it matters
    /// The prompt renders without complaint, and the agent reads braces and dollars in the place of what the caller gave.
    ///
    /// ## Bad
    /// ```yaml
    /// prompt:
    ///   template: |
    ///     Change `${{ inputs.thing }}`. Done when the build passes.
    ///             ^
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// prompt:
    ///   template: |
    ///     Change `{{ inputs.thing }}`. Done when the build passes.
    /// ```
    name: "foreign-template-syntax", family: Prompt, level: Warning, hold: Free, check: Class(check)
}

fn check(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    let is_input = |name: &str| cx.class.inputs.is_some_and(|inputs| inputs.keys().any(|input| input.as_str() == name));
    for piece in cx.prompt.seen().iter().flat_map(|facts| &facts.texts) {
        let text = piece.text();
        if text.ends_with('$') && piece.source.text().get(piece.range.end..).is_some_and(|rest| rest.starts_with("{{"))
        {
            let dollar = text.len() - 1..text.len();
            report(piece, dollar, "this `$` comes out in the prompt", "a value is written `{{ … }}`", Some(""), sink);
        }
        for (range, name) in single_braces(text) {
            let meant = match name.split_once('.') {
                Some(("inputs" | "run", _)) => name.to_owned(),
                None if text.get(range.clone()).is_some_and(|all| all.starts_with('$')) && is_input(name) => {
                    format!("inputs.{name}")
                }
                _ => continue,
            };
            let meant = format!("{{{{ {meant} }}}}");
            let help = format!("write `{meant}`");
            report(piece, range, "nothing is filled in here", &help, Some(&meant), sink);
        }
        for range in stray(text) {
            report(piece, range, "this closes nothing and comes out in the prompt", "take it out", Some(""), sink);
        }
    }
}

fn report(
    piece: &TextPiece,
    range: Range<usize>,
    message: &str,
    help: &str,
    instead: Option<&str>,
    sink: &mut Sink<'_>,
) {
    let place = piece.place(range);
    // What was meant is a guess: the text may be an example of that other language.
    let fix = instead.filter(|_| place.exact).map(|instead| {
        let title = if instead.is_empty() { "delete it".to_owned() } else { format!("write `{instead}`") };
        Fix::unsafe_(title, vec![Edit::new(&place.source, place.span, instead)])
    });
    sink.report(place.label(""), message, |finding| with_fix(finding.with_help(help), fix));
}

/// Each name in single braces, perhaps behind a `$`: where all of it stands, and the name.
fn single_braces(text: &str) -> impl Iterator<Item = (Range<usize>, &str)> {
    text.match_indices('{').filter_map(|(at, _)| {
        let rest = text.get(at + 1..)?;
        let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | ' ');
        let close = rest.find(|c: char| !is_part(c)).filter(|close| rest[*close..].starts_with('}'))?;
        let name = rest[..close].trim();
        let start = if text[..at].ends_with('$') { at - 1 } else { at };
        (!name.contains(' ')).then_some((start..at + close + 2, name))
    })
}

/// Each `%}`, and each `}}` before which no brace is open.
fn stray(text: &str) -> Vec<Range<usize>> {
    let (mut found, mut open, mut skip) = (Vec::new(), 0_usize, 0);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if at < skip => {}
            b'{' => open += 1,
            b'}' if open > 0 => open -= 1,
            b'}' | b'%' if text.as_bytes().get(at + 1) == Some(&b'}') => {
                found.push(at..at + 2);
                skip = at + 2;
            }
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn braces_around_a_name_are_found_and_code_is_left() {
        let names = |text| single_braces(text).collect::<Vec<_>>();
        assert_eq!(names("a { inputs.x } b"), [(2..14, "inputs.x")]);
        assert_eq!(names("${x}"), [(0..4, "x")]);
        assert!(names("fn main() { let x = 1; }").is_empty());
    }

    #[test]
    fn ends_that_close_something_are_left() {
        assert_eq!(stray("a }} b %}"), [2..4, 7..9]);
        assert!(stray("{\"a\": {\"b\": 1}}").is_empty());
    }
}
