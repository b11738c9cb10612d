//! What an operation returns: the value with the answer's meta data, pages, and "not modified".

use std::fmt;
use std::marker::PhantomData;

use serde::de::DeserializeOwned;

use crate::meta::Meta;

/// A value and what the answer said beside it.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer<T> {
    /// The value.
    pub value: T,
    /// Request id, rate limit, ETag, date.
    pub meta: Meta,
}

impl<T> Answer<T> {
    /// The same answer around another value.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Answer<U> {
        Answer { value: f(self.value), meta: self.meta }
    }
}

/// The answer to a request that carried `if-none-match`.
#[derive(Debug, Clone, PartialEq)]
pub enum Conditional<T> {
    /// Something changed: here is all of it.
    Modified(T),
    /// 304: what was read before is still so. It cost nothing of the primary rate limit.
    NotModified,
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Page<P> {
    /// The body of the page.
    pub body: P,
    /// Where the next page is, if there is one. Pages can shift between two requests: drop duplicates by id.
    pub next: Option<NextPage<P>>,
}

/// Where the next page is: taken from the answer's `link` field, within the API's origin.
pub struct NextPage<P> {
    pub(crate) path_and_query: String,
    pub(crate) operation: &'static str,
    pub(crate) body: PhantomData<fn() -> P>,
}

impl<P> NextPage<P> {
    pub(crate) fn new(path_and_query: String, operation: &'static str) -> Self {
        Self { path_and_query, operation, body: PhantomData }
    }
}

impl<P> Clone for NextPage<P> {
    fn clone(&self) -> Self {
        Self::new(self.path_and_query.clone(), self.operation)
    }
}

impl<P> PartialEq for NextPage<P> {
    fn eq(&self, other: &Self) -> bool {
        self.path_and_query == other.path_and_query
    }
}

impl<P> fmt::Debug for NextPage<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("NextPage").field(&self.path_and_query).finish()
    }
}

/// A page's body that holds a list.
pub trait PageBody: DeserializeOwned {
    /// What the list is of.
    type Item;

    /// The list.
    fn into_items(self) -> Vec<Self::Item>;
}

impl<T: DeserializeOwned> PageBody for Vec<T> {
    type Item = T;

    fn into_items(self) -> Vec<T> {
        self
    }
}

/// All pages of a list together.
#[derive(Debug, Clone, PartialEq)]
pub struct Collected<T> {
    /// The items of all pages in order. Pages can shift between two requests: drop duplicates by id.
    pub items: Vec<T>,
    /// The meta data of each page in order; at least one.
    pub metas: Vec<Meta>,
}
