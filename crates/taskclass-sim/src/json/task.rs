//! Agent tasks and sessions.

use serde_json::{Value, json};

use super::{Object, View, WEB, node_id};
use crate::scenario::UsageField;
use crate::text::stamp;
use crate::world::TaskIndex;
use crate::world::tasks::{Session, Task};

impl View<'_> {
    /// A task; with its sessions where it is got by itself. Lists carry none.
    pub(crate) fn task(&self, index: TaskIndex, sessions: bool) -> Value {
        let task = self.world.tasks.get(index);
        let repo = &self.world.repos[task.repo];
        let name = repo.full_name();
        let owner = self.world.people.get(self.world.people.find_or_copilot(&repo.owner));
        let creator = self.world.people.get(task.asked.creator);
        let mut object = Object::new()
            .put("id", task.id.as_str())
            .put("url", format!("{}/agents/repos/{name}/tasks/{}", self.api, task.id))
            .put("html_url", format!("{WEB}/{name}/copilot/tasks/{}", task.id))
            .put("name", task.name.as_str())
            .put("creator", json!({"id": creator.id}))
            .put("creator_type", "user")
            .put("user_collaborators", json!([]))
            .put("owner", json!({"id": owner.id}))
            .put("repository", json!({"id": repo.id}))
            .put("state", task.state().as_str())
            .put("session_count", task.sessions.len())
            .put("artifacts", self.artifacts(task))
            .put("archived_at", task.archived_at.map(stamp))
            .put("updated_at", stamp(task.updated_at))
            .put("created_at", stamp(task.created_at));
        if let Some(agent) = &task.asked.custom_agent {
            object = object.put("custom_agent", json!({"id": agent}));
        }
        if sessions {
            let all: Vec<Value> = task.sessions.iter().map(|session| self.session(task, session)).collect();
            object = object.put("sessions", all);
        }
        object.done()
    }

    fn artifacts(&self, task: &Task) -> Value {
        let pull = task.pull.and_then(|number| self.world.repos[task.repo].pull(number));
        let data = match (pull, &task.branch) {
            (Some((_, pull)), _) => {
                let mut data = json!({"id": pull.id});
                if task.script.pull_request.global_id {
                    data["global_id"] = node_id("PR", pull.id).into();
                }
                json!({"provider": "github", "type": "pull", "data": data})
            }
            (None, Some(branch)) => {
                let data = json!({"head_ref": branch, "base_ref": task.asked.base_ref});
                json!({"provider": "github", "type": "branch", "data": data})
            }
            (None, None) => return json!([]),
        };
        json!([data])
    }

    fn session(&self, task: &Task, session: &Session) -> Value {
        let repo = &self.world.repos[task.repo];
        let owner = self.world.people.get(self.world.people.find_or_copilot(&repo.owner));
        let mut object = Object::new()
            .put("id", session.id.as_str())
            .put("name", task.name.as_str())
            .put("user", json!({"id": self.world.people.get(task.asked.creator).id}))
            .put("owner", json!({"id": owner.id}))
            .put("repository", json!({"id": repo.id}))
            .put("task_id", task.id.as_str())
            .put("state", session.state.as_str())
            .put("created_at", stamp(session.created_at))
            .put("updated_at", stamp(session.updated_at))
            .put("prompt", session.prompt.as_str())
            .put("base_ref", task.asked.base_ref.as_str());
        if let Some(at) = session.completed_at {
            object = object.put("completed_at", stamp(at));
        }
        if let Some(head) = &session.head_ref {
            object = object.put("head_ref", head.as_str());
        }
        if let Some(model) = &session.model {
            object = object.put("model", model.as_str());
        }
        if let Some(usage) = self.usage(session) {
            object = object.put("usage", usage);
        }
        if let Some(message) = &session.error {
            object = object.put("error", json!({"message": message}));
        }
        object.done()
    }

    /// What a session says it used: the part of the whole that it has worked, once it has ended or where it tells as it goes.
    fn usage(&self, session: &Session) -> Option<Value> {
        let script = session.script.usage.as_ref()?;
        let ended = session.working_since.is_none() && !session.worked.is_zero();
        let telling = script.live && session.working_since.is_some();
        if !(ended || telling) {
            return None;
        }
        let share = if session.work.is_zero() {
            1.0
        } else {
            (session.worked_by(self.now).as_secs_f64() / session.work.as_secs_f64()).min(1.0)
        };
        let (kind, amount) = match script.premium_requests {
            Some(_) => ("premium_requests", json!(session.full_usage * share)),
            None => ("ai_credits", json!((session.full_usage * share).round() as u64)),
        };
        let field = match script.field {
            UsageField::Amount => "amount",
            UsageField::Credits => "credits",
        };
        Some(json!({"type": kind, field: amount}))
    }
}
