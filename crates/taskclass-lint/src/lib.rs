//! The linter: rules, one file each; suppressions; fixes; report formats.
