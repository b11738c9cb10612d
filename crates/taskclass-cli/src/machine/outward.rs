//! How what goes to others than GitHub is sent: a collector's telemetry, a receiver's webhooks.

use std::time::Duration;

use reqwest::{
    Url,
    blocking::{Client, ClientBuilder},
    redirect::Policy,
};

/// Whether a URL leads to this machine, so that what is sent in clear leaves it nowhere.
pub(super) fn is_this_machine(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<std::net::IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

/// A client for this URL alone. `connect` bounds name lookup, connection and TLS together, `whole` a whole exchange.
///
/// What is in clear goes to no proxy, which would read it all, and to which "this machine" is another one.
pub(super) fn client(url: &Url, connect: Duration, whole: Duration) -> ClientBuilder {
    // Fails only if a provider is installed already, which serves as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = Client::builder()
        .redirect(Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .user_agent(concat!("taskclass/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(connect)
        .timeout(whole);
    if url.scheme() == "http" { builder.no_proxy().tls_certs_only([]) } else { builder.https_only(true) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_is_what_leads_to_it_and_nothing_that_looks_like_it() {
        for (url, is) in [
            ("http://localhost:4318", true),
            ("http://127.1.2.3/", true),
            ("http://[::1]:80/", true),
            ("http://localhost.example.com/", false),
            ("http://127.0.0.1.example.com/", false),
            ("http://10.0.0.1/", false),
        ] {
            assert_eq!(is_this_machine(&Url::parse(url).unwrap()), is, "{url}");
        }
    }
}
