//! One file a command.

mod approve;
mod audit;
mod cancel;
mod completions;
mod demo;
mod diff;
mod digest;
mod doctor;
mod explain;
mod inbox;
mod init;
mod lint;
mod lsp;
mod man;
mod models;
mod new;
mod render;
mod resolve;
mod revoke;
mod rules;
mod run;
pub(crate) mod schema;
mod show;
mod sim;
mod state;
mod status;
mod stop;
mod tick;
mod trace;
mod verify;
mod watch;

use crate::{
    args::{Args, Command},
    exit::Outcome,
    ui::Ui,
    way::Way,
};

/// Hands the arguments to their command.
pub(crate) fn dispatch(args: Args, ui: &mut Ui) -> Outcome {
    ui.way = Way::of(&args.global, &args.command);
    let global = args.global;
    match args.command {
        Command::Demo(args) => demo::demo(&args, ui),
        Command::Init(args) => init::init(&args, ui),
        Command::New(args) => new::new(&args, &global, ui),
        Command::Lint(args) => lint::lint(&args, &global, ui),
        Command::Rules => rules::rules(ui),
        Command::Explain(args) => explain::explain(&args, ui),
        Command::Lsp(_) => lsp::lsp(ui),
        Command::Render(args) => render::render(&args, &global, ui),
        Command::Diff(args) => diff::diff(&args, &global, ui),
        Command::Digest(args) => digest::digest(&args, &global, ui),
        Command::Approve(args) => approve::approve(&args, &global, ui),
        Command::Revoke(args) => revoke::revoke(&args, &global, ui),
        Command::Verify(args) => verify::verify(&args, &global, ui),
        Command::Doctor(args) => doctor::doctor(&args, &global, ui),
        Command::Run(args) => run::run(&args, &global, ui),
        Command::Status(args) => status::status(&args, &global, ui),
        Command::Show(args) => show::show(&args, &global, ui),
        Command::Inbox(args) => inbox::inbox(&args, &global, ui),
        Command::Tick(args) => tick::tick(&args, &global, ui),
        Command::Watch(args) => watch::watch(&args, &global, ui),
        Command::Cancel(args) => cancel::cancel(&args, &global, ui),
        Command::Resolve(args) => resolve::resolve(&args, &global, ui),
        Command::Stop(args) => stop::stop(&args, &global, ui),
        Command::Start(args) => stop::start(&args, &global, ui),
        Command::Audit(args) => audit::audit(&args, &global, ui),
        Command::Trace(args) => trace::trace(&args, &global, ui),
        Command::State(args) => state::state(&args, &global, ui),
        Command::Sim(args) => sim::sim(&args, ui),
        Command::Schema(args) => schema::schema(&args, ui),
        Command::Models => models::models(&global, ui),
        Command::Completions(args) => completions::completions(&args, ui),
        Command::Man => man::man(ui),
    }
}
