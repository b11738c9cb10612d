//! From the editor's names of files to paths, and back.

use std::path::{Path, PathBuf};

use gen_lsp_types::Uri;
use url::Url;

/// The path of a `file:` URI on this machine; `None` for any other, such as a document that was never saved.
pub(crate) fn to_path(uri: &Uri) -> Option<PathBuf> {
    let url = Url::parse(&uri.0).ok()?;
    (url.scheme() == "file").then(|| url.to_file_path().ok()).flatten()
}

/// The URI of an absolute path.
pub(crate) fn of_path(path: &Path) -> Option<Uri> {
    Some(Uri(Url::from_file_path(path).ok()?.into()))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn only_files_of_this_machine_have_a_path() {
        let path = |text: &str| to_path(&Uri(text.to_owned()));
        assert_eq!(path("file:///a%20b/%E8%AA%9E.yaml").as_deref(), Some(Path::new("/a b/語.yaml")));
        assert_eq!(path("file:///a/../b"), Some("/b".into()));
        for other in ["untitled:Untitled-1", "git:/a/b.yaml", "file://other-machine/share/a", "no uri", ""] {
            assert_eq!(path(other), None, "{other}");
        }
        assert_eq!(of_path(Path::new("/a b/語.yaml")).unwrap().0, "file:///a%20b/%E8%AA%9E.yaml");
        assert_eq!(of_path(Path::new("relative")), None);
    }
}
