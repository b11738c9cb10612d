//! Arguments of the commands about approvals: who signs, with what, and what is asked of the result.

use std::path::PathBuf;

use clap::Args as Group;

/// How a record is signed.
#[derive(Debug, Group)]
#[group(required = true, multiple = false)]
pub struct Signing {
    /// Sign with this private key file (ed25519 or ECDSA P-256)
    #[arg(long, value_name = "FILE")]
    pub key: Option<PathBuf>,
    /// Write the record unsigned and print the ssh-keygen command that signs it (hardware keys, ssh-agent)
    #[arg(long)]
    pub print: bool,
}

/// `approve`
#[derive(Debug, Group)]
#[command(
    after_help = "Examples:\n  taskclass approve dependency-bump --as alice@acme.com --key ~/.ssh/id_ed25519\n  taskclass approve policy --as alice@acme.com --print"
)]
pub struct Approve {
    /// A class's name, or `policy`
    pub name: String,
    /// Who signs: a principal of trust/allowed_signers
    #[arg(long = "as", value_name = "PRINCIPAL")]
    pub principal: String,
    /// How it is signed.
    #[command(flatten)]
    pub signing: Signing,
    /// The commit that was reviewed, and whose content is approved
    #[arg(long, value_name = "REV", default_value = "HEAD")]
    pub commit: String,
    /// How long it counts, such as 30d [default: the policy's max_age]
    #[arg(long, value_name = "DURATION")]
    pub expires_in: Option<String>,
    /// Why, in your words
    #[arg(long, default_value = "")]
    pub note: String,
}

/// `revoke`
#[derive(Debug, Group)]
#[command(
    after_help = "Example: taskclass revoke dependency-bump --as alice@acme.com --key ~/.ssh/id_ed25519 --reason \"prompt lets paths escape\""
)]
pub struct Revoke {
    /// A class's name, or `policy`
    pub name: String,
    /// Who signs: a principal of trust/allowed_signers
    #[arg(long = "as", value_name = "PRINCIPAL")]
    pub principal: String,
    /// How it is signed.
    #[command(flatten)]
    pub signing: Signing,
    /// Why, in your words
    #[arg(long)]
    pub reason: String,
    /// Revoke every approval of the document, whatever its content [default: only of the content at HEAD]
    #[arg(long, conflicts_with = "signed_by")]
    pub all: bool,
    /// Revoke the approvals by one key, as SHA256:…
    #[arg(long, value_name = "FINGERPRINT")]
    pub signed_by: Option<String>,
}

/// `verify`
#[derive(Debug, Group)]
#[command(
    after_help = "Examples:\n  taskclass verify\n  taskclass verify dependency-bump --at v2.0 --config executor.yaml"
)]
pub struct Verify {
    /// A class's name, or `policy` [default: all documents]
    pub name: Option<String>,
    /// The commit to read
    #[arg(long, value_name = "REV", default_value = "HEAD")]
    pub at: String,
    /// The executor's configuration, for its trust pin
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}
