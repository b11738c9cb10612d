//! What an operation knows of its request, and what most of them need.

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::Route;
use crate::auth;
use crate::json::View;
use crate::limits::Standing;
use crate::message::Request;
use crate::page::Page;
use crate::reply::{Answer, Problem, Reply};
use crate::scenario::{FaultKind, TokenScript};
use crate::world::people::Account;
use crate::world::repos::Repo;
use crate::world::{RepoIndex, UserIndex, World};

/// One request on its way through an operation.
pub(crate) struct Call<'a> {
    pub(crate) world: &'a mut World,
    pub(crate) now: Timestamp,
    pub(crate) request: &'a Request,
    pub(crate) params: Vec<(&'static str, String)>,
    pub(crate) repo: Option<RepoIndex>,
    pub(crate) user: UserIndex,
    pub(crate) token: &'a TokenScript,
    /// Where the API is, without a slash at its end.
    pub(crate) api: &'a str,
    pub(crate) standing: Standing,
    /// The faults that strike this call.
    pub(crate) faults: &'a [FaultKind],
}

impl Call<'_> {
    /// Looks at permission and repository, then runs the operation.
    pub(crate) fn run(mut self, route: &Route) -> Answer {
        auth::permit(self.token, route.needs, route.is_agent_tasks())?;
        if route.pattern.contains("{repo}") {
            let repo = self.repo.ok_or_else(Problem::not_found)?;
            let found = &self.world.repos[repo];
            auth::reach(self.token, &found.owner, &found.full_name())?;
            if found.role(&self.me().login) == "none" {
                return Err(Problem::not_found());
            }
            if let Some(moved) = self.moved(found, route) {
                return Err(moved);
            }
        }
        (route.handler)(&mut self)
    }

    /// 301 (307 for a write) where the request has a former name.
    fn moved(&self, repo: &Repo, route: &Route) -> Option<Problem> {
        let asked = format!("{}/{}", self.param("owner"), self.param("repo"));
        if asked.eq_ignore_ascii_case(&repo.full_name()) {
            return None;
        }
        let url = if route.is_agent_tasks() {
            let path = self.request.path.replacen(&asked, &repo.full_name(), 1);
            format!("{}{path}", self.api)
        } else {
            let rest = self.request.path.splitn(5, '/').nth(4).map(|rest| format!("/{rest}")).unwrap_or_default();
            format!("{}/repositories/{}{rest}", self.api, repo.id)
        };
        let status = if route.method == "GET" { 301 } else { 307 };
        let problem = Problem::new(status, if status == 301 { "Moved Permanently" } else { "Temporary Redirect" });
        Some(problem.with("url", url.clone().into()).header("location", url))
    }

    /// A path parameter's value; every handler asks only for those that its route has.
    pub(crate) fn param(&self, name: &str) -> &str {
        self.params.iter().find(|(key, _)| *key == name).map_or("", |(_, value)| value)
    }

    /// A path parameter that is a number.
    pub(crate) fn number(&self, name: &str) -> Result<u64, Problem> {
        self.param(name).parse().map_err(|_| Problem::not_found())
    }

    /// The repository that the path names.
    pub(crate) fn repo_index(&self) -> Result<RepoIndex, Problem> {
        self.repo.ok_or_else(Problem::not_found)
    }

    pub(crate) fn repo(&self) -> Result<&Repo, Problem> {
        self.repo_index().map(|index| &self.world.repos[index])
    }

    pub(crate) fn repo_mut(&mut self) -> Result<&mut Repo, Problem> {
        self.repo_index().map(|index| &mut self.world.repos[index])
    }

    /// Whose token it is.
    pub(crate) fn me(&self) -> &Account {
        self.world.people.get(self.user)
    }

    /// Whether the token's owner may push here.
    pub(crate) fn can_push(&self) -> Result<bool, Problem> {
        Ok(self.repo()?.can_push(&self.me().login))
    }

    /// 403 unless the repository can be written to.
    pub(crate) fn writable(&self) -> Result<(), Problem> {
        if self.repo()?.script.archived {
            return Err(Problem::new(403, "Repository was archived so is read-only."));
        }
        Ok(())
    }

    /// 403 unless the token's owner may push here.
    pub(crate) fn must_push(&self) -> Result<(), Problem> {
        self.writable()?;
        if self.can_push()? { Ok(()) } else { Err(Problem::new(403, "Must have write access to the repository.")) }
    }

    /// What shows things as this request sees them.
    pub(crate) fn view(&self) -> View<'_> {
        View { world: self.world, api: self.api, now: self.now, viewer: self.user }
    }

    /// The body as a JSON object.
    ///
    /// # Errors
    /// 400 where it is not JSON, or no object.
    pub(crate) fn body(&self) -> Result<Map<String, Value>, Problem> {
        match serde_json::from_slice(&self.request.body) {
            Ok(Value::Object(body)) => Ok(body),
            Ok(_) => Err(Problem::new(400, "Body should be a JSON object")),
            Err(_) => Err(Problem::new(400, "Problems parsing JSON")),
        }
    }

    /// Whether a fault makes this list empty.
    pub(crate) fn must_be_empty(&self) -> bool {
        self.faults.iter().any(|fault| matches!(fault, FaultKind::Empty {}))
    }

    /// A page of a list as a bare array, with its links.
    pub(crate) fn paged<T>(&self, all: impl Iterator<Item = T>, show: impl FnMut(T) -> Value) -> Answer {
        let (items, link) = self.page(all)?;
        let items: Vec<Value> = items.into_iter().map(show).collect();
        Ok(Reply::ok(items.into()).header("link", link))
    }

    /// A page's items and its `Link` header.
    pub(crate) fn page<T>(&self, all: impl Iterator<Item = T>) -> Result<(Vec<T>, String), Problem> {
        let page = Page::of(self.request, false)?;
        let (items, more) = if self.must_be_empty() { (Vec::new(), false) } else { page.cut(all) };
        Ok((items, page.link(self.api, self.request, more)))
    }

    /// A query parameter's value, where it is one of those allowed; the first of them where it is not given.
    ///
    /// # Errors
    /// 422 where it is another.
    pub(crate) fn choice(&self, name: &str, allowed: &[&'static str]) -> Result<&'static str, Problem> {
        let first = allowed.first().copied().unwrap_or_default();
        match self.request.query_value(name) {
            None | Some("") => Ok(first),
            Some(text) => {
                let found = allowed.iter().copied().find(|value| *value == text);
                found.ok_or_else(|| Problem::invalid("Query", name, "invalid"))
            }
        }
    }

    /// A query parameter that is a moment.
    pub(crate) fn moment(&self, name: &str) -> Result<Option<Timestamp>, Problem> {
        let text = self.request.query_value(name).filter(|text| !text.is_empty());
        text.map(|text| text.parse().map_err(|_| Problem::invalid("Query", name, "invalid"))).transpose()
    }
}

/// A field that must be a text where it is there.
pub(crate) fn text(body: &Map<String, Value>, resource: &str, name: &str) -> Result<Option<String>, Problem> {
    match body.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(Problem::invalid(resource, name, "invalid")),
    }
}

