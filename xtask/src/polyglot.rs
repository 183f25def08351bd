//! Clients of other languages, generated from `openapi/*.yaml` and held against the emulator.
//!
//! Each language has a driver in `tests/polyglot`: a program that calls the three operations with generated clients and
//! tells what their typed fields say. Here its clients are generated and compiled (`language`), an emulator is started
//! for it, it is told which calls to make (`driver`), and what it read is held against what was sent (`expectation`).
//! Which answers are sent is in one table for all languages (`table`).

mod conversation;
mod doubles;
mod driver;
mod expectation;
mod go;
mod java;
mod language;
mod operation;
mod python;
mod refusal;
mod report;
mod table;
mod trial;
mod typescript;
mod workshop;

use std::io::Write;
use std::path::Path;
use std::sync::mpsc::{self, Sender};
use std::thread;
use std::time::Instant;

use crate::emulator::{self, Emulator};
use crate::tools::{Failure, Toolbox};
use driver::Driver;
pub use language::Language;
use report::{Event, Report};
use trial::Trial;
use workshop::Workshop;

/// Tries the clients of `languages` with the cases whose name contains `filter`, and writes a line for each to `lines` as
/// it ends. Gives one sentence that sums up.
///
/// # Errors
///
/// [`Failure`] if a case fell short, a client cannot be generated or compiled, or a program is missing.
pub fn run(
    root: &Path,
    languages: &[Language],
    filter: &str,
    lines: &mut impl Write,
) -> Result<String, Failure> {
    // Clients are generated and compiled in folders that another run would empty.
    let _turn = Toolbox::of(root).turn("polyglot")?;
    let operations = operation::load(root)?;
    let trials = table::trials(root, &operations, filter)?;
    let program = emulator::build(root, false)?;
    let (events, heard) = mpsc::channel();
    thread::scope(|scope| {
        for language in languages {
            let (events, trials, program) = (events.clone(), &trials, &program);
            scope.spawn(move || {
                if let Err(failure) = try_language(root, *language, trials, program, &events) {
                    tell(&events, Event::GaveUp(*language, failure));
                }
            });
        }
        drop(events);
        let mut report = Report::default();
        for event in heard {
            report.note(&event);
            // Nobody is left to tell when the reader has gone away.
            let _ = writeln!(lines, "{event}");
        }
        report.conclusion()
    })
}

fn try_language(
    root: &Path,
    language: Language,
    trials: &[Trial],
    program: &Path,
    events: &Sender<Event>,
) -> Result<(), Failure> {
    let begun = Instant::now();
    let command = language.driver(&Workshop::new(root))?;
    tell(events, Event::Built(language, begun.elapsed()));
    let emulator = Emulator::start(program, &[])?;
    let mut driver = Driver::start(language, command, &emulator)?;
    for trial in trials {
        let shortfall = trial.run(language, &mut driver)?;
        tell(events, Event::tried(language, trial, shortfall));
    }
    Ok(())
}

fn tell(events: &Sender<Event>, event: Event) {
    // The other end is there until the last sender is gone.
    let _ = events.send(event);
}
