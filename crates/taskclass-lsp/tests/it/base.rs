//! A small registry for tests.

pub(crate) const POLICY: &str = "\
schema: policy/v1
registry: acme/agent-tasks
models:
  allow: [gpt-5.3-codex, claude-sonnet-4.6, claude-opus-4.6]
  sensitive: {repositories: [\"acme/*-payments\"], allow: [claude-opus-4.6]}
repositories: {deny: [\"acme/*-prod\"]}
paths: {deny: [\".github/workflows/**\"]}
approvals: {quorum: {low: 1, medium: 1, high: 2}, max_age: 180d}
maxima: {per_task: 200, per_day: 5000, submissions_per_hour: 400, in_flight: 60, open_pull_requests: 120, stage_repositories: 50, run: 65m}
free_reach: 3
escalation: {repository: acme/agent-inbox, owner: \"@acme/platform\"}
tokens: {kinds: [fine_grained_pat], max_age: 90d}
";

pub(crate) const INVENTORY: &str =
    "acme/agent-inbox\nacme/docs\nacme/svc-billing\nacme/svc-orders\nacme/svc-orders-prod\n";

pub(crate) const PROMPT: &str = "\
Raise `{{ inputs.package }}` in {{ run.repository }}.
{% include \"partials/small.md\" %}
";

pub(crate) const PARTIAL: &str = "Keep the change to {{ inputs.package }} small. Done when the build passes.\n";

/// A class that lints clean.
pub(crate) const CLASS: &str = include_str!("class.yaml");

/// All of it.
pub(crate) const FILES: [(&str, &str); 5] = [
    ("policy.yaml", POLICY),
    ("inventory.txt", INVENTORY),
    ("task-classes/bump.yaml", CLASS),
    ("task-classes/prompts/bump.md", PROMPT),
    ("task-classes/prompts/partials/small.md", PARTIAL),
];
