//! `taskclass sim`: the simulator as a server.

use std::fs;

use taskclass_sim::{Scenario, Server};

use crate::{
    args::Sim,
    exit::{Exit, Failure, Outcome},
    machine::SIM_TOKEN,
    ui::{Tone, Ui},
};

pub(crate) fn sim(args: &Sim, ui: &mut Ui) -> Outcome {
    if !args.addr.ip().is_loopback() {
        return Err(Failure::usage(format!(
            "{} is not on this machine; the simulator listens on loopback only",
            args.addr
        ))
        .help("use 127.0.0.1:PORT"));
    }
    if args.speed == 0 {
        return Err(Failure::usage("`--speed` must be at least 1"));
    }
    let scenario = match &args.scenario {
        None => Scenario::default(),
        Some(path) => {
            let text = fs::read_to_string(path)
                .map_err(|error| Failure::usage(format!("`{}` cannot be read: {error}", path.display())))?;
            Scenario::from_yaml(&text).map_err(|error| Failure::usage(format!("`{}`: {error}", path.display())))?
        }
    };
    let server = Server::start(&args.addr.to_string(), &scenario, 0, f64::from(args.speed))
        .map_err(|error| Failure::usage(format!("{} cannot be listened on: {error}", args.addr)))?;
    ui.line(format!("{} {}", ui.paint("simulator at", Tone::Dim), server.url()));
    ui.flush();
    let token =
        if args.scenario.is_some() { "github_pat_simulator    (or a token of the scenario)" } else { SIM_TOKEN };
    ui.note(format!(
        "Its time runs {} times as fast. Put this into executor.yaml:\n  github: {{api: {}, token: {{env: TASKCLASS_TOKEN}}}}\nand: export TASKCLASS_TOKEN={}\nCtrl-C ends it; its state is in memory only.",
        args.speed,
        server.url(),
        token
    ));
    server.wait().map_err(|error| Failure::usage(format!("the simulator ended: {error}")))?;
    Ok(Exit::Fine)
}
