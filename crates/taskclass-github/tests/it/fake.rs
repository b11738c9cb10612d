//! A transport that answers from a script and remembers what was asked.

use std::cell::RefCell;
use std::collections::VecDeque;

use taskclass_github::{ApiUrl, Client, RepoName, Request, Response, SendError, Transport};

#[derive(Default)]
pub(crate) struct Fake {
    script: RefCell<VecDeque<Result<Response, SendError>>>,
    seen: RefCell<Vec<Request>>,
}

impl Fake {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    pub(crate) fn answering(status: u16, body: &str) -> Self {
        let fake = Self::new();
        fake.answer(status, &[], body);
        fake
    }

    pub(crate) fn answer(&self, status: u16, headers: &[(&str, &str)], body: &str) {
        let headers = headers.iter().copied().collect();
        self.script.borrow_mut().push_back(Ok(Response { status, headers, body: body.as_bytes().to_vec() }));
    }

    pub(crate) fn fail(&self, error: SendError) {
        self.script.borrow_mut().push_back(Err(error));
    }

    pub(crate) fn client(&self) -> Client<&Self> {
        Client::new(self, api())
    }

    pub(crate) fn requests(&self) -> Vec<Request> {
        self.seen.borrow().clone()
    }

    pub(crate) fn paths(&self) -> Vec<String> {
        self.requests().into_iter().map(|request| request.path_and_query).collect()
    }
}

impl Transport for Fake {
    fn send(&self, request: &Request) -> Result<Response, SendError> {
        self.seen.borrow_mut().push(request.clone());
        self.script.borrow_mut().pop_front().unwrap_or_else(|| Err(SendError::not_sent("the script is at its end")))
    }
}

pub(crate) fn api() -> ApiUrl {
    ApiUrl::parse("https://api.github.com").unwrap()
}

pub(crate) fn repo() -> RepoName {
    RepoName::new("octo-org", "widgets").unwrap()
}
