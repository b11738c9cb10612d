//! Signing a record: with a key file here, or with `ssh-keygen` where the key is.

use std::{fs, path::Path};

use taskclass_approval::{
    keyfile::{KeyFile, SigningKey},
    write::Draft,
};
use taskclass_spec::Principal;

use crate::{
    args::Signing,
    exit::Failure,
    reviewed::Reviewed,
    ui::{Tone, Ui},
};

/// How a record gets its signature.
pub(crate) enum Signer {
    /// By a key at hand.
    Key(Box<SigningKey>),
    /// By a person, with the command that is printed.
    Elsewhere,
}

impl Signer {
    /// Opens the key, and checks before anything is written that its signature would count.
    pub(crate) fn choose(reviewed: &Reviewed, principal: &Principal, signing: &Signing) -> Result<Self, Failure> {
        let mut known = reviewed.signers.of(principal).peekable();
        if known.peek().is_none() {
            return Err(Failure::refused(format!(
                "{principal} is not in trust/allowed_signers at {}",
                reviewed.commit
            ))
            .help("the file says how a line is made; commit it, and renew the executor's pin"));
        }
        let Some(path) = &signing.key else { return Ok(Self::Elsewhere) };
        let KeyFile::Open(key) = KeyFile::read(path).map_err(Failure::usage)? else {
            return Err(Failure::usage(format!("the key {} has a passphrase; use --print", path.display())));
        };
        if !known.any(|signer| *signer.fingerprint() == key.fingerprint()) {
            return Err(Failure::refused(format!(
                "the key {} ({}) is not {principal}'s in trust/allowed_signers",
                path.display(),
                key.fingerprint()
            )));
        }
        Ok(Self::Key(Box::new(key)))
    }

    /// Writes the record, and its signature if the key is here.
    pub(crate) fn sign(&self, draft: &Draft, root: &Path, ui: &mut Ui) -> Result<(), Failure> {
        let record = root.join(&draft.path);
        let signature = root.join(draft.signature_path());
        let cannot = |path: &Path, error: std::io::Error| {
            Failure::usage(format!("`{}` cannot be written: {error}", path.display()))
        };
        let folder = record.parent().unwrap_or(root);
        fs::create_dir_all(folder).map_err(|error| cannot(folder, error))?;
        // A record without its signature counts as a refusal, so the old signature must not stay beside a new record.
        if signature.exists() {
            fs::remove_file(&signature).map_err(|error| cannot(&signature, error))?;
        }
        fs::write(&record, &draft.bytes).map_err(|error| cannot(&record, error))?;
        ui.line(format!("{} {}", ui.paint("wrote", Tone::Dim), draft.path));
        match self {
            Self::Key(key) => {
                let text = draft.sign(key).map_err(Failure::usage)?;
                fs::write(&signature, text).map_err(|error| cannot(&signature, error))?;
                ui.line(format!("{} {}", ui.paint("wrote", Tone::Dim), draft.signature_path()));
                ui.note("Next: commit both files; `taskclass verify` then says what counts");
            }
            Self::Elsewhere => {
                ui.note("Sign it where the key is, in the registry's folder, then commit both files:");
                ui.line(format!("  {}", draft.command()));
            }
        }
        Ok(())
    }
}
