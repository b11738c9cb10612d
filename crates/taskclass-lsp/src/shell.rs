//! The conversation over the process's own pipes.

use std::io::{self, Write};
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;

use lsp_server::Message;

use crate::incoming;
use crate::machine::Machine;
use crate::server::Server;

/// The most messages that wait while a turn is taken; they are the next turn's.
const MAX_WAITING: usize = 64;

/// Speaks with the editor over stdin and stdout until it ends; gives whether it ended as it should. Nothing else may write
/// to stdout meanwhile.
///
/// # Errors
/// If a pipe breaks, or what comes in is no message, or one of more than 64 MiB.
pub fn stdio(machine: impl Machine) -> io::Result<bool> {
    // What comes while a turn is taken waits for the next one, so that a burst of typing is linted once.
    let (sender, receiver) = sync_channel(MAX_WAITING);
    let listen = move || {
        let mut input = io::stdin().lock();
        while let Some(message) = incoming::read(&mut input).transpose() {
            let over = message.is_err();
            if sender.send(message).is_err() || over {
                return;
            }
        }
    };
    // Nobody waits for its end: it may be waiting for an editor that says no more.
    thread::Builder::new().name("listener".to_owned()).spawn(listen)?;
    converse(&receiver, &mut io::stdout().lock(), Server::new(machine))
}

/// Takes whatever has arrived, turn by turn, until the editor says `exit` or is gone.
fn converse(
    incoming: &Receiver<io::Result<Message>>,
    out: &mut impl Write,
    mut server: Server<impl Machine>,
) -> io::Result<bool> {
    while let Ok(first) = incoming.recv() {
        let (mut messages, mut broken) = (Vec::new(), None);
        for message in std::iter::once(first).chain(incoming.try_iter()) {
            match message {
                Ok(message) => messages.push(message),
                Err(error) => broken = Some(error),
            }
        }
        for answer in server.turn(messages) {
            answer.write(out)?;
        }
        match (server.ended(), broken) {
            (Some(well), _) => return Ok(well),
            (None, Some(error)) => return Err(error),
            (None, None) => {}
        }
    }
    Ok(false)
}
