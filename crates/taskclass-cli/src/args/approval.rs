//! Arguments of the commands about approvals: who signs, with what, and what is asked of the result.

use std::path::PathBuf;

use clap::Args as Group;
use jiff::{Timestamp, civil::Date, tz::TimeZone};

/// How a record is signed.
#[derive(Debug, Group)]
#[group(required = true, multiple = true)]
pub struct Signing {
    /// Sign with this private key file (ed25519 or ECDSA P-256); a passphrase is asked for on the terminal. With --agent: the
    /// public key file of the key to sign with
    #[arg(long, value_name = "FILE", conflicts_with_all = ["print", "attach"])]
    pub key: Option<PathBuf>,
    /// Sign with the signer's key that the ssh-agent at SSH_AUTH_SOCK holds
    #[arg(long, conflicts_with_all = ["print", "attach"])]
    pub agent: bool,
    /// Sign nothing: print the exact bytes to sign where the key is (a hardware key, another machine)
    #[arg(long, conflicts_with = "attach")]
    pub print: bool,
    /// File the record that --print gave, with the signature that ssh-keygen made beside it
    #[arg(long, value_name = "SIGFILE")]
    pub attach: Option<PathBuf>,
}

/// `approve`
#[derive(Debug, Group)]
#[command(
    after_help = "Examples:\n  taskclass approve dependency-bump --as alice@acme.com --key ~/.ssh/id_ed25519\n  taskclass approve policy --as alice@acme.com --agent\n  taskclass approve --all --as alice@acme.com --agent --yes --note \"Reviewed in #42\"\n  taskclass approve policy --as alice@acme.com --print > policy.json\n  taskclass approve policy --as alice@acme.com --attach policy.json.sig\n\nExit codes: 0 signed · 1 lint errors · 2 wrong usage, or nobody to ask · 3 refused, or not signed"
)]
pub struct Approve {
    /// Classes by name, or `policy`
    #[arg(value_name = "NAME", required_unless_present = "all", conflicts_with = "all")]
    pub names: Vec<String>,
    /// Every document that lacks approvals, or whose approvals end soon, and that waits for this signer
    #[arg(long, conflicts_with_all = ["print", "attach"])]
    pub all: bool,
    /// Who signs: a principal of trust/allowed_signers
    #[arg(long = "as", value_name = "PRINCIPAL")]
    pub principal: String,
    /// How it is signed.
    #[command(flatten)]
    pub signing: Signing,
    /// The commit that was reviewed, and whose content is approved
    #[arg(long, value_name = "REV", default_value = "HEAD")]
    pub commit: String,
    /// What the review is held against.
    #[command(flatten)]
    pub held: super::HeldTo,
    /// How long it counts, such as 30d [default: the policy's max_age; 24h with --break-glass]
    #[arg(long, value_name = "DURATION", conflicts_with = "attach")]
    pub expires: Option<String>,
    /// Why, in your words
    #[arg(long, default_value = "", conflicts_with = "attach")]
    pub note: String,
    /// An approval for an emergency: 24h at most, with the reason in --note; whatever runs under it escalates
    #[arg(long, conflicts_with = "attach")]
    pub break_glass: bool,
    /// Sign without asking; with --quiet the review is not shown either
    #[arg(long, short)]
    pub yes: bool,
}

/// `revoke`
#[derive(Debug, Group)]
#[command(
    after_help = "Examples:\n  taskclass revoke dependency-bump --as alice@acme.com --key ~/.ssh/id_ed25519 --reason \"prompt lets paths escape\"\n  taskclass revoke --signed-by SHA256:… --as alice@acme.com --agent --reason \"laptop lost\"\n\nExit codes: 0 signed · 2 wrong usage, or nobody to ask · 3 refused, or not signed"
)]
pub struct Revoke {
    /// A class's name, or `policy`: its content at HEAD
    #[arg(value_name = "NAME", required_unless_present = "signed_by")]
    pub name: Option<String>,
    /// Who signs: a principal of trust/allowed_signers
    #[arg(long = "as", value_name = "PRINCIPAL")]
    pub principal: String,
    /// How it is signed.
    #[command(flatten)]
    pub signing: Signing,
    /// Why, in your words
    #[arg(
        long,
        visible_alias = "note",
        value_name = "TEXT",
        required_unless_present = "attach",
        conflicts_with = "attach"
    )]
    pub reason: Option<String>,
    /// Revoke this content instead of that at HEAD: a digest, or its first 12 hexadecimal digits or more
    #[arg(long, value_name = "DIGEST", conflicts_with_all = ["all", "signed_by"])]
    pub digest: Option<String>,
    /// Revoke every approval of the document so far, whatever its content
    #[arg(long, conflicts_with = "signed_by")]
    pub all: bool,
    /// Revoke every approval by one key, of any document, as SHA256:…
    #[arg(long, value_name = "FINGERPRINT", conflicts_with = "name")]
    pub signed_by: Option<String>,
    /// Sign without asking
    #[arg(long, short)]
    pub yes: bool,
}

/// `verify`
#[derive(Debug, Group)]
#[command(
    after_help = "Examples:\n  taskclass verify\n  taskclass verify dependency-bump --config executor.yaml\n  taskclass verify dependency-bump --at v2.0 --on 2026-11-21\n\nExit codes: 0 all approved, the policy with them · 2 wrong usage, or what cannot be read · 3 something is not approved"
)]
pub struct Verify {
    /// A class's name, or `policy` [default: all documents]
    pub name: Option<String>,
    /// The commit to read, with its trust file and its policy [default: HEAD; with --config what a run would read]
    #[arg(long, value_name = "REV")]
    pub at: Option<String>,
    /// The moment to decide for, past or future, as 2026-11-21T10:00:00Z; a date is its last second (UTC) [default: now]
    #[arg(long, value_name = "DATE|TIME", value_parser = moment)]
    pub on: Option<Timestamp>,
    /// The executor's configuration: its trust pin, its branch, and the last commit that it accepted
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// A moment, or the last second of a day.
fn moment(text: &str) -> Result<Timestamp, String> {
    if let Ok(moment) = text.parse() {
        return Ok(moment);
    }
    let end = text.parse::<Date>().ok().and_then(|day| day.at(23, 59, 59, 0).to_zoned(TimeZone::UTC).ok());
    end.map(|end| end.timestamp())
        .ok_or_else(|| "expected a date or a time in UTC, such as 2026-11-21 or 2026-11-21T10:00:00Z".to_owned())
}
