//! `cargo xtask reference`: one HTML file that shows all documents, without a network.

use std::error::Error;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::codegen;
use crate::codegen::services::Service;
use crate::codegen::spec::Document;
use crate::tools::{Failure, Packages, Toolbox};

mod browser;
mod net_log;
mod ordered;
mod page;
mod rendered;

use self::browser::Browser;
use self::page::{Bundle, Entry};

/// Pinned, since the look of the page and the check of what is rendered depend on it.
const PACKAGES: Packages = Packages {
    name: "redoc",
    wanted: &["redoc@2.5.4"],
    pins: include_str!("../pins/npm-redoc.json"),
};

/// Where the page goes unless told otherwise, below the root of the workspace.
const DEFAULT: &str = "target/reference.html";

/// Writes the page. Returns one sentence.
///
/// # Errors
///
/// A document breaks a rule, the program that shows it cannot be installed, or the file cannot be written.
pub fn write(root: &Path, out: Option<&Path>) -> Result<String, Box<dyn Error>> {
    let out = out.map_or_else(|| root.join(DEFAULT), Path::to_path_buf);
    let documents = codegen::load(root)?;
    let entries = documents
        .iter()
        .map(|(service, document)| entry(root, service, document))
        .collect::<Result<Vec<_>, _>>()?;
    let page = page::page(&entries, &bundle(&Toolbox::of(root))?);
    // Beside the file, then in its place: whoever reads it meanwhile sees a whole page.
    let beside = out.with_extension("html.new");
    let written = fs::write(&beside, &page).and_then(|()| fs::rename(&beside, &out));
    written
        .map_err(|error| Failure::new(format!("{} cannot be written: {error}", out.display())))?;
    Ok(format!("{}: {} bytes", out.display(), page.len()))
}

/// Opens the page in a browser that reaches nothing, and shows that every operation is there. Returns one sentence.
///
/// # Errors
///
/// What is missing on the page, or which address it asked for; or there is no browser and none can be installed.
pub fn check(root: &Path) -> Result<String, Box<dyn Error>> {
    let documents = codegen::load(root)?;
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("reference.html");
    write(root, Some(&file))?;
    let browser = Browser::find()?;
    browser.control(folder.path())?;
    let visit = browser.visit(&file)?;
    if !visit.requests.is_empty() {
        let asked = visit.requests.join(", ");
        return Err(Failure::new(format!("the reference page asks for {asked}")).into());
    }
    let missing = rendered::missing(&documents, &visit.dom);
    if !missing.is_empty() {
        let missing = missing.join("\n");
        return Err(Failure::new(format!("the reference page does not show:\n{missing}")).into());
    }
    Ok(format!(
        "the reference page shows {} operations and asks for nothing",
        documents.len()
    ))
}

fn entry<'a>(
    root: &Path,
    service: &'a Service,
    document: &'a Document,
) -> Result<Entry<'a>, Failure> {
    let text = text(&root.join(service.file))?;
    let json = ordered::json(&text)
        .ok_or_else(|| Failure::new(format!("{} has no form in JSON", service.file)))?;
    let title = document.root.pointer("/info/title");
    Ok(Entry {
        name: service.module,
        title: title.and_then(Value::as_str).unwrap_or_default(),
        json,
    })
}

fn text(path: &Path) -> Result<String, Failure> {
    fs::read_to_string(path)
        .map_err(|error| Failure::new(format!("{} cannot be read: {error}", path.display())))
}

/// The installed program with its licences.
fn bundle(toolbox: &Toolbox) -> Result<Bundle, Failure> {
    let folder = toolbox.node(&PACKAGES)?.join("node_modules/redoc");
    Ok(Bundle {
        source: text(&folder.join("bundles/redoc.standalone.js"))?,
        licences: vec![
            text(&folder.join("LICENSE"))?,
            text(&folder.join("bundles/redoc.standalone.js.LICENSE.txt"))?,
        ],
    })
}
