//! Webhooks: where each goes and what signs it, read where the configuration says it is, each time one is sent. Neither the address
//! nor the secret appears in any message: who has the address of a chat's webhook can write there.

use std::{collections::BTreeMap, path::PathBuf, time::Duration};

use reqwest::{Url, blocking::Client};
use taskclass_executor::{
    Delivery, Webhooks,
    webhook::{Message, Secret},
};
use taskclass_spec::{NotifierName, written::Webhook};

use super::{
    Settings,
    outward::{self, is_this_machine},
    secret,
};

/// For name lookup, connection and TLS together.
const CONNECT: Duration = Duration::from_secs(5);
/// For all of it. Whoever takes a message says so at once, and works on it afterwards.
const WHOLE: Duration = Duration::from_secs(10);

/// The receivers that this executor may send to.
pub(crate) enum Receivers {
    /// Those of the configuration. Paths are relative to the folder.
    Configured { webhooks: BTreeMap<NotifierName, Webhook>, folder: PathBuf },
    /// Beside the simulator: every receiver is there, and takes everything.
    Simulated,
}

/// One receiver, ready to be sent to.
struct Receiver {
    url: Url,
    secret: Secret,
    client: Client,
}

impl Receivers {
    pub(crate) fn of(settings: &Settings) -> Self {
        match &settings.github {
            None => Self::Simulated,
            Some(github) => {
                let webhooks = github.config.notify.as_ref().map(|notify| notify.webhooks.clone()).unwrap_or_default();
                Self::Configured { webhooks, folder: github.folder.clone() }
            }
        }
    }

    /// The receiver of this name; `None` beside the simulator.
    fn receiver(&self, name: &NotifierName) -> Result<Option<Receiver>, String> {
        let Self::Configured { webhooks, folder } = self else { return Ok(None) };
        let place = format!("notify.webhooks.{name}");
        let webhook = webhooks.get(name).ok_or_else(|| format!("the executor's configuration has no `{place}`"))?;
        let read = |of, what| secret::read(of, folder, &format!("{place}.{what}")).map_err(|failure| failure.message);
        let url = address(&read(&webhook.url, "url")?).map_err(|wrong| format!("`{place}.url`: {wrong}"))?;
        let secret =
            Secret::parse(&read(&webhook.secret, "secret")?).map_err(|error| format!("`{place}.secret`: {error}"))?;
        let client = outward::client(&url, CONNECT, WHOLE).pool_max_idle_per_host(0).build();
        let client = client.map_err(|_| format!("`{place}`: HTTPS cannot be set up on this machine"))?;
        Ok(Some(Receiver { url, secret, client }))
    }
}

/// Where a webhook goes: https, or http to this machine.
fn address(text: &str) -> Result<Url, &'static str> {
    let url = Url::parse(text.trim()).map_err(|_| "this is no URL")?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err("a user name or password stands in the URL: take it out, the signature says who sends");
    }
    match url.scheme() {
        "https" => Ok(url),
        "http" if is_this_machine(&url) => Ok(url),
        _ => Err("the URL must begin with https:// (http:// is only allowed to 127.0.0.1, [::1] and localhost)"),
    }
}

impl Receiver {
    fn post(&self, message: &Message) -> Delivery {
        let mut request = self.client.post(self.url.clone()).body(message.body.clone());
        for (name, value) in message.headers(&self.secret) {
            request = request.header(name, value);
        }
        match request.send() {
            Ok(answer) if answer.status().is_success() => Delivery::Taken { status: answer.status().as_u16() },
            Ok(answer) => {
                let status = answer.status().as_u16();
                let reason = match status {
                    300..400 => {
                        format!("the receiver answered {status}; redirects are not followed, so write down where it is")
                    }
                    _ => format!("the receiver answered {status}"),
                };
                Delivery::Failed { status: Some(status), reason }
            }
            // The library's own words may hold the address.
            Err(error) => {
                let reason = if error.is_timeout() {
                    "the receiver did not answer in time"
                } else if error.is_connect() {
                    "the receiver cannot be reached"
                } else {
                    "the connection to the receiver broke"
                };
                Delivery::Failed { status: None, reason: reason.to_owned() }
            }
        }
    }
}

impl Webhooks for Receivers {
    fn ready(&self, name: &NotifierName) -> Result<(), String> {
        self.receiver(name).map(drop)
    }

    fn post(&self, name: &NotifierName, message: &Message) -> Delivery {
        match self.receiver(name) {
            Ok(Some(receiver)) => receiver.post(message),
            Ok(None) => Delivery::Taken { status: 204 },
            Err(reason) => Delivery::Failed { status: None, reason },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn only_https_and_this_machine() {
        for good in
            ["https://hooks.example.com/T0/B0?x=1", "http://127.0.0.1:8080/a", "http://[::1]/", " http://localhost/\n"]
        {
            assert!(address(good).is_ok(), "{good}");
        }
        for bad in [
            "http://hooks.example.com/",
            "http://127.0.0.1.example.com/",
            "http://localhost.example.com/",
            "http://10.0.0.1/",
            "ftp://127.0.0.1/",
            "https://user:word@hooks.example.com/",
            "hooks.example.com",
            "file:///etc/passwd",
        ] {
            let wrong = address(bad).unwrap_err();
            assert!(!wrong.contains("example.com/") && !wrong.contains("word@"), "{bad}: {wrong}");
        }
    }
}
