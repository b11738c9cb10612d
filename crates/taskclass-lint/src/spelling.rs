//! "Did you mean" as an edit: safe where what was meant is plain, and offered only to who asks for more where it is not.

use taskclass_source::{Edit, Fix};
use taskclass_spec::suggest::plainly;

/// The fix that makes `edit`, which writes `meant` in the place of `written`.
pub(crate) fn correction(written: &str, meant: &str, edit: Edit) -> Fix {
    let title = format!("write `{meant}`");
    if plainly(written, meant) { Fix::safe(title, vec![edit]) } else { Fix::unsafe_(title, vec![edit]) }
}

/// What is said at a word for which another was probably meant.
pub(crate) fn did_you_mean(meant: Option<&str>) -> String {
    meant.map(|meant| format!("did you mean `{meant}`?")).unwrap_or_default()
}
