//! From GitHub's answers to the journal's words.

use jiff::Timestamp;
use taskclass_github::{Artifact, Pull, Task as GithubTask};

use crate::clock::to_millis;
use crate::vocab::{AgentState, AgentView, ArtifactRef, PullView, TaskRef};

/// The greatest whole number that every JSON reader keeps exactly; more credits than this are no usage that was measured.
const EXACT: u64 = (1 << 53) - 1;

/// A task's reference.
pub(crate) fn task_ref(task: &GithubTask, now: Timestamp) -> TaskRef {
    TaskRef {
        id: task.id.to_string(),
        url: task.html_url.clone(),
        created_at: to_millis(task.created_at.unwrap_or(now)),
    }
}

/// A task as it is now. Without sessions (just after creation) what only they tell is not known.
pub(crate) fn view(task: &GithubTask, now: Timestamp) -> AgentView {
    let sessions = task.sessions.iter().flatten();
    let latest = task.latest_session();
    let mut models = Vec::new();
    for model in sessions.clone().filter_map(taskclass_github::Session::model) {
        if !models.contains(&model) {
            models.push(model);
        }
    }
    let usage = task.usage();
    let whole = usage.premium_requests.0 == 0;
    AgentView {
        state: AgentState::parse(task.state.as_str()),
        updated_at: to_millis(task.updated_at.or(task.created_at).unwrap_or(now)),
        sessions: sessions.clone().map(|session| session.id.to_string()).collect(),
        head_ref: latest.and_then(|session| session.head_ref.clone()),
        artifacts: task.artifacts.iter().filter_map(artifact).collect(),
        models,
        model_unsaid: sessions.clone().any(|session| session.model().is_none()),
        nano_credits: usage.known_credits().map(|credits| credits.0).filter(|nanos| whole && *nanos <= EXACT),
        error: latest.and_then(|session| session.error_message.clone()),
        archived: task.archived_at.is_some(),
    }
}

/// A task as its row in a list shows it now. What rows do not have is as it was.
pub(crate) fn row(row: &GithubTask, known: Option<&AgentView>, now: Timestamp) -> AgentView {
    let seen = view(row, now);
    match known {
        None => seen,
        Some(known) => AgentView {
            state: seen.state,
            updated_at: seen.updated_at,
            archived: seen.archived,
            artifacts: if seen.artifacts.is_empty() { known.artifacts.clone() } else { seen.artifacts },
            ..known.clone()
        },
    }
}

fn artifact(artifact: &Artifact) -> Option<ArtifactRef> {
    match artifact {
        Artifact::Pull { id, .. } => Some(ArtifactRef::Pull { id: id.0 }),
        Artifact::Branch { head_ref, base_ref } => {
            Some(ArtifactRef::Branch { head_ref: head_ref.clone(), base_ref: base_ref.clone() })
        }
        Artifact::Other { .. } => None,
    }
}

/// A pull request as it is now.
pub(crate) fn pull(pull: &Pull) -> PullView {
    PullView {
        number: pull.number.0,
        id: pull.id.0,
        url: pull.html_url.clone(),
        open: pull.state.as_str() == "open",
        merged: pull.is_merged(),
        draft: pull.draft == Some(true),
        head_ref: pull.head.branch.clone(),
        head_sha: pull.head.sha.clone(),
        base_ref: pull.base.branch.clone(),
        merge_commit: pull.merge_commit_sha.clone().filter(|_| pull.is_merged()),
        mergeable: pull.mergeable,
        created_at: to_millis(pull.created_at),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_that_does_not_say_its_model_is_remembered_beside_those_that_do() {
        let session = |id: &str, model: Option<&str>| serde_json::json!({"id": id, "state": "completed", "created_at": "2026-12-01T00:00:00Z", "model": model});
        for (models, unsaid) in [
            (vec![Some("gpt-5.3-codex"), None], true),
            (vec![Some("gpt-5.3-codex"), Some(" ")], true),
            (vec![Some("gpt-5.3-codex"), Some("gpt-5.3-codex")], false),
        ] {
            let sessions: Vec<_> = models.iter().map(|model| session("s", *model)).collect();
            let task = serde_json::json!({
                "id": "t", "state": "completed", "created_at": "2026-12-01T00:00:00Z", "updated_at": "2026-12-01T00:00:00Z",
                "sessions": sessions
            });
            let task: GithubTask = serde_json::from_value(task).unwrap();
            let view = view(&task, Timestamp::UNIX_EPOCH);
            assert_eq!((view.models, view.model_unsaid), (vec!["gpt-5.3-codex".to_owned()], unsaid), "{models:?}");
        }
    }
}
