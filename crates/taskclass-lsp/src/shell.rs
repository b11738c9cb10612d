//! The conversation over the process's own pipes.

use std::io;

use lsp_server::Connection;

use crate::machine::Machine;
use crate::server::Server;

/// Speaks with the editor over stdin and stdout until it ends; gives whether it ended as it should. Nothing else may write
/// to stdout meanwhile.
///
/// # Errors
/// If a pipe breaks, or what comes in is no message.
pub fn stdio(machine: impl Machine) -> io::Result<bool> {
    let (connection, threads) = Connection::stdio();
    let well = converse(&connection, Server::new(machine));
    // The writing thread ends when nobody can send any more.
    drop(connection);
    threads.join()?;
    Ok(well)
}

/// Takes whatever has arrived, turn by turn, until the editor says `exit` or is gone.
fn converse(connection: &Connection, mut server: Server<impl Machine>) -> bool {
    while let Ok(first) = connection.receiver.recv() {
        let messages = std::iter::once(first).chain(connection.receiver.try_iter()).collect();
        for answer in server.turn(messages) {
            if connection.sender.send(answer).is_err() {
                return false;
            }
        }
        if let Some(well) = server.ended() {
            return well;
        }
    }
    false
}
