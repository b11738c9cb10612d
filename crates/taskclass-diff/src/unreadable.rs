//! What keeps a side from being read, as findings.

use taskclass_source::{Finding, Label, ReadError, SourceFile};
use taskclass_spec::signers::TrustFile;

/// The rule under which the linter tells of a file that cannot be read.
const RULE: &str = "unreadable-file";

/// Of a file that the system or the registry's rules keep from being read.
pub(crate) fn refused(error: &ReadError) -> Finding {
    let source = SourceFile::new(error.path().as_str(), "");
    Finding::error(RULE, error.to_string(), Label::mark(&source, source.whole()))
}

/// Of a trust file that nobody is trusted by.
pub(crate) fn trust(file: &TrustFile) -> Vec<Finding> {
    let problems = file.reading.problems.iter();
    problems
        .map(|problem| {
            Finding::error(problem.kind.rule(), problem.kind.to_string(), Label::mark(&file.source, problem.span))
        })
        .collect()
}
