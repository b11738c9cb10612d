//! What stands behind a 403 that is neither a limit nor single sign-on nor a missing permission: told apart by GitHub's words.
//!
//! GitHub gives these refusals no code, and its words may change: what is not recognised is said as GitHub said it.

use std::fmt;

/// A rule that stands in the way, as far as GitHub's words tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Barrier {
    /// The organisation, enterprise or user has the cloud agent turned off.
    AgentOff,
    /// The cloud agent is on, but not for this repository.
    NotThisRepository,
    /// The token's user has no licence for the agent.
    NoLicence,
    /// The credits or the budget are used up.
    NoCredits,
    /// The address from which the request came is not on the organisation's list.
    AddressNotAllowed,
    /// The organisation does not accept tokens of this kind, or of this life.
    TokenNotAccepted,
    /// An installation token, which this API does not take.
    InstallationToken,
    /// The user's rights do not reach.
    NoRights,
    /// The repository is archived.
    Archived,
    /// The account, or the access to the repository, is suspended.
    Suspended,
    /// None that this program knows.
    Unknown,
}

/// Words that give a barrier away: every one of a line must occur. The first line that fits decides.
const WORDS: [(&[&str], Barrier); 33] = [
    (&["ip allow list"], Barrier::AddressNotAllowed),
    (&["ip address", "not permitted"], Barrier::AddressNotAllowed),
    (&["ip address", "not allowed"], Barrier::AddressNotAllowed),
    (&["not accessible by integration"], Barrier::InstallationToken),
    (&["installation", "not supported"], Barrier::InstallationToken),
    (&["github app", "not supported"], Barrier::InstallationToken),
    (&["forbids access via a personal access token"], Barrier::TokenNotAccepted),
    (&["forbids access via a fine-grained personal access token"], Barrier::TokenNotAccepted),
    (&["personal access token", "lifetime"], Barrier::TokenNotAccepted),
    (&["personal access tokens", "not", "approved"], Barrier::TokenNotAccepted),
    (&["oauth app access restrictions"], Barrier::TokenNotAccepted),
    (&["archived"], Barrier::Archived),
    (&["suspended"], Barrier::Suspended),
    (&["access blocked"], Barrier::Suspended),
    (&["copilot", "license"], Barrier::NoLicence),
    (&["copilot", "licence"], Barrier::NoLicence),
    (&["copilot", "seat"], Barrier::NoLicence),
    (&["copilot", "subscription"], Barrier::NoLicence),
    (&["premium request"], Barrier::NoCredits),
    (&["credits"], Barrier::NoCredits),
    (&["quota"], Barrier::NoCredits),
    (&["spending limit"], Barrier::NoCredits),
    (&["budget"], Barrier::NoCredits),
    (&["agent", "repositor", "not enabled"], Barrier::NotThisRepository),
    (&["agent", "repositor", "disabled"], Barrier::NotThisRepository),
    (&["copilot", "repositor", "not enabled"], Barrier::NotThisRepository),
    (&["copilot", "repositor", "disabled"], Barrier::NotThisRepository),
    (&["copilot"], Barrier::AgentOff),
    (&["cloud agent"], Barrier::AgentOff),
    (&["coding agent"], Barrier::AgentOff),
    (&["must have", "rights"], Barrier::NoRights),
    (&["must have", "access"], Barrier::NoRights),
    (&["write access"], Barrier::NoRights),
];

impl Barrier {
    /// What GitHub's words mean.
    pub(super) fn of(message: &str) -> Self {
        let message = message.to_ascii_lowercase();
        let fits = |words: &[&str]| words.iter().all(|word| message.contains(word));
        WORDS.iter().find(|(words, _)| fits(words)).map_or(Self::Unknown, |(_, barrier)| *barrier)
    }
}

impl fmt::Display for Barrier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AgentOff => {
                "the cloud agent is turned off; an owner of the organisation (or, above it, of the enterprise) turns it on in the \
                 Copilot policies"
            }
            Self::NotThisRepository => {
                "the cloud agent is not enabled for this repository; an owner of the organisation adds it in the Copilot settings \
                 under the cloud agent's repository access"
            }
            Self::NoLicence => {
                "the token's user has no Copilot licence that includes the cloud agent; an owner assigns one, or another user's token is used"
            }
            Self::NoCredits => {
                "the AI credits or the budget of this user or organisation are used up; an owner raises the budget, or it waits for the \
                 next billing period"
            }
            Self::AddressNotAllowed => {
                "the organisation's IP allow list does not have the address that this came from; run it from one that is listed, or have \
                 an owner add this one"
            }
            Self::TokenNotAccepted => {
                "the organisation does not accept a token of this kind or of this life; make a fine-grained token within its rules, or \
                 have an owner approve this one"
            }
            Self::InstallationToken => {
                "this API does not take an app's installation token (`ghs_`, and Actions' own `GITHUB_TOKEN`); use a user's token: \
                 fine-grained, or of an app on behalf of a user"
            }
            Self::NoRights => "the token's user may not do this here; give that user write access to the repository",
            Self::Archived => "the repository is archived and takes no changes; unarchive it in its settings",
            Self::Suspended => "the account or the repository is suspended; its owner must settle that with GitHub",
            Self::Unknown => {
                "not allowed by a policy, plan or setting, or for lack of write access; ask an owner whether the cloud agent is enabled \
                 for this repository and whether the token's user may use it"
            }
        })
    }
}
