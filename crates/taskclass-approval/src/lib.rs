//! Signed approvals over exact content: trust, records, signatures, quorum, a registry at a commit.
