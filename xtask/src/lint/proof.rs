//! Shows that the linter notices each defect: one copy of a document a defect, all in one call.

use std::fs;
use std::path::Path;

use super::defects::DEFECTS;
use super::linter::Linter;
use crate::codegen::Problem;
use crate::tools::Failure;

/// The defects of which the linter says nothing, or something else than it should.
pub(super) fn unnoticed(
    root: &Path,
    folder: &Path,
    linter: &Linter,
) -> Result<Vec<Problem>, Failure> {
    let names: Vec<String> = (0..DEFECTS.len())
        .map(|number| format!("{number}.yaml"))
        .collect();
    for (defect, name) in DEFECTS.iter().zip(&names) {
        fs::write(folder.join(name), defect.applied(root)?)
            .map_err(|error| Failure::new(format!("{name} cannot be written: {error}")))?;
    }
    let files: Vec<&str> = names.iter().map(String::as_str).collect();
    let found = linter.problems(folder, &files)?;
    let missed = DEFECTS.iter().zip(&names).filter(|(defect, name)| {
        let rule = format!("[{}]", defect.rule);
        let noticed =
            |problem: &&Problem| problem.file == **name && problem.message.ends_with(&rule);
        !found.iter().any(|problem| noticed(&problem))
    });
    Ok(missed
        .map(|(defect, name)| {
            let heard: Vec<&str> = found
                .iter()
                .filter(|problem| problem.file == **name)
                .map(|problem| problem.message.as_str())
                .collect();
            let message = format!(
                "`{}` does not notice {:?} in place of {:?}; the linter says: {}",
                defect.rule,
                defect.to,
                defect.from,
                heard.join("; ")
            );
            Problem::of_file(defect.file, message)
        })
        .collect())
}
