//! The real transport: HTTPS, one request once, the token only to the one origin.
//!
//! Everything that a client library does for its user's comfort is off: no retry, no redirect of its own, no referer, no decompression.
//! Only reads share a pool of connections. Whatever changes something gets a connection of its own, so that a stale one can never turn it
//! into an unknown outcome.

#![expect(clippy::disallowed_methods, reason = "the module that talks to the network: it bounds each exchange in time")]

mod outcome;
mod read_body;

use std::fmt;
use std::time::{Duration, Instant};

use reqwest::blocking::{Client, ClientBuilder};
use reqwest::header::{AUTHORIZATION, HeaderValue};
use url::Url;

use crate::api_url::ApiUrl;
use crate::token::Token;
use crate::transport::{Headers, Method, Purpose, Request, Response, SendError, Transport};

/// Bounds on time and size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HttpOptions {
    /// For name lookup, connection and TLS together.
    pub connect_timeout: Duration,
    /// For the whole exchange of one request, its body read.
    pub timeout: Duration,
    /// Largest body that is taken, in bytes.
    pub max_body: usize,
}

impl Default for HttpOptions {
    /// 10 s to connect, 60 s in all, 16 MiB.
    fn default() -> Self {
        Self { connect_timeout: Duration::from_secs(10), timeout: Duration::from_secs(60), max_body: 16 << 20 }
    }
}

/// Why the transport could not be set up.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HttpSetupError {
    /// TLS or its certificates are not usable.
    #[error("HTTPS cannot be set up on this machine ({0}): check that the system's CA certificates are installed")]
    Tls(String),
    /// The token cannot stand in a header field.
    #[error("the token cannot be sent in a header field: check how it was copied")]
    Token,
}

/// No exchange is waited for longer, whatever the options say.
const LONGEST: Duration = Duration::from_secs(3600);
/// Redirects of a read that are followed.
const MAX_REDIRECTS: usize = 5;

/// Sends requests to GitHub's API over HTTPS (or HTTP to this machine), with the token.
pub struct HttpTransport {
    api: ApiUrl,
    token: Token,
    authorization: HeaderValue,
    options: HttpOptions,
    pooled: Client,
    unpooled: Client,
}

impl HttpTransport {
    /// A transport to one API with one token. A proxy named in the environment is used for https, never for this machine.
    ///
    /// # Errors
    /// [`HttpSetupError`] if TLS cannot be set up.
    pub fn new(api: ApiUrl, token: Token, options: HttpOptions) -> Result<Self, HttpSetupError> {
        // Fails only if a provider is installed already, which serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut authorization = HeaderValue::from_str(&token.bearer()).map_err(|_| HttpSetupError::Token)?;
        authorization.set_sensitive(true);
        let build = |builder: ClientBuilder| {
            builder.build().map_err(|error| HttpSetupError::Tls(token.scrub_text(&outcome::describe(error))))
        };
        let pooled = build(client(&api, options))?;
        let unpooled = build(client(&api, options).pool_max_idle_per_host(0))?;
        Ok(Self { api, token, authorization, options, pooled, unpooled })
    }

    /// Where requests go.
    pub fn api(&self) -> &ApiUrl {
        &self.api
    }

    fn exchange(&self, request: &Request, url: Url, deadline: Instant) -> Result<Response, SendError> {
        let client = match request.purpose {
            Purpose::Read => &self.pooled,
            Purpose::Mutation | Purpose::Unrepeatable => &self.unpooled,
        };
        let method = match request.method {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
            Method::Patch => reqwest::Method::PATCH,
        };
        let mut builder = client.request(method, url).timeout(deadline.saturating_duration_since(Instant::now()));
        for (name, value) in request.headers.iter() {
            builder = builder.header(name, value);
        }
        builder = builder.header(AUTHORIZATION, self.authorization.clone());
        if let Some(body) = &request.body {
            builder = builder.body(body.clone());
        }
        let built = builder.build().map_err(|error| self.not_sent(&outcome::describe(error)))?;
        let mut answer = client.execute(built).map_err(|error| self.failed(error))?;
        let status = answer.status().as_u16();
        let headers = answer
            .headers()
            .iter()
            .map(|(name, value)| (name.as_str(), self.token.scrub_text(&String::from_utf8_lossy(value.as_bytes()))))
            .collect::<Headers>();
        let mut body = read_body::read(&mut answer, self.options.max_body, deadline)
            .map_err(|error| SendError::unknown(&self.token.scrub_text(&error)))?;
        self.token.scrub(&mut body);
        Ok(Response { status, headers, body })
    }

    fn failed(&self, error: reqwest::Error) -> SendError {
        let before_sending = error.is_connect() || error.is_builder();
        let reason = self.token.scrub_text(&outcome::describe(error));
        let reason = format!("{}: {reason}", self.api);
        if before_sending { SendError::not_sent(&reason) } else { SendError::unknown(&reason) }
    }

    fn not_sent(&self, reason: &str) -> SendError {
        SendError::not_sent(&self.token.scrub_text(reason))
    }
}

impl Transport for HttpTransport {
    fn send(&self, request: &Request) -> Result<Response, SendError> {
        let deadline = Instant::now() + self.options.timeout.min(LONGEST);
        let mut path = request.path_and_query.clone();
        let mut hops = 0;
        loop {
            let url = self
                .api
                .url_of(&path)
                .ok_or_else(|| self.not_sent("the path of the request cannot be sent as it is"))?;
            let response = self.exchange(request, url, deadline)?;
            let target = match (request.purpose, response.status) {
                (Purpose::Read, 301 | 302 | 307 | 308) if hops < MAX_REDIRECTS => response.headers.get("location"),
                _ => None,
            };
            // Out of the origin, or nowhere: the redirect itself is the answer, and the token stays here.
            match target.and_then(|target| self.api.path_within(&path, target)) {
                Some(next) => path = next,
                None => return Ok(response),
            }
            hops += 1;
        }
    }
}

impl fmt::Debug for HttpTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpTransport")
            .field("api", &self.api)
            .field("token", &self.token)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

fn client(api: &ApiUrl, options: HttpOptions) -> ClientBuilder {
    let builder = Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .connect_timeout(options.connect_timeout)
        .timeout(options.timeout);
    if api.is_plain_http() {
        // Only this machine: no proxy may see the token in the clear, and no certificates are needed.
        builder.no_proxy().tls_certs_only([])
    } else {
        builder.https_only(true)
    }
}
