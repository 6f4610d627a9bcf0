//! Many pairs at once: lines are read as they are needed, decided on all cores and answered in their order.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, TryRecvError, channel};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use nhi_analyzer_output::policy::line::refusal;

use super::line::{Answer, Judge};
use crate::exit::{Exit, Failure};
use crate::surroundings::Surroundings;

/// A longer line is answered with an error and not kept.
const LONGEST: usize = 12 << 20;
/// Bytes of lines that are read and not answered yet; one line alone may be longer.
const ROOM: usize = 6 << 20;
/// Lines for each core that are read and not answered yet.
const AHEAD: usize = 64;
/// What a policy of a hundred thousand statements may need of a thread's stack.
const STACK: usize = 256 << 20;

/// Answers every line of a file, or of standard input.
pub(crate) fn run(file: &Path, judge: Judge, surroundings: &mut Surroundings<'_>) -> Result<Exit, Failure> {
    let mut opened;
    let input: &mut (dyn Read + Send) = if file == Path::new("-") {
        &mut *surroundings.stdin
    } else {
        let told = |error| Failure::input(format!("`--jsonl {}` cannot be read: {error}", file.display()));
        opened = File::open(file).map_err(told)?;
        if file.is_dir() {
            return Err(told(io::ErrorKind::IsADirectory.into()));
        }
        &mut opened
    };
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let tally = Pump { judge, workers }.run(input, surroundings.stdout)?;
    if tally.mismatches > 0 {
        surroundings.say(&format!(
            "internal mismatch on {} lines: their answers say so. Please report these policies",
            tally.mismatches
        ));
        return Ok(Exit::Internal);
    }
    match tally.unread {
        Some(error) => Err(Failure::input(format!("the lines could not be read to their end: {error}"))),
        None => Ok(Exit::Pass),
    }
}

/// Runs a question on a thread with room for the deepest policies.
pub(crate) fn with_room<T: Send>(question: impl FnOnce() -> T + Send) -> Result<T, Failure> {
    thread::scope(|scope| {
        let thread = thread::Builder::new()
            .stack_size(STACK)
            .spawn_scoped(scope, question)
            .map_err(|error| Failure::error(format!("no thread could be started: {error}")))?;
        thread.join().map_err(|_| Failure {
            exit: Exit::Internal,
            message: "the comparison broke off; please report these policies".to_owned(),
        })
    })
}

/// What is left to say when all lines are answered.
#[derive(Debug, Default)]
struct Tally {
    /// Lines on which the comparison contradicted itself.
    mismatches: usize,
    /// Why reading stopped early.
    unread: Option<io::Error>,
}

struct Pump {
    judge: Judge,
    workers: usize,
}

/// A line on its way: its number, and its text or its length where it is too long.
type Job = (u64, Result<Vec<u8>, usize>);
/// An answer on its way: the line's number and length.
type Done = (u64, usize, Answer);

impl Pump {
    fn run(&self, input: &mut (dyn Read + Send), output: &mut dyn io::Write) -> Result<Tally, Failure> {
        let gate = Gate::new(self.workers.saturating_mul(AHEAD));
        let (jobs, waiting) = channel::<Job>();
        let (answers, done) = channel::<Done>();
        let waiting = Mutex::new(waiting);
        thread::scope(|scope| {
            let (gate, waiting) = (&gate, &waiting);
            let reader = scope.spawn(move || read(input, gate, &jobs));
            for _ in 0..self.workers.max(1) {
                let (answers, judge) = (answers.clone(), self.judge);
                let work = move || work(&judge, waiting, &answers);
                let started = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work);
                if let Err(error) = started {
                    gate.close();
                    return Err(Failure::error(format!("no thread could be started: {error}")));
                }
            }
            drop(answers);
            let written = write(&done, gate, output);
            gate.close();
            let unread =
                reader.join().unwrap_or_else(|_| Err(io::Error::other("the reader broke off"))).err();
            match written {
                Ok(mismatches) => Ok(Tally { mismatches, unread }),
                // A reader that has seen enough (`| head`) is no error.
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(Tally::default()),
                Err(error) => Err(Failure::error(format!("the answers could not be written: {error}"))),
            }
        })
    }
}

fn read(input: &mut (dyn Read + Send), gate: &Gate, jobs: &Sender<Job>) -> io::Result<()> {
    let mut reader = BufReader::with_capacity(1 << 16, input);
    let mut number = 0;
    while let Some(line) = next(&mut reader)? {
        if line.as_ref().is_ok_and(|line| line.iter().all(u8::is_ascii_whitespace)) {
            continue;
        }
        let length = line.as_ref().map_or(0, Vec::len);
        if !gate.enter(length) || jobs.send((number, line)).is_err() {
            break;
        }
        number += 1;
    }
    Ok(())
}

