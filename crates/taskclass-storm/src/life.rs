//! A process of the executor, from its start to its end or its death.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::rc::Rc;
use std::sync::Once;

use jiff::{SignedDuration, Timestamp};
use taskclass_executor::book::BookError;
use taskclass_executor::ledger::LedgerError;
use taskclass_executor::webhook::Message;
use taskclass_executor::{
    Classes, Delivery, ExecError, Executor, Ledger, Looked, NotNow, Parts, StoreError, Webhooks, store::Store,
};
use taskclass_github::{ApiUrl, Client, TokenKind, Transport};
use taskclass_spec::{ClassName, NotifierName};

use crate::disk::Disk;
use crate::invariants;
use crate::plants;
use crate::rig::FromMap;
use crate::sky::Sky;
use crate::wire::Wire;
use crate::world::{Killed, World};

/// The registry in a storm: now and then it cannot be read.
struct Registry {
    world: Rc<World>,
    map: FromMap,
}

impl Classes for Registry {
    fn look(&self, name: &ClassName, last: Option<&str>, now: Timestamp) -> Looked {
        if !self.world.calm.get() && self.world.dice.one_in(20) {
            self.world.tell("registry", || "cannot be read".to_owned());
            return Looked { accepted: None, class: Err(NotNow::CannotTell("the disk is slow".to_owned())) };
        }
        self.map.look(name, last, now)
    }
}

/// Webhooks in a storm.
struct Hooks {
    world: Rc<World>,
}

impl Webhooks for Hooks {
    fn ready(&self, _name: &NotifierName) -> Result<(), String> {
        Ok(())
    }

    fn post(&self, name: &NotifierName, message: &Message) -> Delivery {
        let world = &self.world;
        let arrives = || world.hooks.borrow_mut().push((message.id.clone(), name.to_string(), message.body.clone()));
        let fate = if world.calm.get() { 9 } else { world.dice.below(8) };
        world.tell("webhook", || format!("{name} {} (fate {fate})", message.id));
        match fate {
            0 => Delivery::Failed { status: Some(503), reason: "the receiver answered 503".to_owned() },
            1 => {
                arrives();
                Delivery::Failed { status: None, reason: "no answer in time".to_owned() }
            }
            _ => {
                arrives();
                Delivery::Taken { status: 204 }
            }
        }
    }
}

/// How a life ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// As it was to.
    Done,
    /// With an error that it said.
    Failed,
    /// Without a word.
    Died,
}

/// Lets `body` have an executor over the journal as it stands, in a process of its own, until it ends or dies.
pub fn process(world: &Rc<World>, what: &str, body: &mut dyn FnMut(&mut Executor<'_>) -> Result<(), ExecError>) -> End {
    quieten();
    let number = world.process();
    let who = format!("p{number}");
    world.tell(&who, || format!("starts: {what}"));
    let lived = catch_unwind(AssertUnwindSafe(|| live(world, number, body)));
    match lived {
        Ok(Ok(())) => {
            world.tell(&who, || "ends".to_owned());
            End::Done
        }
        Ok(Err(error)) => {
            world.tell(&who, || format!("ends: {error}"));
            said(world, &error);
            End::Failed
        }
        Err(cause) if cause.is::<Killed>() => End::Died,
        Err(cause) => {
            let text =
                cause.downcast_ref::<String>().cloned().or(cause.downcast_ref::<&str>().map(|t| (*t).to_owned()));
            match text {
                Some(text) if text.starts_with("restless: ") => world.broke("restless", text),
                Some(text) => world.broke("never", format!("a panic: {text}")),
                None => resume_unwind(cause),
            }
            End::Died
        }
    }
}

fn live(
    world: &Rc<World>,
    number: u32,
    body: &mut dyn FnMut(&mut Executor<'_>) -> Result<(), ExecError>,
) -> Result<(), ExecError> {
    let clock = plants::clock(Sky { world: Rc::clone(world), process: number });
    let classes = Registry { world: Rc::clone(world), map: FromMap(RefCell::new(world.cast.classes.clone())) };
    let hooks = Hooks { world: Rc::clone(world) };
    let wire: Box<dyn Transport> = plants::wire(Wire { world: Rc::clone(world), process: number });
    let handle = world.tape.open(number, plants::fences(world.planted));
    let disk: Box<dyn Store> = plants::disk(Disk { world: Rc::clone(world), handle, process: number });
    let mut executor = Executor::open(Parts {
        store: disk,
        github: Client::new(wire, "https://api.github.com".parse::<ApiUrl>().unwrap()),
        clock: &*clock,
        classes: &classes,
        webhooks: &hooks,
        token_kind: TokenKind::FineGrainedPat,
        settings: world.pace.get(),
    })?;
    let lived = body(&mut executor);
    if lived.is_ok() || matches!(lived, Err(ExecError::Interrupted | ExecError::Unanswered(_))) {
        same_as_loaded(world, executor.ledger());
    }
    lived
}

/// Asks for the runs that are wanted by now.
pub fn wished(world: &Rc<World>, executor: &mut Executor<'_>) -> Result<(), ExecError> {
    loop {
        let next = world.wishes.borrow().iter().find(|wish| wish.at <= world.now()).cloned();
        let Some(wish) = next else { return Ok(()) };
        let class = world.cast.classes[&wish.class].clone();
        match executor.start_run(&class, &wish.request) {
            Ok((run, key)) => {
                world.tell("people", || format!("are told that {run} is taken, as {}", key.short()));
                world.taken.borrow_mut().push((run, key));
            }
            Err(ExecError::Refused(refused)) => {
                world.overheard(&refused.to_string(), "a refusal");
                world.tell("people", || format!("are refused: {refused}"));
            }
            // Whoever asked asks again.
            Err(error) => {
                let later = world.now() + SignedDuration::from_mins(3);
                let mut wishes = world.wishes.borrow_mut();
                wishes.iter_mut().filter(|other| other.number == wish.number).for_each(|other| other.at = later);
                return Err(error);
            }
        }
        world.wishes.borrow_mut().retain(|other| other.number != wish.number);
    }
}

/// What a process says at its end is heard, and some of it must never be said.
fn said(world: &World, error: &ExecError) {
    world.overheard(&format!("{error} {error:?}"), "an error");
    match error {
        ExecError::Book(BookError::Illegal { .. }) => world.broke("never", error.to_string()),
        ExecError::Book(BookError::Ledger(LedgerError::Corrupt { .. }))
        | ExecError::Book(BookError::Store(StoreError::Corrupt { .. })) => world.broke("chain", error.to_string()),
        _ => {}
    }
}

/// What a process knows is what the next one would take up: from the last snapshot, and the lines after it.
fn same_as_loaded(world: &World, live: &Ledger) {
    match Ledger::load(&*world.tape) {
        // Somebody else has gone on since.
        Ok(loaded) if loaded.head.count > live.head.count => {}
        Ok(loaded) => invariants::same(world, "a process", live, &loaded),
        Err(error) => world.broke("chain", error.to_string()),
    }
}

/// Dying is what happens here; nobody needs to read of it on standard error.
fn quieten() {
    static QUIET: Once = Once::new();
    QUIET.call_once(|| {
        let hook = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !info.payload().is::<Killed>() {
                hook(info);
            }
        }));
    });
}
