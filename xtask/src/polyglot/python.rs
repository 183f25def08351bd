//! Python: openapi-python-client, and mypy to see that the driver uses the types as they are.

use std::env;
use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

use super::{Language, Workshop};
use crate::codegen::services::SERVICES;
use crate::tools::{Failure, Packages, run};

const PACKAGES: Packages = Packages {
    name: "polyglot",
    wanted: &["mypy==2.4.1", "openapi-python-client==0.29.1"],
    pins: include_str!("../../pins/pip-polyglot.txt"),
};

pub(super) fn driver(workshop: &Workshop) -> Result<Command, Failure> {
    let programs = workshop.tools.python(&PACKAGES)?;
    let bench = workshop.bench(Language::Python)?;
    for service in SERVICES {
        run(Command::new(programs.join("openapi-python-client"))
            .env("PATH", path_with(&programs)?)
            .args(["generate", "--meta", "none", "--path"])
            .arg(workshop.document(service))
            .arg("--output-path")
            .arg(bench.join("clients").join(service.module)))?;
    }
    // Silent about the generated modules, whose types it follows: they are not written for the strict mode.
    run(Command::new(programs.join("mypy"))
        .current_dir(&bench)
        .args(["--strict", "--follow-imports=silent", "driver.py"]))?;
    let mut driver = Command::new(programs.join("python"));
    driver.current_dir(bench).arg("driver.py");
    Ok(driver)
}

/// The generator calls the formatter that is installed beside it.
fn path_with(programs: &Path) -> Result<OsString, Failure> {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders = env::split_paths(&path).collect::<Vec<_>>();
    env::join_paths([programs.to_path_buf()].into_iter().chain(folders)).map_err(|error| {
        Failure::new(format!(
            "{} cannot be put on PATH: {error}",
            programs.display()
        ))
    })
}
