//! How the cloud agent is set up in a repository. The endpoint is a preview: what it leaves out is unknown, not off.

use serde::Deserialize;
use serde_json::Value;

use crate::lenient;

/// The tools that look at the agent's work.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct EnabledTools {
    /// Code scanning.
    pub codeql: Option<bool>,
    /// Copilot's own review.
    pub copilot_code_review: Option<bool>,
    /// Secret scanning.
    pub secret_scanning: Option<bool>,
    /// Known vulnerabilities of dependencies.
    pub dependency_vulnerability_checks: Option<bool>,
}

/// The cloud agent's configuration in a repository.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
pub struct CloudAgentConfiguration {
    /// The MCP servers, as they are written there.
    #[serde(default)]
    pub mcp_configuration: Option<Value>,
    /// The tools that look at the agent's work.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub enabled_tools: EnabledTools,
    /// Whether workflows on the agent's pushes wait for a person.
    #[serde(default)]
    pub require_actions_workflow_approval: Option<bool>,
    /// Whether the agent's network is restricted.
    #[serde(default)]
    pub is_firewall_enabled: Option<bool>,
    /// Whether the firewall lets GitHub's recommended list through.
    #[serde(default)]
    pub is_firewall_recommended_allowlist_enabled: Option<bool>,
    /// What else the firewall lets through.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub custom_allowlist: Vec<String>,
    /// Whether automations may start the agent.
    #[serde(default)]
    pub is_automations_enabled: Option<bool>,
    /// Whether only people with write access may trigger automations.
    #[serde(default)]
    pub require_write_access_for_automation_triggers: Option<bool>,
}
