//! Signed approvals over exact content: trust, records, signatures, quorum, a registry at a commit.
//!
//! The way through: [`git::Repository`] resolves a full ref to a commit, [`at_commit::AtCommit`] reads its files,
//! [`trust`] holds `trust/allowed_signers` against the pin, [`decide::decide`] judges the records and the signatures
//! ([`sshsig`]) that were found, and [`registry::ApprovedRegistry`] gives an [`Approved`] document or says exactly why not.
//! [`mod@write`] makes the records that people sign. Time is always a parameter; only [`git`], [`keyfile`] and [`agent`]
//! leave the process.

pub mod agent;
pub mod anchor;
pub mod armour;
pub mod at_commit;
pub mod decide;
pub mod git;
pub mod history;
pub mod keyfile;
pub mod records;
pub mod registry;
pub mod since;
pub mod sshsig;
pub mod subject;
pub mod trust;
pub mod write;

mod approved;

pub use approved::Approved;
pub use at_commit::AtCommit;
pub use decide::{ApprovedBy, Decision, Refusal};
pub use registry::{ApprovedRegistry, NotApproved, OpenError, Opening};
pub use subject::Subject;
