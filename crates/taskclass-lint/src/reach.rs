//! What is wrong with an entry of `repositories.allow`, for rules of which only one should speak of it.

use taskclass_spec::RepoPattern;

use crate::context::ClassContext;

/// Where the policy denies all that an entry of `repositories.allow` allows: the place in its list.
pub(crate) fn denied_by_policy(cx: &ClassContext<'_>, allowed: &RepoPattern) -> Option<usize> {
    cx.policy()?.policy.repositories.deny.iter().position(|denied| denied.takes_in(allowed))
}

/// Whether an entry is of another owner than the registry's, so that the organisation's inventory cannot list it.
pub(crate) fn is_foreign(cx: &ClassContext<'_>, allowed: &RepoPattern) -> bool {
    cx.policy().is_some_and(|policy| !allowed.owner().eq_ignore_ascii_case(policy.policy.registry.owner()))
}

/// Whether an entry allows every repository of its owner.
pub(crate) fn is_everything(allowed: &RepoPattern) -> bool {
    allowed.as_str().split_once('/').is_some_and(|(_, name)| name.bytes().all(|byte| byte == b'*'))
}
