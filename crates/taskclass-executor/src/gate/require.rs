//! The conditions of `repositories.require` on the live repository. What cannot be read counts as not met.

use taskclass_github::{BranchRule, CallError, Repository, RuleParameters};
use taskclass_spec::RefName;
use taskclass_spec::written::{Require, Visibility};

use super::Refusal;
use super::live::{Look, definite};
use crate::port::github_repo;

/// The conditions that do not hold, or cannot be told.
pub(super) fn unmet(
    look: &Look<'_, '_>,
    require: &Require,
    live: &Repository,
    base_sha: Option<&str>,
) -> Result<Vec<Refusal>, CallError> {
    let repo = github_repo(look.repository)?;
    let (github, base_ref) = (look.github, look.base_ref);
    let mut reasons = Vec::new();
    if let Some(allowed) = &require.visibility {
        let found = live.visibility.as_deref().unwrap_or(if live.private { "private" } else { "public" });
        let allowed: Vec<_> = allowed.iter().map(|visibility| word(*visibility)).collect();
        if !allowed.contains(&found) {
            let what = format!("it is {found}, and the class asks for {}", allowed.join(" or "));
            reasons.push(Refusal::Require { field: "visibility", what });
        }
    }
    if require.required_reviews.is_some() || !require.required_checks.is_empty() {
        let field = "repositories.require.required_reviews and required_checks";
        let rules = github.get_branch_rules(&repo, base_ref.as_str()).and_then(|first| github.collect(first, 10));
        match definite(rules)? {
            Ok(rules) => reasons.extend(by_rules(require, &rules.items, base_ref)),
            Err(error) => reasons.push(Refusal::unreadable(field, &error)),
        }
    }
    if require.firewall == Some(true) {
        match definite(github.get_cloud_agent_configuration(&repo))? {
            Ok(answer) if answer.value.is_firewall_enabled == Some(true) => {}
            Ok(answer) => {
                let found = if answer.value.is_firewall_enabled == Some(false) { "off" } else { "not known to be on" };
                let what =
                    format!("the cloud agent's firewall is {found}; turn it on in the repository's Copilot settings");
                reasons.push(Refusal::Require { field: "firewall", what });
            }
            Err(error) => reasons.push(Refusal::unreadable("repositories.require.firewall", &error)),
        }
    }
    if let (false, Some(sha)) = (require.absent_paths.is_empty(), base_sha) {
        let field = "repositories.require.absent_paths";
        match definite(github.get_tree(&repo, sha, true))? {
            Ok(answer) => {
                let held = answer.value.tree.iter().filter(|entry| entry.kind != "tree");
                let hits: Vec<_> = held
                    .filter_map(|entry| {
                        Some((entry, require.absent_paths.iter().find(|out| out.matches(&entry.path))?))
                    })
                    .collect();
                if let Some((entry, pattern)) = hits.first() {
                    let more = match hits.len() - 1 {
                        0 => String::new(),
                        more => format!(" (and {more} more such files)"),
                    };
                    let path = entry.path.escape_default();
                    let what = format!("it holds `{path}`, which `{pattern}` rules out{more}");
                    reasons.push(Refusal::Require { field: "absent_paths", what });
                } else if answer.value.truncated {
                    let why = "the repository is too large for GitHub to list whole".to_owned();
                    reasons.push(Refusal::Unreadable { field, why });
                }
            }
            Err(error) => reasons.push(Refusal::unreadable(field, &error)),
        }
    }
    Ok(reasons)
}

fn by_rules(require: &Require, rules: &[BranchRule], base_ref: &RefName) -> Vec<Refusal> {
    let mut reasons = Vec::new();
    let found = rules.iter().filter_map(|rule| match &rule.parameters {
        RuleParameters::PullRequest(rule) => Some(rule.required_approving_review_count),
        _ => None,
    });
    let found = found.max().unwrap_or(0);
    if let Some(needed) = require.required_reviews.filter(|needed| found < *needed) {
        let what =
            format!("the rules for `{base_ref}` ask for {found} approving reviews, the class for at least {needed}");
        reasons.push(Refusal::Require { field: "required_reviews", what });
    }
    let asked: Vec<&str> = rules
        .iter()
        .filter_map(|rule| match &rule.parameters {
            RuleParameters::RequiredStatusChecks(checks) => Some(checks),
            _ => None,
        })
        .flat_map(|checks| checks.required_status_checks.iter().map(|check| check.context.as_str()))
        .collect();
    let missing: Vec<_> = require
        .required_checks
        .iter()
        .map(taskclass_spec::CheckName::as_str)
        .filter(|name| !asked.contains(name))
        .collect();
    if !missing.is_empty() {
        let what = format!("the rules for `{base_ref}` do not require {}", missing.join(", "));
        reasons.push(Refusal::Require { field: "required_checks", what });
    }
    reasons
}

fn word(visibility: Visibility) -> &'static str {
    match visibility {
        Visibility::Public => "public",
        Visibility::Internal => "internal",
        Visibility::Private => "private",
    }
}
