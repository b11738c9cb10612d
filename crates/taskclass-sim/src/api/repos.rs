//! Repositories, branches, rules, the agent's configuration.

use serde_json::{Value, json};

use super::call::Call;
use crate::reply::{Answer, Problem, Reply};
use crate::scenario::RuleScript;
use crate::text::matches_pattern;
use crate::world::repos::Repo;

pub(crate) fn get(call: &mut Call<'_>) -> Answer {
    Ok(Reply::ok(call.view().repo(call.repo_index()?)))
}

pub(crate) fn list_for_org(call: &mut Call<'_>) -> Answer {
    let organization = call.param("org");
    call.world.people.find(organization).ok_or_else(Problem::not_found)?;
    let kind = call.choice("type", &["all", "public", "private", "forks", "sources", "member"])?;
    let sort = call.choice("sort", &["created", "updated", "pushed", "full_name"])?;
    let default = if sort == "full_name" { ["asc", "desc"] } else { ["desc", "asc"] };
    let ascending = call.choice("direction", &default)? == "asc";
    let mine = |repo: &Repo| {
        let kind_fits = match kind {
            "public" | "private" => (repo.script.visibility.as_str() == "public") == (kind == "public"),
            other => other != "forks",
        };
        kind_fits
            && repo.owner.eq_ignore_ascii_case(organization)
            && repo.role(&call.me().login) != "none"
            && crate::auth::reach(call.token, &repo.owner, &repo.full_name()).is_ok()
    };
    let mut found: Vec<usize> = (0..call.world.repos.len()).filter(|index| mine(&call.world.repos[*index])).collect();
    found.sort_by_cached_key(|index| {
        let repo = &call.world.repos[*index];
        match sort {
            "full_name" => (None, repo.full_name()),
            "created" => (Some(repo.created_at), String::new()),
            _ => (Some(repo.pushed_at), String::new()),
        }
    });
    if !ascending {
        found.reverse();
    }
    let view = call.view();
    call.paged(found.into_iter(), |index| view.repo(index))
}

pub(crate) fn branch(call: &mut Call<'_>) -> Answer {
    let name = call.param("branch");
    let repo = call.repo()?;
    let sha = repo.git.branch(name).ok_or_else(|| Problem::new(404, "Branch not found"))?;
    let checks: Vec<&String> =
        rules_for(repo, name).filter_map(|rule| rule.required_checks.as_ref()).flatten().collect();
    let protected = rules_for(repo, name).next().is_some();
    let url = format!("{}/repos/{}/branches/{name}", call.api, repo.full_name());
    let level = if checks.is_empty() { "off" } else { "non_admins" };
    let details: Vec<Value> = checks.iter().map(|context| json!({"context": context, "app_id": null})).collect();
    Ok(Reply::ok(json!({
        "name": name,
        "commit": call.view().commit(call.repo_index()?, sha, false),
        "_links": {"self": url, "html": format!("https://github.com/{}/tree/{name}", repo.full_name())},
        "protected": protected,
        "protection": {
            "enabled": protected,
            "required_status_checks": {"enforcement_level": level, "contexts": checks, "checks": details},
        },
        "protection_url": format!("{url}/protection"),
    })))
}

fn rules_for<'a>(repo: &'a Repo, branch: &'a str) -> impl Iterator<Item = &'a RuleScript> {
    repo.script.rules.iter().filter(move |rule| matches_pattern(&rule.branch, branch))
}

pub(crate) fn branch_rules(call: &mut Call<'_>) -> Answer {
    let repo = call.repo()?;
    let source = json!({
        "ruleset_source_type": "Repository",
        "ruleset_source": repo.full_name(),
        "ruleset_id": repo.id % 1_000_000,
    });
    let rules = rules_for(repo, call.param("branch")).flat_map(rule_objects).map(|mut rule| {
        if let (Some(rule), Some(source)) = (rule.as_object_mut(), source.as_object()) {
            rule.extend(source.clone());
        }
        rule
    });
    call.paged(rules, |rule| rule)
}

/// A scripted rule as GitHub's separate ones.
fn rule_objects(rule: &RuleScript) -> Vec<Value> {
    let reviews = rule.required_reviews.map(|count| {
        json!({"type": "pull_request", "parameters": {
            "required_approving_review_count": count,
            "require_code_owner_review": rule.code_owner_review,
            "require_last_push_approval": false,
            "dismiss_stale_reviews_on_push": false,
            "required_review_thread_resolution": false,
            "allowed_merge_methods": ["merge", "squash", "rebase"],
        }})
    });
    let checks = rule.required_checks.as_ref().map(|checks| {
        let checks: Vec<Value> = checks.iter().map(|context| json!({"context": context})).collect();
        json!({"type": "required_status_checks", "parameters": {
            "required_status_checks": checks,
            "strict_required_status_checks_policy": false,
        }})
    });
    let signatures = rule.required_signatures.then(|| json!({"type": "required_signatures"}));
    let authors = rule.commit_author_email_pattern.as_ref().map(|pattern| {
        json!({"type": "commit_author_email_pattern", "parameters": {"operator": "regex", "pattern": pattern, "negate": false}})
    });
    [reviews, checks, signatures, authors].into_iter().flatten().collect()
}

pub(crate) fn agent_configuration(call: &mut Call<'_>) -> Answer {
    let script = &call.repo()?.script;
    Ok(Reply::ok(json!({
        "mcp_configuration": null,
        "enabled_tools": {
            "codeql": true,
            "copilot_code_review": true,
            "secret_scanning": true,
            "dependency_vulnerability_checks": true,
        },
        "require_actions_workflow_approval": script.require_actions_workflow_approval,
        "is_firewall_enabled": script.firewall,
        "is_firewall_recommended_allowlist_enabled": script.firewall,
        "custom_allowlist": script.firewall_allowlist,
        "is_automations_enabled": false,
        "require_write_access_for_automation_triggers": true,
    })))
}
