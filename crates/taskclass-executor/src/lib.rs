//! Runs approved classes exactly once and follows them to evidence, verdict and audit log.
