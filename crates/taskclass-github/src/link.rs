//! The `link` header field: where the next page is. Only `rel="next"` is ever used; nothing is computed from `last`.

/// The target of the first link whose relation is `next`.
pub(crate) fn next(header: &str) -> Option<&str> {
    let mut rest = header;
    loop {
        let open = rest.find('<')?;
        let close = open + rest[open..].find('>')?;
        let target = &rest[open + 1..close];
        let parameters_end = rest[close..].find('<').map_or(rest.len(), |at| close + at);
        if rest[close + 1..parameters_end].split([';', ',']).any(is_next) {
            return Some(target);
        }
        rest = &rest[parameters_end..];
    }
}

fn is_next(parameter: &str) -> bool {
    let Some((name, value)) = parameter.split_once('=') else { return false };
    name.trim().eq_ignore_ascii_case("rel")
        && value.trim().trim_matches('"').split_ascii_whitespace().any(|relation| relation.eq_ignore_ascii_case("next"))
}

#[cfg(test)]
mod tests {
    use super::next;

    #[test]
    fn only_next_is_followed() {
        let header = r#"<https://h/x?page=1>; rel="prev", <https://h/x?a=1,2&page=3>; rel="next", <https://h/x?page=9>; rel="last""#;
        assert_eq!(next(header), Some("https://h/x?a=1,2&page=3"));
        assert_eq!(next(r#"<https://h/x?page=1>; rel="first""#), None);
        assert_eq!(next("<https://h/x>; rel=next"), Some("https://h/x"));
        assert_eq!(next(r#"<https://h/x>; title="a"; REL="prev next""#), Some("https://h/x"));
    }

    #[test]
    fn broken_fields_are_no_next_page() {
        for broken in ["", "rel=next", "<https://h", "<https://h/x>", "><", r#"<https://h/x>; rel="nextish""#] {
            assert_eq!(next(broken), None, "{broken}");
        }
    }
}
