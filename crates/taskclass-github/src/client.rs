//! Turns a call into one request and its answer into a value. No retry, no waiting, no clock.

use serde::de::DeserializeOwned;

use crate::answer::{Answer, Collected, Conditional, NextPage, Page, PageBody};
use crate::api_url::ApiUrl;
use crate::call::Call;
use crate::error::{ApiError, CallError};
use crate::link;
use crate::meta::Meta;
use crate::text;
use crate::transport::{Headers, Request, Response, Transport};

/// The REST API version that is asked for unless another is set.
pub const DEFAULT_API_VERSION: &str = "2026-03-10";

/// GitHub's operations over a transport. Every operation sends exactly one request.
#[derive(Debug, Clone)]
pub struct Client<T> {
    transport: T,
    api: ApiUrl,
    user_agent: String,
    api_version: String,
}

impl<T: Transport> Client<T> {
    /// A client for the API at `api`, which must be where the transport sends to: links out of it are refused.
    pub fn new(transport: T, api: ApiUrl) -> Self {
        let user_agent = concat!("taskclass/", env!("CARGO_PKG_VERSION")).to_owned();
        Self { transport, api, user_agent, api_version: DEFAULT_API_VERSION.to_owned() }
    }

    /// Sets the `user-agent` field, by which GitHub tells clients apart. Characters that cannot stand in a field are dropped.
    #[must_use]
    pub fn with_user_agent(mut self, user_agent: &str) -> Self {
        self.user_agent = header_text(user_agent);
        self
    }

    /// Sets the `x-github-api-version` field. Characters that cannot stand in a field are dropped.
    #[must_use]
    pub fn with_api_version(mut self, version: &str) -> Self {
        self.api_version = header_text(version);
        self
    }

    /// Where the API is.
    pub fn api(&self) -> &ApiUrl {
        &self.api
    }

    /// What requests are sent through.
    pub fn transport(&self) -> &T {
        &self.transport
    }

    /// Reads the page after one that was read.
    ///
    /// # Errors
    /// As every operation.
    pub fn next_page<P: DeserializeOwned>(&self, next: &NextPage<P>) -> Result<Answer<Page<P>>, CallError> {
        let mut call = Call::read(next.operation);
        call.path.clone_from(&next.path_and_query);
        self.fetch_page(call)
    }

    /// Reads the pages after a first one, at most `max_pages` with it, one request each.
    ///
    /// # Errors
    /// As every operation; [`CallError::TooManyPages`] if there are more, since a list that was cut short must not pass for whole.
    pub fn collect<P: PageBody>(
        &self,
        first: Answer<Page<P>>,
        max_pages: usize,
    ) -> Result<Collected<P::Item>, CallError> {
        let Answer { value: Page { body, mut next }, meta } = first;
        let mut collected = Collected { items: body.into_items(), metas: vec![meta] };
        while let Some(link) = next {
            if collected.metas.len() >= max_pages {
                return Err(CallError::TooManyPages { operation: link.operation, limit: max_pages });
            }
            let Answer { value: page, meta } = self.next_page(&link)?;
            collected.items.extend(page.body.into_items());
            collected.metas.push(meta);
            next = page.next;
        }
        Ok(collected)
    }

    /// One request, and its body as a `V`.
    pub(crate) fn fetch<V: DeserializeOwned>(&self, call: Call) -> Result<Answer<V>, CallError> {
        let operation = call.operation;
        let (response, meta) = self.successful(call)?;
        let value = parse(operation, &response, &meta)?;
        Ok(Answer { value, meta })
    }

    /// One request whose answer's body does not matter.
    pub(crate) fn command(&self, call: Call) -> Result<Answer<()>, CallError> {
        let (_, meta) = self.successful(call)?;
        Ok(Answer { value: (), meta })
    }

    /// One request, and its body as one page of a list.
    pub(crate) fn fetch_page<P: DeserializeOwned>(&self, call: Call) -> Result<Answer<Page<P>>, CallError> {
        let operation = call.operation;
        let current = format!("{}{}", call.path, call.query);
        let (response, meta) = self.successful(call)?;
        let value = self.page(operation, &current, &response, &meta)?;
        Ok(Answer { value, meta })
    }

    /// [`Client::fetch`] for a call with `if-none-match`.
    pub(crate) fn fetch_if_changed<V: DeserializeOwned>(
        &self,
        call: Call,
    ) -> Result<Answer<Conditional<V>>, CallError> {
        let operation = call.operation;
        let (response, meta) = self.successful(call)?;
        let value = match response.status {
            304 => Conditional::NotModified,
            _ => Conditional::Modified(parse(operation, &response, &meta)?),
        };
        Ok(Answer { value, meta })
    }

    /// [`Client::fetch_page`] for a call with `if-none-match`.
    pub(crate) fn fetch_page_if_changed<P: DeserializeOwned>(
        &self,
        call: Call,
    ) -> Result<Answer<Conditional<Page<P>>>, CallError> {
        let operation = call.operation;
        let current = format!("{}{}", call.path, call.query);
        let (response, meta) = self.successful(call)?;
        let value = match response.status {
            304 => Conditional::NotModified,
            _ => Conditional::Modified(self.page(operation, &current, &response, &meta)?),
        };
        Ok(Answer { value, meta })
    }

    /// The request of a call, with the fields that every request carries.
    pub(crate) fn request(&self, call: Call) -> Result<Request, CallError> {
        if let Some(problem) = call.problem {
            return Err(CallError::Argument { operation: call.operation, problem });
        }
        let mut headers = Headers::new();
        headers.push("accept", "application/vnd.github+json");
        headers.push("user-agent", self.user_agent.as_str());
        headers.push("x-github-api-version", self.api_version.as_str());
        if call.body.is_some() {
            headers.push("content-type", "application/json");
        }
        if let Some(etag) = &call.if_none_match {
            headers.push("if-none-match", etag.as_str());
        }
        let path_and_query = call.path + &call.query;
        Ok(Request { method: call.method, path_and_query, headers, body: call.body, purpose: call.purpose })
    }

    fn successful(&self, call: Call) -> Result<(Response, Meta), CallError> {
        let operation = call.operation;
        let conditional = call.if_none_match.is_some();
        let request = self.request(call)?;
        let response = self.transport.send(&request).map_err(|error| CallError::Send { operation, error })?;
        if (200..300).contains(&response.status) || (conditional && response.status == 304) {
            let meta = Meta::of(&response);
            return Ok((response, meta));
        }
        Err(CallError::Api(Box::new(ApiError::of(operation, &response))))
    }

    fn page<P: DeserializeOwned>(
        &self,
        operation: &'static str,
        current: &str,
        response: &Response,
        meta: &Meta,
    ) -> Result<Page<P>, CallError> {
        let next = match response.headers.get("link").and_then(link::next) {
            Some(target) => {
                let path = self.api.path_within(current, target).ok_or(CallError::ForeignLink { operation })?;
                Some(NextPage::new(path, operation))
            }
            None => None,
        };
        Ok(Page { body: parse(operation, response, meta)?, next })
    }
}

fn parse<V: DeserializeOwned>(operation: &'static str, response: &Response, meta: &Meta) -> Result<V, CallError> {
    serde_json::from_slice(&response.body).map_err(|error| CallError::Unreadable {
        operation,
        meta: Box::new(meta.clone()),
        reason: text::clean(&error.to_string(), text::REASON),
    })
}

fn header_text(text: &str) -> String {
    text.chars().filter(|c| c.is_ascii_graphic() || *c == ' ').collect()
}
