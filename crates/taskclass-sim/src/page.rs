//! Pages of lists, and the `Link` header that leads through them.

use crate::message::Request;
use crate::reply::Problem;
use crate::text::encode_percent;

/// One page of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Page {
    number: usize,
    size: usize,
}

impl Page {
    /// The page that a request asks for.
    ///
    /// With `strict`, as the agent tasks do, a size outside 1..=100 or a page below 1 is an error; elsewhere GitHub takes the
    /// nearest value that makes sense.
    ///
    /// # Errors
    /// 422 for what is not a number, or out of range where that is strict.
    pub(crate) fn of(request: &Request, strict: bool) -> Result<Self, Problem> {
        let number = |name: &str, default: usize| match request.query_value(name) {
            None | Some("") => Ok(default),
            Some(text) => match text.parse::<usize>() {
                Ok(value) => Ok(value),
                Err(_) if strict => Err(Problem::invalid("Query", name, "invalid")),
                Err(_) => Ok(default),
            },
        };
        let (size, page) = (number("per_page", 30)?, number("page", 1)?);
        if strict && !(1..=100).contains(&size) {
            return Err(Problem::invalid("Query", "per_page", "invalid"));
        }
        if strict && page == 0 {
            return Err(Problem::invalid("Query", "page", "invalid"));
        }
        Ok(Self { number: page.max(1), size: if size == 0 { 30 } else { size.min(100) } })
    }

    /// The page's items out of all, and whether there are more behind it. Goes no further than it must.
    pub(crate) fn cut<T>(self, all: impl Iterator<Item = T>) -> (Vec<T>, bool) {
        let mut rest = all.skip((self.number - 1).saturating_mul(self.size));
        let items: Vec<T> = rest.by_ref().take(self.size).collect();
        let more = items.len() == self.size && rest.next().is_some();
        (items, more)
    }

    /// The `Link` header: first always, prev if there is one, next if there is more, last only where this is the last.
    pub(crate) fn link(self, api: &str, request: &Request, more: bool) -> String {
        let mut links = vec![self.to(api, request, 1, "first")];
        if self.number > 1 {
            links.push(self.to(api, request, self.number - 1, "prev"));
        }
        if more {
            links.push(self.to(api, request, self.number + 1, "next"));
        } else {
            links.push(self.to(api, request, self.number, "last"));
        }
        links.join(", ")
    }

    fn to(self, api: &str, request: &Request, page: usize, relation: &str) -> String {
        let kept = request.query.iter().filter(|(name, _)| name != "page");
        let mut query: Vec<String> =
            kept.map(|(name, value)| format!("{}={}", encode_percent(name), encode_percent(value))).collect();
        query.push(format!("page={page}"));
        format!("<{api}{}?{}>; rel=\"{relation}\"", request.path, query.join("&"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_partition_a_list() {
        for total in [0, 1, 2, 3, 4, 9] {
            let mut seen = Vec::new();
            for number in 1.. {
                let (items, more) = Page { number, size: 2 }.cut(0..total);
                seen.extend(items);
                if !more {
                    break;
                }
            }
            assert_eq!(seen, (0..total).collect::<Vec<_>>());
        }
    }

    #[test]
    fn links_keep_the_query() {
        let request = Request::new("GET", "/x?state=a%20b&page=2&per_page=2");
        let link = Page::of(&request, true).unwrap().link("http://h", &request, true);
        let expected = [
            "<http://h/x?state=a%20b&per_page=2&page=1>; rel=\"first\"",
            "<http://h/x?state=a%20b&per_page=2&page=1>; rel=\"prev\"",
            "<http://h/x?state=a%20b&per_page=2&page=3>; rel=\"next\"",
        ];
        assert_eq!(link, expected.join(", "));
    }

    #[test]
    fn sizes_out_of_range() {
        let strict = |query: &str| Page::of(&Request::new("GET", query), true).is_err();
        assert!(strict("/x?per_page=0") && strict("/x?per_page=101") && strict("/x?page=0") && strict("/x?page=a"));
        let lax = Page::of(&Request::new("GET", "/x?per_page=1000&page=0"), false).unwrap();
        assert_eq!(lax, Page { number: 1, size: 100 });
    }
}
