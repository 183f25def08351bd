//! `cargo xtask lint-specs`: holds `openapi/*.yaml` against everything a machine can check about them.
//!
//! Three hold the documents: the rules of the code generator (`codegen::rules`, named below by rule), the linter
//! `@redocly/cli` with `openapi/redocly.yaml` (marked L), and the facts of the reference pages, as `cargo xtask docs check`
//! does (`reference-page`). Where two hold the same, the linter serves those who edit a document without Rust.
//!
//! | # | what a document keeps to | held by |
//! |---|---|---|
//! | 1 | version 3.0.3 | `openapi-version` |
//! | 2 | stands alone | `local-references`, `known-references`, L `no-unresolved-refs` |
//! | 3 | no key twice | the reader (`codegen::spec`), L `struct` |
//! | 4 | title, version, page and its date, contact, license, links | `info-complete`, `license-known`, `page-date`, `operation-linked`, `document-linked`, L `info-*` |
//! | 5 | server template, open variables | `server-template`, `service-endpoint`, L `no-undefined-server-variable`, `server-variable-open` |
//! | 6 | unique lowerCamelCase `operationId` | `operation-id`, `only-known-operations`, L `operation-id-camel-case` |
//! | 7 | one declared, described tag | `one-tag`, `tags-described`, `tags-used`, L `operation-singular-tag`, `no-duplicated-tag-names` |
//! | 8 | summary and description | `operation-described`, `text-written`, L `operation-summary`, `operation-description` |
//! | 9 | security at the root, fixed names and headers, signing described | `security-schemes`, `security-headers`, `operation-plain` |
//! | 10 | credentials are no parameters | `token-is-security`, L `token-is-no-parameter` |
//! | 11 | `workspace` required, lower case | `workspace-header`, `reference-page` |
//! | 12 | path parameters required, described, shown | `path-parameters`, `path-values`, `parameter-described`, L `path-parameters-defined` |
//! | 13 | assumptions marked and explained | `inference-explained`, `inference-marked`, `inference-parts`, `known-keywords`, `reference-page` |
//! | 14 | unknown defaults, bounds and orders said to be unknown | `default-stated`, `bounds-stated`, `order-stated` |
//! | 15 | what `offset` counts | `offset-unit` |
//! | 16 | formats of integers | `integer-format`, L `integer-format` |
//! | 17 | unit and epoch of times | `time-unit` |
//! | 18 | 64-bit integers and 2^53 | `wide-integers` |
//! | 19 | closed sets only where clients choose | `closed-enum`, L `no-enum-type-mismatch` |
//! | 20 | open sets named and described | `open-enum` |
//! | 21 | no alternatives | `no-alternatives`, L `no-alternatives` |
//! | 22 | null beside a type, and allowed in every answer | `reference-alone`, `schema-type`, `nullable-response`, `null-in-fields` |
//! | 23, 24 | nothing required or bounded in answers | `loose-response` |
//! | 25 | answers stay open and have no defaults | `loose-response`, L `object-open` |
//! | 26 | names as on the wire | `property-name`, `reference-page`, L `property-snake-case` |
//! | 27 | one `ErrorResponse`, on every failure | `error-body`, `error-fields`, L `response-body` |
//! | 28 | the set of responses | `response-set`, L `response-set` |
//! | 29 | bodies are named, described schemas | `response-body`, `named-object`, `object-fields`, `schema-described`, `text-written`, L `response-mime-type` |
//! | 30 | examples: there, valid, full, empty, surprising | `response-example`, `error-example`, `success-examples`, `listed-values`, `example-times`, `full-example`, `empty-example`, `surprising-example`, L `no-invalid-*-examples` |
//! | 31 | nothing unused | `used-schemas`, `component-kinds`, `known-keywords`, `known-extensions`, L `no-unused-components` |
//! | 32 | own words | people |
//! | 33 | no defect, no unannounced break | this command, `cargo xtask spec-diff` |

use std::error::Error;
use std::path::Path;

use serde_json::Value;

use crate::codegen::services::{SERVICES, Service};
use crate::codegen::spec::Document;
use crate::codegen::{self, Problem, Problems};
use crate::facts::{self, Facts};
use crate::tools::Toolbox;

mod defect;
mod defects;
mod linter;
mod proof;

use self::linter::Linter;

/// By what the reference pages state, problems are named in this way.
const PAGE: &str = "reference-page";

/// Checks every document with the house rules, with the linter and with what its page states. Returns one sentence.
///
/// # Errors
///
/// Every problem, with file, line, place and rule; or the linter could not be installed or run.
pub fn check(root: &Path) -> Result<String, Box<dyn Error>> {
    let mut problems = codegen::load(root).err().unwrap_or_default();
    let found = Linter::install(&Toolbox::of(root), root)
        .and_then(|linter| linter.problems(root, &readable(root)));
    problems.extend(found.unwrap_or_else(|failure| vec![linter::stopped(&failure)]));
    problems.extend(
        SERVICES
            .iter()
            .flat_map(|service| unstated(root, service))
            .collect(),
    );
    let count = SERVICES.len();
    Ok(problems.into_result(format!("{count} documents keep to every rule"))?)
}

/// Where a document differs from what its page states. One that cannot be read is told of by the house rules.
fn unstated(root: &Path, service: &Service) -> Vec<Problem> {
    let Ok(document) = Document::load(root, service.file) else {
        return Vec::new();
    };
    let found = match Facts::load(root, service) {
        Ok(facts) => facts::check::compare(&document, service, &facts),
        Err(missing) => vec![missing],
    };
    found
        .into_iter()
        .map(|problem| problem.by_rule(PAGE))
        .collect()
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
    let _turn = toolbox.turn("lint-proof")?;
    let folder = toolbox.scratch("lint-proof")?;
    let mut problems = Problems::default();
    problems.extend(proof::unnoticed(root, &folder, &linter)?);
    let count = defects::DEFECTS.len();
    Ok(problems.into_result(format!("the linter catches all of {count} defects"))?)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::workspace_root;

    #[test]
    fn a_document_that_differs_from_its_page_is_told_of_by_rule() {
        let service = &SERVICES[0];
        let copy = tempfile::tempdir().unwrap();
        fs::create_dir_all(copy.path().join("openapi").join("facts")).unwrap();
        let facts = facts::file(service);
        let root = workspace_root(None).unwrap();
        fs::copy(root.join(&facts), copy.path().join(&facts)).unwrap();
        let sound = fs::read_to_string(root.join(service.file)).unwrap();
        fs::write(copy.path().join(service.file), &sound).unwrap();
        assert_eq!(unstated(copy.path(), service), []);

        let renamed = sound.replace("- name: workspace\n", "- name: x-workspace\n");
        fs::write(copy.path().join(service.file), renamed).unwrap();
        let found = unstated(copy.path(), service);
        let lacks = |problem: &Problem| {
            problem.message.contains("header parameter `workspace`")
                && problem.message.ends_with("[reference-page]")
        };
        assert!(found.iter().any(lacks), "{found:#?}");
    }
}
