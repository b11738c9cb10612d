//! GitHub's REST API for agent tasks and their evidence, typed, one file an operation.
