//! What every test stands on: the built program, the simulator as a process, a proxy that can hold or lose an exchange, and a world
//! of a real git registry, real keys and an executor's configuration in a temporary folder.

mod agent;
mod http;
mod patience;
mod program;
mod proxy;
mod reader;
mod registry;
mod sim;
mod terminal;
mod views;
mod world;

pub(crate) use agent::Agent;
pub(crate) use http::Message;
pub(crate) use patience::{DEADLINE, until};
pub(crate) use program::{Ended, Running, TOKEN, binary, clean, taskclass};
pub(crate) use proxy::{Proxy, Rule};
pub(crate) use reader::Reader;
pub(crate) use registry::{CLASS, CLASS_FILE, Registry};
pub(crate) use sim::Sim;
pub(crate) use terminal::Terminal;
pub(crate) use views::texts;
pub(crate) use world::{REPOSITORY, World};
