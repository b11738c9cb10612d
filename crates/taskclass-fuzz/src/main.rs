//! A longer smoke run: `cargo run --release -p taskclass-fuzz -- [--iterations N] [--seed N] [TARGET…]`.
//!
//! What breaks a target is written to `fuzz/regressions/<target>/`, where the tests find it. While an input runs it stands in
//! `fuzz/artifacts/<target>-current`, for the case that it never comes back; whatever takes long is named.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "it talks to the person who runs it")]
#![allow(clippy::disallowed_methods, reason = "it writes inputs down, and looks at the clock to name slow ones")]

use std::process::ExitCode;
use std::time::{Duration, Instant};

use taskclass_fuzz::{Target, corpus, smoke};

const USAGE: &str = "usage: taskclass-fuzz [--iterations N] [--seed N] [TARGET…]";
/// What takes longer is named.
const SLOW: Duration = Duration::from_millis(1000);

fn main() -> ExitCode {
    match run(std::env::args().skip(1).collect()) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(broken) => {
            eprintln!("{broken} broken");
            ExitCode::FAILURE
        }
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::from(2)
        }
    }
}

/// How many targets broke.
fn run(arguments: Vec<String>) -> Result<usize, String> {
    let (mut iterations, mut seed, mut names) = (10_000, 1, Vec::new());
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        let mut number = || arguments.next().and_then(|text| text.parse::<u64>().ok()).ok_or(USAGE);
        match argument.as_str() {
            "--iterations" => iterations = usize::try_from(number()?).map_err(|_| USAGE)?,
            "--seed" => seed = number()?,
            name => names.push(name),
        }
    }
    let targets = smoke::chosen(&names).map_err(|name| format!("`{name}` is no target\n{USAGE}"))?;
    // Each break is told once, by us.
    std::panic::set_hook(Box::new(|_| {}));
    let mut broken = 0;
    for target in targets {
        broken += usize::from(!holds(target, iterations, seed).map_err(|error| format!("{}: {error}", target.name))?);
    }
    Ok(broken)
}

fn holds(target: &Target, iterations: usize, seed: u64) -> std::io::Result<bool> {
    let root = corpus::root();
    let inputs = corpus::load(&root, target)?;
    let artifacts = root.join("artifacts");
    std::fs::create_dir_all(&artifacts)?;
    let current = artifacts.join(format!("{}-current", target.name));
    let start = Instant::now();
    let mut last: Option<(Instant, usize, Vec<u8>)> = None;
    let mut slowest = Duration::ZERO;
    let mut ended = |now: Instant, last: &Option<(Instant, usize, Vec<u8>)>| {
        let Some((began, number, bytes)) = last else { return };
        let took = now - *began;
        slowest = slowest.max(took);
        if took > SLOW {
            let path = artifacts.join(format!("{}-slow-{number}", target.name));
            println!("{}: number {number} took {:.1} s: {}", target.name, took.as_secs_f32(), path.display());
            let _ = std::fs::write(path, bytes);
        }
    };
    let mut broken = smoke::replay(target, &inputs);
    let found = smoke::mutated(target, &inputs, seed, iterations, |number, bytes| {
        let now = Instant::now();
        ended(now, &last);
        let _ = std::fs::write(&current, bytes);
        last = Some((now, number, bytes.to_vec()));
    });
    if found.is_none() {
        ended(Instant::now(), &last);
    }
    std::fs::remove_file(&current).or_else(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Ok(()),
        _ => Err(error),
    })?;
    let changed = found.is_some();
    broken.extend(found);
    for (index, one) in broken.iter().enumerate() {
        println!("{}: {}\n  {}", one.target, one.origin, one.said.chars().take(2000).collect::<String>());
        if changed && index + 1 == broken.len() {
            let folder = root.join("regressions").join(target.name);
            std::fs::create_dir_all(&folder)?;
            let bytes = smoke::shorten(target, one.bytes.clone());
            let path = folder.join(format!("seed-{seed}-{}", bytes.len()));
            std::fs::write(&path, bytes)?;
            println!("  the input is {}", path.display());
        }
    }
    let took = start.elapsed().as_secs_f32();
    let slowest = slowest.as_secs_f32() * 1000.0;
    println!("{}: {} kept, {iterations} changed, {took:.1} s, slowest {slowest:.0} ms", target.name, inputs.len());
    Ok(broken.is_empty())
}
