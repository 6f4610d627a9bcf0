//! The search against brute force, for minutes or hours: `cargo run --release -p nhi-tests --bin differential`.

use std::io::Write;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use nhi_tests::differential::profiles::{PROFILES, Profile};
use nhi_tests::differential::{Length, Round, Tally, run};

const USAGE: &str = "usage: differential [--seconds N | --pairs N] [--seed N] [--profile NAME] [--threads N]
  --seconds N     so long a profile (default 10)
  --pairs N       so many pairs a profile
  --seed N        the dice (default 1)
  --profile NAME  one profile instead of all";

struct Wish {
    length: Length,
    seed: u64,
    threads: usize,
    profiles: Vec<&'static Profile>,
}

fn wish() -> Result<Wish> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let mut wish = Wish {
        length: Length::For(Duration::from_secs(10)),
        seed: 1,
        threads,
        profiles: PROFILES.iter().collect(),
    };
    let mut arguments = std::env::args().skip(1);
    while let Some(name) = arguments.next() {
        let value = arguments.next().context(USAGE)?;
        let number = || value.parse::<u64>().with_context(|| format!("`{value}` is no number\n{USAGE}"));
        match name.as_str() {
            "--seconds" => wish.length = Length::For(Duration::from_secs(number()?)),
            "--pairs" => wish.length = Length::Pairs(number()?),
            "--seed" => wish.seed = number()?,
            "--threads" => wish.threads = usize::try_from(number()?)?.max(1),
            "--profile" => {
                wish.profiles.retain(|profile| profile.name == value);
                if wish.profiles.is_empty() {
                    let names: Vec<&str> = PROFILES.iter().map(|profile| profile.name).collect();
                    bail!("no profile is called `{value}`; there are {}", names.join(", "));
                }
            }
            _ => bail!(USAGE),
        }
    }
    Ok(wish)
}

/// One profile on all threads.
fn all(profile: &'static Profile, wish: &Wish) -> Tally {
    let share = match wish.length {
        Length::Pairs(pairs) => Length::Pairs(pairs.div_ceil(wish.threads as u64)),
        length @ Length::For(_) => length,
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..wish.threads as u64)
            .map(|thread| {
                let seed = wish.seed.wrapping_mul(1_000).wrapping_add(thread);
                scope.spawn(move || run(profile, seed, share, Round::default()))
            })
            .collect();
        let lost = || Tally { wrong: vec!["a thread was lost".to_owned()], ..Tally::default() };
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap_or_else(|_| lost()))
            .fold(Tally::default(), Tally::with)
    })
}

fn told(tally: &Tally) -> String {
    let Tally { requests, pairs, new, undecided, unlisted, proved, unproved, wrong, .. } = tally;
    format!(
        "{requests:>6} requests, {pairs:>10} pairs, {new:>9} new, {undecided:>6} undecided, {unlisted:>4} unlisted, \
         {proved:>6} proofs right, {unproved:>4} unproved, {} disagreements",
        wrong.len()
    )
}

fn main() -> Result<ExitCode> {
    let wish = wish()?;
    let mut out = std::io::stdout();
    let start = Instant::now();
    let mut total = Tally::default();
    for profile in &wish.profiles {
        let begun = Instant::now();
        let tally = all(profile, &wish);
        writeln!(out, "{:18} {}, {:>5.1} s", profile.name, told(&tally), begun.elapsed().as_secs_f64())?;
        for text in tally.wrong.iter().chain(&tally.open) {
            writeln!(out, "\n{}: {text}", profile.name)?;
        }
        total = total.with(tally);
    }
    writeln!(
        out,
        "{:18} {}, {:>5.1} s, seed {}",
        "all",
        told(&total),
        start.elapsed().as_secs_f64(),
        wish.seed
    )?;
    Ok(if total.wrong.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
