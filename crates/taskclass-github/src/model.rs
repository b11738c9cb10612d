//! What GitHub's answers hold, as far as the project uses it. Unknown fields are ignored, unknown values kept as `Other`, and what
//! GitHub may leave out is an `Option`: absent is not zero and not false.

mod account;
mod artifact;
mod check;
mod commit;
mod content;
mod credits;
mod issue;
mod pull;
mod rate;
mod repository;
mod review;
mod rule;
mod session;
mod settings;
mod task;
mod usage;
mod workflow_run;

pub use account::{Actor, Membership, MembershipState, Team, User};
pub use artifact::Artifact;
pub use check::{
    CheckApp, CheckConclusion, CheckRun, CheckRuns, CheckStatus, CombinedStatus, CommitStatus, StatusState,
};
pub use commit::{Author, Branch, Commit, CommitDetails, CommitRef, Comparison, GitObject, GitRef, Tree, TreeEntry};
pub use content::{Content, ContentEntry, ContentFile};
pub use credits::{MicroRequests, NanoCredits};
pub use issue::{Comment, Issue, Label, StateReason};
pub use pull::{ChangedFile, FileStatus, OpenState, Pull, PullEnd, PullRepository};
pub use rate::{RateBucket, RateLimits};
pub use repository::{Permission, Permissions, Repository};
pub use review::{Review, ReviewComment, ReviewState};
pub use rule::{BranchRule, Pattern, PullRequestRule, RequiredCheck, RequiredStatusChecks, RuleParameters};
pub use session::{Session, normalize_model};
pub use settings::{CloudAgentConfiguration, EnabledTools};
pub use task::{OwnerRef, Task, TaskList, TaskState};
pub use usage::{Usage, UsageTotal};
pub use workflow_run::{WorkflowRun, WorkflowRuns};
