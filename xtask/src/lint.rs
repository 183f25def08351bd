//! `cargo xtask lint-specs`: holds `openapi/*.yaml` against everything a machine can check about them.
//!
//! Three hold the documents: the rules of the code generator (`codegen::rules`, named below by rule), the linter
//! `@redocly/cli` with `openapi/redocly.yaml` (marked L), and the tests of `tests/specs`. Where two hold the same, the
//! linter serves those who edit a document without Rust.
//!
//! | # | what a document keeps to | held by |
//! |---|---|---|
//! | 1 | version 3.0.3 | `openapi-version` |
//! | 2 | stands alone | `local-references`, `known-references`, L `no-unresolved-refs` |
//! | 3 | no key twice | the reader (`codegen::spec`), L `struct` |
//! | 4 | title, version, page and its date, contact, license, links | `info-complete`, `page-date`, `operation-linked`, L `info-*` |
//! | 5 | server template, open variables | `server-template`, `service-endpoint`, L `no-undefined-server-variable`, `server-variable-open` |
//! | 6 | unique lowerCamelCase `operationId` | `operation-id`, `only-known-operations`, L `operation-id-camel-case` |
//! | 7 | one declared, described tag | `one-tag`, `tags-described`, `tags-used`, L `operation-singular-tag`, `no-duplicated-tag-names` |
//! | 8 | summary and description | `operation-described`, L `operation-summary`, `operation-description` |
//! | 9 | security at the root, fixed names and headers, signing described | `security-schemes`, `security-headers`, `operation-plain` |
//! | 10 | credentials are no parameters | `token-is-security`, L `token-is-no-parameter` |
//! | 11 | `workspace` required, lower case | `workspace-header` |
//! | 12 | path parameters required, described, shown | `path-parameters`, `path-values`, `parameter-described`, L `path-parameters-defined` |
//! | 13 | assumptions marked and explained | `inference-explained`, `inference-marked`, `inference-parts`; against the pages: `cargo xtask docs check` |
//! | 14 | unknown defaults, bounds and orders said to be unknown | `default-stated`, `bounds-stated`, `order-stated` |
//! | 15 | what `offset` counts | `offset-unit` |
//! | 16 | formats of integers | `integer-format`, L `integer-format` |
//! | 17 | unit and epoch of times | `time-unit` |
//! | 18 | 64-bit integers and 2^53 | `wide-integers` |
//! | 19 | closed sets only where clients choose | `closed-enum`, L `no-enum-type-mismatch` |
//! | 20 | open sets named and described | `open-enum` |
//! | 21 | no alternatives | `no-alternatives`, L `no-alternatives` |
//! | 22 | null beside a type, and allowed in every answer | `reference-alone`, `schema-type`, `nullable-response` |
//! | 23, 24 | nothing required or bounded in answers | `loose-response` |
//! | 25 | answers stay open and have no defaults | `loose-response`, L `object-open` |
//! | 26 | names as on the wire | `property-name`, L `property-snake-case`; against the pages: `cargo xtask docs check` |
//! | 27 | one `ErrorResponse`, on every failure | `error-body`, `error-fields`, L `response-body` |
//! | 28 | the set of responses | `response-set`, L `response-set` |
//! | 29 | bodies are named, described schemas | `response-body`, `named-object`, `object-fields`, `schema-described`, L `response-mime-type` |
//! | 30 | examples: there, valid, full, empty, surprising | `response-example`, `error-example`, `success-examples`, `listed-values`, `example-times`, `full-example`, `empty-example`, `surprising-example`, L `no-invalid-*-examples` |
//! | 31 | nothing unused | `used-schemas`, `component-kinds`, `known-keywords`, `known-extensions`, L `no-unused-components` |
//! | 32 | own words | people |
//! | 33 | no defect, no unannounced break | this command, `cargo xtask spec-diff` |

use std::error::Error;
use std::path::Path;

use serde_json::Value;

use crate::codegen::services::SERVICES;
use crate::codegen::spec::Document;
use crate::codegen::{self, Problems};
use crate::tools::Toolbox;

mod defect;
mod defects;
mod linter;
mod proof;

use self::linter::Linter;

/// Checks every document with the house rules and with the linter. Returns one sentence.
///
/// # Errors
///
/// Every problem, with file, line, place and rule; or the linter could not be installed or run.
pub fn check(root: &Path) -> Result<String, Box<dyn Error>> {
    let mut problems = codegen::load(root).err().unwrap_or_default();
    let found = Linter::install(&Toolbox::of(root), root)
        .and_then(|linter| linter.problems(root, &readable(root)));
    problems.extend(found.unwrap_or_else(|failure| vec![linter::stopped(&failure)]));
    let count = SERVICES.len();
    Ok(problems.into_result(format!("{count} documents keep to every rule"))?)
}

/// The documents that the linter can read. Any other would stop it, and the house rules have said what is wrong with it.
fn readable(root: &Path) -> Vec<&'static str> {
    let files = SERVICES.iter().map(|service| service.file);
    files
        .filter(|file| Document::load(root, file).is_ok_and(|document| is_openapi(&document)))
        .collect()
}

fn is_openapi(document: &Document) -> bool {
    let version = document.root.get("openapi").and_then(Value::as_str);
    version.is_some_and(|version| version.starts_with("3."))
}

/// Shows that the linter catches every defect that is left to it, each in a copy of a document of its own.
///
/// # Errors
///
/// The defects that went unnoticed, by rule; or the linter could not be installed or run.
pub fn prove(root: &Path) -> Result<String, Box<dyn Error>> {
    let toolbox = Toolbox::of(root);
    let linter = Linter::install(&toolbox, root)?;
    let folder = toolbox.scratch("lint-proof")?;
    let mut problems = Problems::default();
    problems.extend(proof::unnoticed(root, &folder, &linter)?);
    let count = defects::DEFECTS.len();
    Ok(problems.into_result(format!("the linter catches all of {count} defects"))?)
}
