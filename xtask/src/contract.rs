//! `cargo xtask contract`: do the documents and the emulator describe the same services?
//!
//! Both are written by hand from the same pages, by separate ways. Schemathesis reads each document, makes up calls that
//! keep to it and calls that break it, and holds the emulator's answers against it.

use std::error::Error;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::codegen;
use crate::codegen::services::Service;
use crate::codegen::spec::Document;
use crate::emulator::{self, Emulator};
use crate::tools::{Failure, Toolbox};

mod closed;
mod round;
mod schemathesis;

use self::round::Round;
use self::schemathesis::{Schemathesis, Verdict};

/// Calls every operation of every document in every round. Returns one sentence.
///
/// # Errors
///
/// Every disagreement, as Schemathesis tells it; or a document, the emulator or Schemathesis cannot be used.
pub fn check(root: &Path) -> Result<String, Box<dyn Error>> {
    let documents = codegen::load(root)?;
    let schemathesis = Schemathesis::install(&Toolbox::of(root))?;
    let emulator = Emulator::start(&emulator::build(root, false)?, &[])?;
    let mut disagreements = Vec::new();
    let mut rounds = 0;
    for (service, document) in &documents {
        let before = disagreements.len();
        for round in Round::of(service, &emulator) {
            rounds += 1;
            let spec = closed::parameters(document);
            if let Verdict::Disagrees(told) = schemathesis.run(&spec, &emulator, &round)? {
                disagreements.push(format!("{}, {}:\n{told}", service.file, round.name));
            }
        }
        // What disagrees already has been heard.
        if disagreements.len() == before {
            disagreements.extend(control(&schemathesis, &emulator, service, document)?);
        }
    }
    if disagreements.is_empty() {
        return Ok(format!(
            "{} documents and the emulator agree in {rounds} rounds",
            documents.len()
        ));
    }
    Err(Failure::new(disagreements.join("\n")).into())
}

/// Shows that a disagreement would be heard: every field of the answers is said to be of a type that it is not.
fn control(
    schemathesis: &Schemathesis,
    emulator: &Emulator,
    service: &Service,
    document: &Document,
) -> Result<Option<String>, Failure> {
    let mut wrong = closed::parameters(document);
    mistype(&mut wrong);
    let single = Round::single(service, emulator);
    let heard = schemathesis.run(&wrong, emulator, &single)?;
    let unheard = matches!(heard, Verdict::Agrees);
    Ok(unheard.then(|| {
        format!(
            "{}: fields of a wrong type go unnoticed, so the check proves nothing",
            service.file
        )
    }))
}

/// Makes every property of every schema a type that its value does not have.
fn mistype(document: &mut Value) {
    let schemas = document.pointer_mut("/components/schemas");
    let schemas = schemas.and_then(Value::as_object_mut).into_iter();
    for (_, schema) in schemas.flatten() {
        let properties = schema.get_mut("properties").and_then(Value::as_object_mut);
        for (_, property) in properties.into_iter().flatten() {
            let other = match property.get("type").and_then(Value::as_str) {
                Some("string") => "boolean",
                _ => "string",
            };
            *property = serde_json::json!({"type": other, "description": "Of a wrong type."});
        }
    }
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    fs::write(path, text)
        .map_err(|error| Failure::new(format!("{} cannot be written: {error}", path.display())))
}
