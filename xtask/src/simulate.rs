//! `simulate`: storms over the executor, any number of seeds; the story of one that breaks something; a month of everyday work.

use std::{
    num::NonZeroUsize,
    thread,
    time::{Duration, Instant},
};

use taskclass_storm::{
    hunt::{Hunt, first_to_find, hunt},
    plants::Plant,
    storm::{Outcome, Tally, soak, storm},
};

const USAGE: &str = "usage: cargo xtask simulate [--seeds N] [--from S] [--plant NAME] | --plants | --soak [--days N] [--runs-a-day N] [--from S]";

/// What the command line asks for.
struct Asked {
    seeds: u64,
    from: u64,
    plant: Option<Plant>,
    plants: bool,
    soak: bool,
    days: u32,
    runs_a_day: u32,
}

fn asked(args: &[&str]) -> Result<Asked, String> {
    let mut asked = Asked { seeds: 2000, from: 1, plant: None, plants: false, soak: false, days: 31, runs_a_day: 200 };
    let mut args = args.iter().copied();
    while let Some(arg) = args.next() {
        let mut value = || args.next().ok_or_else(|| format!("`{arg}` needs a value\n{USAGE}"));
        fn number<N: std::str::FromStr>(text: &str) -> Result<N, String> {
            text.parse().map_err(|_| format!("`{text}` is not a number\n{USAGE}"))
        }
        match arg {
            "--seeds" => asked.seeds = number(value()?)?,
            "--from" => asked.from = number(value()?)?,
            "--days" => asked.days = number(value()?)?,
            "--runs-a-day" => asked.runs_a_day = number(value()?)?,
            "--plants" => asked.plants = true,
            "--soak" => asked.soak = true,
            "--plant" => {
                let name = value()?;
                let names: Vec<_> = Plant::ALL.iter().map(|plant| plant.name()).collect();
                let unknown = || format!("no bug is called `{name}`; there are {}", names.join(", "));
                asked.plant = Some(Plant::named(name).ok_or_else(unknown)?);
            }
            _ => return Err(USAGE.to_owned()),
        }
    }
    Ok(asked)
}

pub(crate) fn run(args: &[&str]) -> Result<(), String> {
    let asked = asked(args)?;
    if asked.soak {
        return month(&asked);
    }
    if asked.plants {
        return plants();
    }
    if asked.seeds == 1 {
        return one(asked.from, asked.plant);
    }
    let begun = Instant::now();
    let caught = hunt(to_hunt(&asked, asked.plant, None), &progress(begun, asked.seeds));
    summary(&caught.tally, begun.elapsed());
    let Some(first) = caught.broken.first() else { return Ok(()) };
    if asked.plant.is_none() {
        println!("\n{}", storm(first.seed, None, true).story);
    }
    for outcome in caught.broken.iter().take(20) {
        told(outcome);
    }
    let again = command(first.seed, asked.plant);
    Err(format!(
        "{} of {} storms broke something; the first again, with its story: {again}",
        caught.broken.len(),
        asked.seeds
    ))
}

fn to_hunt(asked: &Asked, planted: Option<Plant>, until: Option<&'static str>) -> Hunt {
    Hunt { from: asked.from, seeds: asked.seeds, planted, threads: threads(), until }
}

fn threads() -> usize {
    thread::available_parallelism().map_or(1, NonZeroUsize::get)
}

fn command(seed: u64, plant: Option<Plant>) -> String {
    let plant = plant.map(|plant| format!(" --plant {}", plant.name())).unwrap_or_default();
    format!("cargo xtask simulate --from {seed} --seeds 1{plant}")
}

fn progress(begun: Instant, seeds: u64) -> impl Fn(u64) + Sync {
    move |done| {
        let step = (seeds / 20).max(1);
        if done % step == 0 {
            eprintln!("{done} of {seeds} seeds, {:.0} s", begun.elapsed().as_secs_f64());
        }
    }
}

fn told(outcome: &Outcome) {
    for violation in &outcome.broken {
        println!("seed {}: {}: {}", outcome.seed, violation.invariant, violation.what);
    }
}

/// One seed, with all that happened.
fn one(seed: u64, plant: Option<Plant>) -> Result<(), String> {
    let outcome = storm(seed, plant, true);
    print!("{}", outcome.story);
    told(&outcome);
    if outcome.broken.is_empty() {
        return Ok(());
    }
    Err(format!("seed {seed} breaks something; the same again: {}", command(seed, plant)))
}

/// Which seed finds each planted bug first. Every change of the executor makes other storms of the seeds.
fn plants() -> Result<(), String> {
    let mut missed = Vec::new();
    for plant in Plant::ALL {
        match first_to_find(plant, 2000, threads()) {
            Some(seed) => println!("{:21} `{}` {seed}", format!("`{}`", plant.name()), plant.invariant()),
            None => missed.push(plant.name()),
        }
    }
    if missed.is_empty() { Ok(()) } else { Err(format!("not found in 2000 seeds: {}", missed.join(", "))) }
}

/// A month of everyday work, or as long as is asked for.
fn month(asked: &Asked) -> Result<(), String> {
    let begun = Instant::now();
    let outcome = soak(asked.from, asked.days, asked.runs_a_day);
    summary(&outcome.tally, begun.elapsed());
    if let Some(peak) = peak() {
        println!("the most memory at any time, journal and simulator included: {peak}");
    }
    told(&outcome);
    if outcome.broken.is_empty() { Ok(()) } else { Err(format!("{} days broke something", asked.days)) }
}

fn summary(tally: &Tally, took: Duration) {
    let Tally { storms, processes, requests, events, seconds, runs } = tally;
    println!(
        "{storms} storms, {} simulated days: {runs} runs, {processes} processes, {requests} requests, {events} events, in {:.1} s",
        seconds / 86_400,
        took.as_secs_f64()
    );
}

/// The process's greatest resident size, where the system tells.
fn peak() -> Option<String> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmHWM:")).map(|size| size.trim().to_owned())
}
