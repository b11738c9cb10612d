//! A collector, and how it is spoken to.

use std::{path::Path, time::Duration};

use reqwest::{
    StatusCode, Url,
    blocking::Client,
    header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue},
};
use taskclass_executor::telemetry::otlp;
use taskclass_spec::written::Otlp;

use super::sender::{Failed, Sending};
use crate::{
    exit::Failure,
    machine::{
        outward::{self, is_this_machine},
        secret,
    },
};

/// Where the address comes from if the configuration leaves it out.
const ENDPOINT: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";
/// For name lookup, connection and TLS together.
const CONNECT: Duration = Duration::from_millis(1500);
/// For a whole exchange.
const WHOLE: Duration = Duration::from_secs(3);

/// A collector.
pub(super) struct Collector {
    client: Client,
    traces: Url,
    metrics: Url,
}

impl Collector {
    /// The collector that is configured; within, what is missing today: a variable, a secret.
    pub(super) fn of(otlp: &Otlp, folder: &Path) -> Result<Result<Self, String>, Failure> {
        let endpoint = match &otlp.endpoint {
            Some(endpoint) => endpoint.clone(),
            // The environment, which others may set, never decides where a secret goes.
            None if !otlp.headers.is_empty() => {
                return Err(Failure::usage(
                    "`telemetry.otlp` has `headers` and no `endpoint`: headers hold secrets, and go only where the configuration says",
                )
                .help("write the collector's address into `telemetry.otlp.endpoint`"));
            }
            None => match std::env::var(ENDPOINT) {
                Ok(endpoint) if !endpoint.trim().is_empty() => endpoint,
                _ => return Ok(Err(format!("`telemetry.otlp` has no `endpoint`, and {ENDPOINT} is not set"))),
            },
        };
        let wrong = |what: &str| Failure::usage(format!("`telemetry.otlp.endpoint`: {what}"));
        let base = Url::parse(endpoint.trim()).map_err(|_| wrong("this is no URL"))?;
        if !matches!(base.scheme(), "http" | "https") || base.host_str().is_none() {
            return Err(wrong("the URL must begin with http:// or https://"));
        }
        if !base.username().is_empty() || base.password().is_some() {
            return Err(wrong("a user name or password stands in the URL: put it into `headers`"));
        }
        if base.scheme() == "http" && !otlp.headers.is_empty() && !is_this_machine(&base) {
            return Err(wrong("headers hold secrets, and go over https:// only (http:// to this machine)"));
        }
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        for (name, value) in &otlp.headers {
            let field = format!("telemetry.otlp.headers.{name}");
            let name = HeaderName::from_bytes(name.as_bytes())
                .map_err(|_| Failure::usage(format!("`{field}`: this is no name of a header")))?;
            let value = match secret::read(value, folder, &field) {
                Ok(value) => value,
                Err(failure) => return Ok(Err(failure.message)),
            };
            let mut value = HeaderValue::from_str(value.trim())
                .map_err(|_| Failure::usage(format!("`{field}` cannot stand in a header")))?;
            value.set_sensitive(true);
            headers.insert(name, value);
        }
        let at = |path: &str| {
            let mut url = base.clone();
            url.set_path(&format!("{}/{path}", base.path().trim_end_matches('/')));
            url
        };
        let (traces, metrics) = (at(otlp::TRACES), at(otlp::METRICS));
        match outward::client(&base, CONNECT, WHOLE).default_headers(headers).build() {
            Ok(client) => Ok(Ok(Self { client, traces, metrics })),
            Err(_) => Ok(Err("HTTPS cannot be set up on this machine".to_owned())),
        }
    }

    /// Where it is, for a person.
    fn place(&self) -> String {
        let port = self.traces.port().map(|port| format!(":{port}")).unwrap_or_default();
        format!("{}{port}", self.traces.host_str().unwrap_or_default())
    }

    /// Sends both, spans first.
    pub(super) fn take(&self, sending: Sending) -> Result<(), (Failed, String)> {
        for (url, body) in [(&self.traces, sending.traces), (&self.metrics, sending.metrics)] {
            if let Some(body) = body {
                self.post(url.clone(), body)?;
            }
        }
        Ok(())
    }

    fn post(&self, url: Url, body: Vec<u8>) -> Result<(), (Failed, String)> {
        let place = self.place();
        match self.client.post(url).body(body).send() {
            Ok(answer) if answer.status().is_success() => Ok(()),
            Ok(answer) => {
                let status = answer.status();
                // What is turned away for what it is would be turned away again.
                let again = status.is_server_error()
                    || matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT)
                    || status.is_redirection()
                    || matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::NOT_FOUND);
                let failed = if again { Failed::ForNow } else { Failed::ForGood };
                Err((failed, format!("the collector at {place} answered {}", status.as_u16())))
            }
            // The library's own words may hold more of the address than is anybody's business.
            Err(error) => {
                let what = if error.is_timeout() {
                    "does not answer in time"
                } else if error.is_connect() {
                    "cannot be reached"
                } else {
                    "broke the connection off"
                };
                Err((Failed::ForNow, format!("the collector at {place} {what}")))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use taskclass_spec::written::Secret;

    use super::*;

    fn of(endpoint: &str, headers: &[&str]) -> Result<Result<(), String>, String> {
        let secret = |name: &&str| ((*name).to_owned(), Secret::Env("PATH".to_owned()));
        let headers: BTreeMap<_, _> = headers.iter().map(secret).collect();
        let otlp = Otlp { endpoint: Some(endpoint.to_owned()), headers };
        let made = Collector::of(&otlp, Path::new(".")).map_err(|failure| failure.message)?;
        Ok(made.map(|collector| {
            assert!(collector.traces.path().ends_with("/v1/traces") && !collector.traces.path().contains("//"));
        }))
    }

    #[test]
    fn the_environment_does_not_say_where_secrets_go() {
        let headers = [("api-key".to_owned(), Secret::Env("PATH".to_owned()))].into();
        let wrong = Collector::of(&Otlp { endpoint: None, headers }, Path::new(".")).err().unwrap().message;
        assert!(wrong.contains("`headers` and no `endpoint`"), "{wrong}");
    }

    #[test]
    fn secrets_go_over_https_and_an_address_is_one() {
        for good in ["http://127.0.0.1:4318", "http://collector:4318/", "https://otlp.example.com/a/b/"] {
            assert_eq!(of(good, &[]), Ok(Ok(())), "{good}");
        }
        assert_eq!(of("https://otlp.example.com", &["api-key"]), Ok(Ok(())));
        assert_eq!(of("http://localhost:4318", &["api-key"]), Ok(Ok(())));
        for (bad, headers) in [
            ("http://collector:4318", &["api-key"][..]),
            ("collector:4318", &[]),
            ("ftp://collector", &[]),
            ("https://user:word@collector", &[]),
            ("https://collector", &["not a name"]),
        ] {
            let wrong = of(bad, headers).unwrap_err();
            assert!(wrong.contains("telemetry.otlp") && !wrong.contains("word@"), "{bad}: {wrong}");
        }
    }
}
