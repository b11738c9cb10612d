//! What people did with a pull request: whose reviews there are, whose approvals count, how much was said and worked over.

use std::collections::BTreeMap;

use jiff::Timestamp;
use taskclass_github::{Actor, CallError, Commit, Pull, Review as GithubReview};

use super::collect::{PAGES, Reader};
use crate::clock::to_millis;
use crate::context::Context;
use crate::lifecycle::Task;
use crate::port::{github_repo, is_answer};
use crate::vocab::{Handling, Review};

/// GitHub names at most 250 commits of a comparison on its first page.
const COMPARED_COMMITS: u64 = 250;

fn is_person(actor: &Actor) -> bool {
    actor.kind.as_deref() == Some("User")
}

/// GitHub's reviews as the journal keeps them, oldest first. Those of accounts that are gone are left out.
pub(super) fn as_reviews(reviews: &[GithubReview], sha: &str) -> Vec<Review> {
    let review = |review: &GithubReview| {
        let user = review.user.as_ref()?;
        Some(Review {
            login: user.login.clone(),
            user_id: user.id.0,
            person: is_person(user),
            state: review.state.to_string(),
            at_head: review.commit_id.as_deref() == Some(sha),
            at: review.submitted_at.map(to_millis),
        })
    };
    reviews.iter().filter_map(review).collect()
}

/// Everybody's latest review that says something: a comment takes no approval back.
pub(super) fn latest(reviews: Vec<Review>) -> Vec<Review> {
    let mut by: BTreeMap<i64, Review> = BTreeMap::new();
    for review in reviews.into_iter().filter(|review| !matches!(review.state.as_str(), "COMMENTED" | "PENDING")) {
        by.insert(review.user_id, review);
    }
    by.into_values().collect()
}

/// What became of a pull request that has ended. What GitHub refuses to show is unknown.
///
/// # Errors
/// Where GitHub gives no answer.
pub(crate) fn read(context: &Context<'_>, task: &Task, pull: &Pull) -> Result<Handling, CallError> {
    let repo = github_repo(&task.plan.repository)?;
    let mut reader = Reader::new(&context.github, &repo);
    let (github, number) = (&context.github, pull.number);
    let ended_at = pull.merged_at.or(pull.closed_at).map(to_millis);
    let before = |at: Option<Timestamp>| ended_at.is_none_or(|end| at.is_some_and(|at| at <= end));
    let ours = task.plan.token_owner.id;
    let listed = github.list_pull_reviews(&repo, number).and_then(|first| github.collect(first, PAGES));
    let listed = reader.take(listed, "reviews")?.map(|reviews| as_reviews(&reviews.items, &pull.head.sha));
    let reviews: Option<Vec<Review>> =
        listed.map(|all| all.into_iter().filter(|review| review.person && before(review.at)).collect());
    let of_others = reviews.as_ref().map(|all| all.iter().filter(|review| review.user_id != ours));
    let first_review_at = of_others.clone().and_then(|reviews| reviews.filter_map(|review| review.at).min());
    let comments = github.list_pull_comments(&repo, number).and_then(|first| github.collect(first, PAGES));
    let comments = reader.take(comments, "comments")?.map(|comments| {
        let counts = |user: &Actor| is_person(user) && user.id.0 != ours;
        comments.items.iter().filter(|comment| comment.user.as_ref().is_some_and(counts)).count() as u64
    });
    let compared = reader.take(github.compare(&repo, &pull.base.sha, &pull.head.sha), "commits")?;
    let compared = compared.map(|answer| answer.value.body).filter(|all| all.total_commits < COMPARED_COMMITS);
    let own = |commit: &&Commit| commit.parents.len() < 2;
    let commits = compared.as_ref().map(|all| all.commits.iter().filter(own));
    let made = |commit: &Commit| commit.commit.committer.as_ref().and_then(|committer| committer.date);
    let after = |at: Timestamp| {
        let later = |commit: &&Commit| made(commit).is_some_and(|made| made > at);
        commits.clone().map(|commits| commits.filter(later).count() as u64)
    };
    let approved_by = match &reviews {
        Some(reviews) => Some(approved_by(context, task, pull, reviews.clone())?),
        None => None,
    };
    Ok(Handling {
        ended_at,
        merged_by: pull.merged_by.as_ref().map(|by| by.login.clone()),
        approved_by,
        reviews: of_others.map(|reviews| reviews.count() as u64),
        first_review_at,
        comments,
        commits: commits.clone().map(|commits| commits.count() as u64),
        commits_after_review: match (&reviews, first_review_at) {
            (None, _) => None,
            (Some(_), None) => commits.clone().map(|_| 0),
            (Some(_), Some(at)) => after(at),
        },
    })
}

/// Whose approval counts. Who may approve is asked of GitHub, and only of those whose approval would count; where it does not say, it
/// does not count.
fn approved_by(
    context: &Context<'_>,
    task: &Task,
    pull: &Pull,
    reviews: Vec<Review>,
) -> Result<Vec<String>, CallError> {
    let repo = github_repo(&task.plan.repository)?;
    let author = pull.user.as_ref().map(|user| user.id.0);
    let mut counted = Vec::new();
    for review in latest(reviews) {
        let own = review.user_id == task.plan.token_owner.id || Some(review.user_id) == author;
        if own || !review.at_head || review.state != "APPROVED" {
            continue;
        }
        match context.github.collaborator_permission(&repo, &review.login) {
            Ok(answer) if answer.value.can_write() => counted.push(review.login),
            Ok(_) => {}
            Err(error) if is_answer(&error) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(counted)
}