/// The next line without its break, or its length where it is too long; `None` at the end.
fn next(reader: &mut impl BufRead) -> io::Result<Option<Result<Vec<u8>, usize>>> {
    let mut line = Vec::new();
    let most = u64::try_from(LONGEST).unwrap_or(u64::MAX).saturating_add(1);
    if reader.by_ref().take(most).read_until(b'\n', &mut line)? == 0 {
        return Ok(None);
    }
    if line.last() == Some(&b'\n') {
        line.pop();
        return Ok(Some(Ok(line)));
    }
    if line.len() <= LONGEST {
        return Ok(Some(Ok(line)));
    }
    let mut length = line.len();
    drop(line);
    loop {
        let buffer = reader.fill_buf()?;
        let end = buffer.iter().position(|byte| *byte == b'\n');
        let taken = end.map_or(buffer.len(), |end| end + 1);
        reader.consume(taken);
        length = length.saturating_add(end.unwrap_or(taken));
        if end.is_some() || taken == 0 {
            return Ok(Some(Err(length)));
        }
    }
}

fn work(judge: &Judge, waiting: &Mutex<Receiver<Job>>, answers: &Sender<Done>) {
    loop {
        let job = held(waiting).recv();
        let Ok((number, line)) = job else { return };
        let (length, answer) = match line {
            Ok(line) => (line.len(), answered(judge, &line)),
            Err(length) => {
                let error = format!("the line has {length} bytes; {LONGEST} is the most");
                (0, Answer { text: refusal(None, &error), mismatches: 0 })
            }
        };
        if answers.send((number, length, answer)).is_err() {
            return;
        }
    }
}

/// One line must not take the others with it, whatever is wrong with this program.
fn answered(judge: &Judge, line: &[u8]) -> Answer {
    catch_unwind(AssertUnwindSafe(|| judge.answer(line))).unwrap_or_else(|_| Answer {
        text: refusal(None, "internal mismatch: the comparison broke off; please report this line"),
        mismatches: 1,
    })
}

/// Writes answers in the order of their lines; how many lines contradicted themselves.
fn write(done: &Receiver<Done>, gate: &Gate, output: &mut dyn io::Write) -> io::Result<usize> {
    let mut early: BTreeMap<u64, (usize, Answer)> = BTreeMap::new();
    let (mut next, mut mismatches) = (0, 0);
    let mut text: Vec<u8> = Vec::new();
    loop {
        let (number, length, answer) = match done.try_recv() {
            Ok(done) => done,
            Err(TryRecvError::Disconnected) => break,
            // Whoever waits for an answer before the next question gets it.
            Err(TryRecvError::Empty) => {
                output.write_all(&text)?;
                output.flush()?;
                text.clear();
                let Ok(done) = done.recv() else { break };
                done
            }
        };
        early.insert(number, (length, answer));
        while let Some((length, answer)) = early.remove(&next) {
            mismatches += usize::from(answer.mismatches > 0);
            text.extend_from_slice(answer.text.as_bytes());
            text.push(b'\n');
            gate.leave(length);
            next += 1;
        }
        if text.len() > 1 << 16 {
            output.write_all(&text)?;
            text.clear();
        }
    }
    output.write_all(&text)?;
    output.flush()?;
    Ok(mismatches)
}

/// Keeps the reader from running ahead of the answers.
struct Gate {
    lines: usize,
    inside: Mutex<Inside>,
    changed: Condvar,
}

#[derive(Default)]
struct Inside {
    lines: usize,
    bytes: usize,
    closed: bool,
}

impl Gate {
    fn new(lines: usize) -> Self {
        Self { lines, inside: Mutex::default(), changed: Condvar::new() }
    }

    /// Waits for room; `false` when nobody wants more lines.
    fn enter(&self, bytes: usize) -> bool {
        let full = |inside: &mut Inside| {
            !inside.closed
                && inside.lines > 0
                && (inside.lines >= self.lines || inside.bytes.saturating_add(bytes) > ROOM)
        };
        let mut inside =
            self.changed.wait_while(held(&self.inside), full).unwrap_or_else(PoisonError::into_inner);
        inside.lines += 1;
        inside.bytes = inside.bytes.saturating_add(bytes);
        !inside.closed
    }

    fn leave(&self, bytes: usize) {
        let mut inside = held(&self.inside);
        inside.lines = inside.lines.saturating_sub(1);
        inside.bytes = inside.bytes.saturating_sub(bytes);
        self.changed.notify_all();
    }

    fn close(&self) {
        held(&self.inside).closed = true;
        self.changed.notify_all();
    }
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
