//! Go: oapi-codegen, one package a service.

use std::fs;
use std::process::Command;

use super::{Language, Workshop};
use crate::codegen::services::SERVICES;
use crate::tools::{Failure, needed, run};

const GENERATOR: &str = "github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen@v2.8.2";

pub(super) fn driver(workshop: &Workshop) -> Result<Command, Failure> {
    needed(&["go"])?;
    let programs = workshop.tools.go("oapi-codegen", GENERATOR)?;
    let bench = workshop.bench(Language::Go)?;
    for service in SERVICES {
        let package = bench.join("clients").join(service.module);
        fs::create_dir_all(&package).map_err(|error| {
            Failure::new(format!("{} cannot be made: {error}", package.display()))
        })?;
        run(Command::new(programs.join("oapi-codegen"))
            .args([
                "-generate",
                "types,client",
                "-package",
                service.module,
                "-o",
            ])
            .arg(package.join("client.go"))
            .arg(workshop.document(service)))?;
    }
    run(go(&["vet", "./..."]).current_dir(&bench))?;
    run(go(&["build", "-o", "driver", "."]).current_dir(&bench))?;
    Ok(Command::new(bench.join("driver")))
}

/// The modules are those of `go.sum`, whatever the environment says.
fn go(arguments: &[&str]) -> Command {
    let mut command = Command::new("go");
    command.env("GOFLAGS", "-mod=readonly").args(arguments);
    command
}
