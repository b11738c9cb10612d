//! `broad-token`: the policy lets the executor run with a token that can do everything its owner can.

use taskclass_spec::written::TokenKind;

use crate::context::PolicyContext;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// The policy lets the executor run with a token that can do everything its owner can.
    ///
    /// ## What it does
    /// Reports `classic_pat` and `oauth` under `tokens.kinds`.
    ///
    /// ## Why it matters
    /// A fine-grained token is bound to repositories, permissions and a date. A classic one reaches all that its owner does.
    ///
    /// ## Bad
    /// ```yaml
    /// # file: policy.yaml
    /// tokens: {kinds: [fine_grained_pat, classic_pat], max_age: 90d}
    ///                                    ^^^^^^^^^^^
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// # file: policy.yaml
    /// tokens: {kinds: [fine_grained_pat], max_age: 90d}
    /// ```
    name: "broad-token", family: Policy, level: Warning, hold: Free, check: Policy(check)
}

fn check(cx: &PolicyContext<'_>, sink: &mut Sink<'_>) {
    for (index, kind) in cx.policy.tokens.kinds.iter().enumerate() {
        let what = match kind {
            TokenKind::ClassicPat => "a classic token reaches everything that its owner does",
            TokenKind::Oauth => "an OAuth token reaches everything that its scopes allow its owner",
            TokenKind::FineGrainedPat | TokenKind::AppUser => continue,
        };
        sink.report(cx.at(&format!("tokens.kinds[{index}]")).value(""), what, |finding| {
            finding.with_help("use `fine_grained_pat` or `app_user`")
        });
    }
}
