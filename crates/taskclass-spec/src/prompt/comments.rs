//! The comments of a template, told apart by the engine's own scanner from text that only looks like one.

use std::ops::Range;

use minijinja::machinery::{Token, tokenize};

use super::recover::readable;
use super::scan::range;

/// Where the comments of the template `text` stand, from `{#` to `#}`. What is between `{% raw %}` and `{% endraw %}` or in
/// quotes is no comment. Where a tag cannot be read, those around it are found all the same.
pub fn comments(text: &str) -> Vec<Range<usize>> {
    if !text.contains("{#") {
        return Vec::new();
    }
    let (found, whole) = between_tokens(text);
    if whole {
        return found;
    }
    readable(text).text.map_or(found, |rest| between_tokens(&rest).0)
}

/// The comments that leave no token behind, and whether all of the text gave tokens.
fn between_tokens(text: &str) -> (Vec<Range<usize>>, bool) {
    let mut found = Vec::new();
    let (mut behind, mut in_tag) = (0, false);
    for token in tokenize(text, false, Default::default()) {
        let Ok((token, span)) = token else { return (found, false) };
        let range = range(span);
        if !in_tag {
            in_gap(text, behind..range.start, &mut found);
        }
        behind = range.end;
        match token {
            Token::VariableStart | Token::BlockStart => in_tag = true,
            Token::VariableEnd | Token::BlockEnd => in_tag = false,
            _ => {}
        }
    }
    in_gap(text, behind..text.len(), &mut found);
    (found, true)
}

/// The comments in a stretch without tokens: there is nothing else but blanks and the marks of raw blocks.
fn in_gap(text: &str, gap: Range<usize>, found: &mut Vec<Range<usize>>) {
    let mut from = gap.start;
    while let Some(start) = text.get(from..gap.end).and_then(|rest| rest.find("{#")).map(|at| from + at) {
        let Some(length) = text.get(start + 2..gap.end).and_then(|rest| rest.find("#}")) else { return };
        from = start + 2 + length + 2;
        found.push(start..from);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<&str> {
        comments(text).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn comments_are_found_between_everything_else() {
        let text = "{# a #} b {{ c }}{#- d {# e -#}\n {%- if f -%} {# g #}{# h #} {% endif %}{# i\nj #}\n";
        assert_eq!(shown(text), ["{# a #}", "{#- d {# e -#}", "{# g #}", "{# h #}", "{# i\nj #}"]);
    }

    #[test]
    fn what_reaches_the_model_is_no_comment() {
        let text = "{% raw %}{# a #}{% endraw %}{# b #}{%- raw -%} \n {# c #}\n {%- endraw -%} {# d #}";
        assert_eq!(shown(text), ["{# b #}", "{# d #}"]);
        assert_eq!(shown("{{ \"{# a #}\" }}{% if b == '{# c #}' %}{# d #}{% endif %}"), ["{# d #}"]);
        assert_eq!(shown("{{ \"{# a\" }} #} {# not closed"), [""; 0]);
    }

    #[test]
    fn a_tag_that_cannot_be_read_hides_no_comment() {
        assert_eq!(shown("{# a #}{{ b ! }}{# c #}{% if %}{# d #}"), ["{# a #}", "{# c #}", "{# d #}"]);
        // Where a raw block has no end, nothing tells what is text: no comment counts.
        assert_eq!(shown("{% raw %}{# a #}"), [""; 0]);
    }
}
