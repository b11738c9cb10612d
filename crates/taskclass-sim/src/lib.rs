//! A simulator of GitHub's side: agent tasks, repositories, pull requests, limits and faults.
//!
//! [`Sim`] is the pure core: built from a [`Scenario`] and a seed, it answers one [`Request`] at one moment with one
//! [`Outcome`]. It reads no clock, opens no socket, starts no thread; everything that time drives (agents that move
//! through their states, checks that finish, runs that stop) happens when a request or [`Sim::advance`] brings a later
//! moment. The same seed and the same requests at the same moments give the same bytes.
//!
//! [`server`] puts the core behind a real HTTP listener and a clock that can be sped up. It is the only module that
//! knows either.
//!
//! Nothing here shares a type with the client: both are held to GitHub's own OpenAPI description.

mod admin;
mod api;
mod auth;
mod fault;
mod hash;
mod json;
mod limits;
mod load;
mod message;
mod page;
mod record;
mod reply;
mod respond;
pub mod scenario;
pub mod server;
mod sim;
mod text;
mod world;

pub use load::ScenarioError;
pub use message::{Outcome, Request, Response};
pub use record::{CommentView, Counts, LoggedRequest, SessionView, TaskView};
pub use scenario::Scenario;
pub use server::{Clock, Server};
pub use sim::Sim;
