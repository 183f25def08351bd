//! TypeScript: openapi-typescript writes the types, the compiler checks the driver, tsx runs it.

use std::process::Command;

use super::{Language, Workshop};
use crate::codegen::services::SERVICES;
use crate::tools::{Failure, Packages, needed, run};

/// The generator does not work with version 7 of the compiler.
const PACKAGES: Packages = Packages {
    name: "polyglot",
    wanted: &[
        "@types/node@20.19.43",
        "openapi-fetch@0.17.0",
        "openapi-typescript@7.13.0",
        "tsx@4.23.15",
        "typescript@5.9.3",
    ],
    pins: include_str!("../../pins/npm-polyglot.json"),
};

pub(super) fn driver(workshop: &Workshop) -> Result<Command, Failure> {
    needed(&["node"])?;
    let tools = workshop.tools.node(&PACKAGES)?;
    let programs = tools.join("node_modules").join(".bin");
    // Below the packages: Node.js looks for them in the folders above a module.
    let bench = workshop.bench_in(tools.join("driver"), Language::TypeScript)?;
    for service in SERVICES {
        let client = format!("{}.ts", service.module);
        run(Command::new(programs.join("openapi-typescript"))
            .arg(workshop.document(service))
            .arg("--output")
            .arg(bench.join("clients").join(client)))?;
    }
    run(Command::new(programs.join("tsc"))
        .arg("--project")
        .arg(&bench))?;
    let mut driver = Command::new(programs.join("tsx"));
    driver.current_dir(bench).arg("driver.ts");
    Ok(driver)
}
