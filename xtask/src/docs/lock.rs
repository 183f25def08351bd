//! The facts that the documents were written from, kept in `openapi/facts`.

use std::fs;
use std::io::Write;
use std::path::Path;

use super::contract;
use super::facts::Facts;
use crate::codegen::Problem;
use crate::codegen::services::Service;

/// What a developer runs to bring a lock up to date.
const COMMAND: &str = "cargo xtask docs diff PAGE --update";

/// No lock comes near this size, in bytes.
const MAX_BYTES: u64 = 1024 * 1024;

/// The lock of a service, below the root of the workspace.
pub fn file(service: &Service) -> String {
    let name = service
        .file
        .trim_start_matches("openapi/")
        .trim_end_matches(".yaml");
    format!("openapi/facts/{name}.json")
}

/// Reads the lock of a service.
///
/// # Errors
///
/// The file is missing, too large, or not a lock of this service.
pub fn read(root: &Path, service: &Service) -> Result<Facts, Problem> {
    let file = file(service);
    let path = root.join(&file);
    let failed = |error: std::io::Error| {
        Problem::of_file(
            &file,
            format!("cannot be read: {error}; `{COMMAND}` writes it"),
        )
    };
    if fs::metadata(&path).map_err(failed)?.len() > MAX_BYTES {
        return Err(Problem::of_file(
            &file,
            format!("is larger than {MAX_BYTES} bytes: restore it"),
        ));
    }
    let text = fs::read_to_string(&path).map_err(failed)?;
    let facts: Facts = serde_json::from_str(&text).map_err(|error| {
        Problem::of_line(
            &file,
            error.line(),
            format!("is no lock: {error}; restore it, or remove it and run `{COMMAND}`"),
        )
    })?;
    // A page that calls the parameters of its path otherwise is still about the same service.
    if contract::service(&facts.method, &facts.path).is_none_or(|known| known.file != service.file)
    {
        return Err(Problem::of_file(
            &file,
            format!(
                "is about {} {}: it belongs to another service",
                facts.method, facts.path
            ),
        ));
    }
    Ok(facts)
}

/// Whether a service has a lock.
pub fn exists(root: &Path, service: &Service) -> bool {
    root.join(file(service)).exists()
}

/// Writes the lock of a service, whole or not at all.
///
/// # Errors
///
/// The file cannot be written; what was there is still there.
pub fn write(root: &Path, service: &Service, facts: &Facts) -> Result<(), Problem> {
    let file = file(service);
    let failed = |error: &dyn std::fmt::Display| {
        Problem::of_file(&file, format!("cannot be written: {error}"))
    };
    let path = root.join(&file);
    let folder = path.parent().unwrap_or(root);
    let text = serde_json::to_string_pretty(facts).map_err(|error| failed(&error))?;
    fs::create_dir_all(folder).map_err(|error| failed(&error))?;
    let mut builder = tempfile::Builder::new();
    // Temporary files are private by default; this one is for all.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644));
    let mut staged = builder
        .tempfile_in(folder)
        .map_err(|error| failed(&error))?;
    writeln!(staged, "{text}").map_err(|error| failed(&error))?;
    staged
        .as_file()
        .sync_all()
        .map_err(|error| failed(&error))?;
    staged
        .persist(&path)
        .map_err(|error| failed(&error.error))?;
    Ok(())
}
