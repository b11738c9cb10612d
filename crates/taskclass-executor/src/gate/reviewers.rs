//! Whether those whose review a class asks for can give it: GitHub turns the whole request away if one of them cannot, and an approval
//! counts only from somebody who may write.

use taskclass_github::{CallError, Repository};
use taskclass_spec::Owner;
use taskclass_spec::written::CreatePullRequest;

use super::Refusal;
use super::live::{Look, definite};
use crate::port::github_repo;

/// Those who cannot.
pub(super) fn unable(look: &Look<'_, '_>, live: &Repository) -> Result<Vec<Refusal>, CallError> {
    let class = look.class.written();
    let reviewers = &class.pull_request.reviewers;
    if reviewers.is_empty() || look.class.single_run_pull_request() == CreatePullRequest::Never {
        return Ok(Vec::new());
    }
    let mut reasons = Vec::new();
    let is_ours = |reviewer: &Owner| matches!(reviewer, Owner::User(login) if login.eq_ignore_ascii_case(look.login));
    if reviewers.iter().all(is_ours) {
        let why = "it is as whom the task runs, and nobody reviews their own pull request: name somebody else as well";
        reasons.push(refusal(0, &reviewers[0], why.to_owned()));
        return Ok(reasons);
    }
    let approval_counts = class.validation.min_approvals.is_some_and(|least| least > 0)
        || class
            .repositories
            .require
            .as_ref()
            .and_then(|require| require.required_reviews)
            .is_some_and(|least| least > 0);
    let repo = github_repo(look.repository)?;
    for (place, reviewer) in reviewers.iter().enumerate() {
        match reviewer {
            Owner::User(_) if is_ours(reviewer) => {}
            Owner::User(login) => match definite(look.github.collaborator_permission(&repo, login))? {
                Ok(answer) if answer.value.can_write() => {}
                Ok(answer) => {
                    // Of a public repository everybody may read; that makes nobody a collaborator.
                    let reads = answer.value.permission == "read" && live.private;
                    if !reads {
                        let why = format!(
                            "they are no collaborator of {}: invite them, or name somebody else",
                            look.repository
                        );
                        reasons.push(refusal(place, reviewer, why));
                    } else if approval_counts {
                        let why = format!(
                            "they may only read {}, and the class needs an approval, which counts only from somebody who may write",
                            look.repository
                        );
                        reasons.push(refusal(place, reviewer, why));
                    }
                }
                Err(error) if error.is_not_found() => {
                    let why = format!(
                        "GitHub knows no such collaborator of {}: invite them, or name somebody else",
                        look.repository
                    );
                    reasons.push(refusal(place, reviewer, why));
                }
                Err(error) => reasons.push(Refusal::unreadable("pull_request.reviewers", &error)),
            },
            // That it is of the repository's own organisation is known without asking; who is in it is not for every token to know.
            Owner::Team { .. } => {
                if live.owner.kind.as_deref().is_some_and(|kind| kind != "Organization") {
                    let why = format!("{} belongs to a person, and only organisations have teams", look.repository);
                    reasons.push(refusal(place, reviewer, why));
                }
            }
        }
    }
    Ok(reasons)
}

fn refusal(place: usize, reviewer: &Owner, why: String) -> Refusal {
    Refusal::Reviewer { field: format!("pull_request.reviewers[{place}]"), reviewer: reviewer.to_string(), why }
}
