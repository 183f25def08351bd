//! `--state`: what a watch has reported, kept across restarts.

use std::io::Write;
use std::path::Path;

use idsync::health::Report;
use tempfile::NamedTempFile;

use crate::errors::CliError;
use crate::fleet_file::read_file;

/// The report that was saved last; none if the file does not exist yet.
///
/// # Errors
///
/// If the file cannot be read, or holds something else.
pub(super) fn read(path: &Path) -> Result<Option<Report>, CliError> {
    if !path.exists() {
        return Ok(None);
    }
    let report = serde_json::from_str(&read_file(path)?);
    report.map(Some).map_err(|error| {
        let message = format!("{} is not the state of a watch: {error}", path.display());
        CliError::configuration(message).with_hint("name another file with --state")
    })
}

/// Replaces the file atomically.
///
/// # Errors
///
/// If it cannot be written.
pub(super) fn save(path: &Path, report: &Report) -> Result<(), CliError> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let write = || -> std::io::Result<()> {
        let mut file = NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
        file.write_all(&serde_json::to_vec(report)?)?;
        file.persist(path)?;
        Ok(())
    };
    write().map_err(|error| CliError::io(&format!("cannot write {}", path.display()), &error))
}
