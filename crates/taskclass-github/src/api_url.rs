//! Where GitHub's API is: an origin that a token may be sent to.

use std::fmt;

use url::{Host, Url};

/// Why a text is not taken as the API's address. No message repeats the text, which may hold a credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ApiUrlError {
    /// Not an absolute URL with a host.
    #[error("the API address is not a URL: write it as https://api.github.com or https://api.SUBDOMAIN.ghe.com")]
    NotAUrl,
    /// Neither https nor http to this machine.
    #[error("the API address must begin with https:// (http:// is only allowed to 127.0.0.1, [::1] and localhost)")]
    NotHttps,
    /// A user name or password stands in it.
    #[error("the API address holds a user name or password: remove it, the token is given separately")]
    Userinfo,
    /// A path, query or fragment follows the host.
    #[error(
        "the API address must end after the host: no path, query or fragment (GitHub Enterprise Server, with its /api/v3, has no agent \
         tasks API)"
    )]
    NotAnOrigin,
    /// GitHub's web site, not its API.
    #[error(
        "this is GitHub's web site, not its API: use https://api.github.com, or https://api.SUBDOMAIN.ghe.com with data residency"
    )]
    WebSite,
}

/// The origin of GitHub's API: https, or http to this machine.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiUrl(Url);

impl ApiUrl {
    /// Parses and checks an address such as `https://api.github.com`.
    ///
    /// # Errors
    /// [`ApiUrlError`] says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, ApiUrlError> {
        let url = Url::parse(text.trim()).map_err(|_| ApiUrlError::NotAUrl)?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(ApiUrlError::Userinfo);
        }
        let loopback = match url.host() {
            Some(Host::Ipv4(ip)) => ip.is_loopback(),
            Some(Host::Ipv6(ip)) => ip.is_loopback(),
            Some(Host::Domain(name)) => name == "localhost",
            None => return Err(ApiUrlError::NotAUrl),
        };
        match url.scheme() {
            "https" => {}
            "http" if loopback => {}
            _ => return Err(ApiUrlError::NotHttps),
        }
        if let Some(Host::Domain(name)) = url.host() {
            let tenant_site = name.ends_with(".ghe.com") && !name.starts_with("api.");
            if matches!(name, "github.com" | "www.github.com") || tenant_site {
                return Err(ApiUrlError::WebSite);
            }
        }
        if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
            return Err(ApiUrlError::NotAnOrigin);
        }
        Ok(Self(url))
    }

    /// True for plain http, which only this machine may be.
    pub fn is_plain_http(&self) -> bool {
        self.0.scheme() == "http"
    }

    /// The full URL of a request's path and query, if that cannot lead anywhere but this origin and is exactly what would be sent.
    pub(crate) fn url_of(&self, path_and_query: &str) -> Option<Url> {
        if !path_and_query.starts_with('/') || path_and_query.starts_with("//") {
            return None;
        }
        let url = Url::parse(&format!("{self}{path_and_query}")).ok()?;
        let sent = &url[url::Position::BeforePath..url::Position::AfterQuery];
        (self.covers(&url) && sent == path_and_query && url.fragment().is_none()).then_some(url)
    }

    /// Path and query of a link or redirect (absolute, or relative to `current`), if it stays within this origin.
    pub(crate) fn path_within(&self, current: &str, target: &str) -> Option<String> {
        let url = self.url_of(current)?.join(target).ok()?;
        self.covers(&url).then(|| url[url::Position::BeforePath..url::Position::AfterQuery].to_owned())
    }

    fn covers(&self, url: &Url) -> bool {
        url.origin() == self.0.origin() && url.username().is_empty() && url.password().is_none()
    }
}

impl fmt::Display for ApiUrl {
    /// The origin, without a slash at its end.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.origin().ascii_serialization())
    }
}

impl fmt::Debug for ApiUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ApiUrl({self})")
    }
}

impl std::str::FromStr for ApiUrl {
    type Err = ApiUrlError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests;