/// A field that must be there and be a text that is not empty.
pub(crate) fn required_text(body: &Map<String, Value>, resource: &str, name: &str) -> Result<String, Problem> {
    let found = text(body, resource, name)?.filter(|text| !text.trim().is_empty());
    found.ok_or_else(|| Problem::invalid(resource, name, "missing_field"))
}

/// A field that must be true or false where it is there.
pub(crate) fn boolean(body: &Map<String, Value>, resource: &str, name: &str) -> Result<Option<bool>, Problem> {
    match body.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Bool(value)) => Ok(Some(*value)),
        Some(_) => Err(Problem::invalid(resource, name, "invalid")),
    }
}

/// A field that must be a list of texts (or of objects with this member) where it is there.
pub(crate) fn texts(
    body: &Map<String, Value>,
    resource: &str,
    name: &str,
    member: &str,
) -> Result<Option<Vec<String>>, Problem> {
    let wrong = || Problem::invalid(resource, name, "invalid");
    let Some(value) = body.get(name) else { return Ok(None) };
    let items = value.as_array().ok_or_else(wrong)?;
    let item = |item: &Value| item.as_str().or_else(|| item.get(member)?.as_str()).map(str::to_owned);
    items.iter().map(|value| item(value).ok_or_else(wrong)).collect::<Result<_, _>>().map(Some)
}
