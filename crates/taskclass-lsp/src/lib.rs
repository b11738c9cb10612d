//! The linter in an editor: a conversation over the Language Server Protocol.
//!
//! [`Server::turn`] is pure: messages in, messages out, over documents that the editor has open above the files of the
//! registries they are in. What it needs of the machine it asks of [`Machine`]. [`stdio`] connects it with the process's
//! pipes. It writes no file, runs nothing, and reads nothing outside registries.
//!
//! | asked | answered by |
//! |---|---|
//! | diagnostics | `registries`: the whole [`Linter`](taskclass_lint::Linter), once a turn |
//! | completion | `complete`: in YAML by a word put where the cursor is, in templates by their words |
//! | hover | `hover`: schemas, catalogue, inventory, rules, and what a value comes to under the policy |
//! | definition, references, rename | `navigate`, `rename` |
//! | actions | `actions`: fixes, all safe fixes, suppressions |
//! | lenses, symbols | `example`, `outline` |

mod actions;
mod classes;
mod client;
mod complete;
mod documents;
mod domains;
#[cfg(test)]
mod everywhere;
mod example;
mod fields;
mod hover;
mod incoming;
mod inputs;
mod machine;
mod markdown;
mod navigate;
mod outline;
mod positions;
mod prompt_text;
mod registries;
mod rename;
mod server;
mod shell;
mod spot;
mod template;
mod uri;
mod view;
mod wire;

pub use lsp_server::Message;
pub use machine::{Machine, OnDisk};
pub use server::Server;
pub use shell::stdio;
