//! The rules, one file each. A rule is added by its file and one line here; everything else is made from the list.

use crate::rule::Rule;

/// Declares each module and puts its rule into the catalogue.
macro_rules! rules {
    ($($module:ident,)+) => {
        $(mod $module;)+
        static CATALOGUE: &[&Rule] = &[$(&$module::RULE),+];
    };
}

rules! {
    yaml_syntax,
    duplicate_key,
    yaml_alias,
    yaml_tag,
    ambiguous_scalar,
    multiple_documents,
    not_utf8,
    line_endings,
    file_too_large,
    unreadable_file,
    unknown_field,
    missing_field,
    wrong_type,
    invalid_value,
    out_of_range,
    float_value,
    unsupported_schema,
    duplicate_entry,
    name_mismatch,
    duplicate_name,
    thin_description,
    missing_owner,
    owner_not_a_team,
    unknown_model,
    retired_model,
    closing_model,
    implicit_model,
    model_against_policy,
    looser_override,
    stale_catalogue,
    model_out_of_proportion,
    unbounded_repositories,
    dead_pattern,
    useless_deny,
    shadowed_pattern,
    policy_denied_repository,
    sensitive_repository,
    foreign_owner,
    invalid_inventory,
    unbounded_base_ref,
    default_not_allowed,
    base_ref_without_protection,
    exploratory_pull_request,
    agent_opens_unvalidated,
    no_reviewer,
    self_review,
    unbounded_paths,
    workflow_files_in_scope,
    no_size_limit,
    no_required_check,
    scope_against_policy,
    missing_escalation,
    unhandled_state,
    ladder_not_rising,
    deadline_before_last_rung,
    timeout_order,
    run_below_session_limit,
    rate_above_github,
    unbounded_in_flight,
    limit_against_policy,
    missing_budget,
    budget_order,
    budget_against_policy,
    missing_rollout,
    stage_not_growing,
    gate_without_samples,
    unknown_metric,
    stage_against_policy,
    ungated_widening,
    open_callers,
    unknown_caller_form,
    missing_policy,
    policy_without_ceiling,
    broad_token,
    quorum_order,
    lowered_rule,
    unknown_rule,
    suppression_without_reason,
    unused_suppression,
    suppressed_security_rule,
}

/// Every rule, family by family.
pub fn catalogue() -> &'static [&'static Rule] {
    CATALOGUE
}

/// The rule of that name.
pub fn find(name: &str) -> Option<&'static Rule> {
    CATALOGUE.iter().copied().find(|rule| rule.name == name)
}
