//! Java: Maven runs openapi-generator and compiles what it wrote, as the project file in `tests/polyglot/java` says.

use std::env;
use std::process::Command;

use super::{Language, Workshop};
use crate::tools::{Failure, needed, run};

pub(super) fn driver(workshop: &Workshop) -> Result<Command, Failure> {
    needed(&["java", "mvn"])?;
    let bench = workshop.bench(Language::Java)?;
    run(workshop
        .tools
        .maven()
        .current_dir(&bench)
        .arg(format!("-Ddocuments={}", workshop.documents().display()))
        .arg("compile"))?;
    let build = bench.join("target");
    let classes = [build.join("classes"), build.join("dependency").join("*")];
    let classes = env::join_paths(classes).map_err(|error| {
        Failure::new(format!(
            "{} cannot be a class path: {error}",
            build.display()
        ))
    })?;
    let mut driver = Command::new("java");
    // Generated clients decode with the default of the machine, which is UTF-8 only from Java 18 on.
    driver
        .arg("-Dfile.encoding=UTF-8")
        .arg("-cp")
        .arg(classes)
        .arg("polyglot.Driver");
    Ok(driver)
}
