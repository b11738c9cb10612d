//! Several files in one input: a line `=== path` begins each; what stands before the first has a name that the target gives.

use taskclass_source::RegistryPath;

/// The most files that are taken from one input.
const MAX_FILES: usize = 64;

/// The files of `bytes`, the first of which is `first`. A part whose line names no path of a registry is left out.
pub(crate) fn split(bytes: &[u8], first: &str) -> Vec<(RegistryPath, Vec<u8>)> {
    let mut files = Vec::new();
    let mut path = RegistryPath::new(first).ok();
    let mut content = Vec::new();
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        match line.strip_prefix(b"=== ") {
            Some(name) => {
                files.extend(path.take().map(|path| (path, std::mem::take(&mut content))));
                content.clear();
                let name = String::from_utf8_lossy(name);
                path = RegistryPath::new(name.trim_end_matches(['\n', '\r'])).ok().filter(|path| !path.is_root());
            }
            None => content.extend_from_slice(line),
        }
    }
    files.extend(path.map(|path| (path, content)));
    files.truncate(MAX_FILES);
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_told_apart_and_bad_names_left_out() {
        let files = split(b"a\n=== x/y\nb\n=== ../z\nc\n=== w\n", "first");
        let shown: Vec<_> = files.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice())).collect();
        assert_eq!(shown, [("first", &b"a\n"[..]), ("x/y", b"b\n"), ("w", b"")]);
    }
}
