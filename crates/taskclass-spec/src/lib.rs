//! What a task class, a policy and an approval are: as written, validated, rendered, digested.
