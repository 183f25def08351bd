//! Shows that each kind of break is found: one breaking edit at a time, in a repository made for it.

use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::Command;

use super::{FOLDER, compare, present, unusable};
use crate::codegen::{Problem, Problems};
use crate::tools::{Failure, Toolbox, run};

/// An edit that breaks clients: document, text, what to put in its place everywhere, and the change that must be found.
type Break = (&'static str, &'static str, &'static str, &'static str);

const STUDIO: &str = "openapi/dataarts-studio.yaml";
const DWS: &str = "openapi/dws.yaml";
const MRS: &str = "openapi/mrs.yaml";

const BREAKS: &[Break] = &[
    (
        DWS,
        "        fail_reason:\n",
        "        fail_cause:\n",
        "response-optional-property-removed",
    ),
    (
        DWS,
        "  version: 1.0.0\n",
        "  version: 0.9.0\n",
        "version-lowered",
    ),
    (
        DWS,
        "operationId: listSyncRecords",
        "operationId: listRecords",
        "api-operation-id-removed",
    ),
    (
        DWS,
        "db-manager/sync-records:",
        "db-manager/records:",
        "api-path-removed-without-deprecation",
    ),
    (
        DWS,
        "default: 1000",
        "default: 100",
        "request-parameter-default-value-changed",
    ),
    (
        DWS,
        "            default: 1000\n",
        "",
        "request-parameter-default-value-removed",
    ),
    (
        DWS,
        "            minimum: 1\n",
        "            minimum: 5\n",
        "request-parameter-min-increased",
    ),
    (
        DWS,
        "maxLength: 64",
        "maxLength: 32",
        "request-parameter-max-length-decreased",
    ),
    (
        DWS,
        "\"417\":",
        "\"418\":",
        "response-non-success-status-removed",
    ),
    (
        DWS,
        "application/json:",
        "text/json:",
        "response-media-type-removed",
    ),
    (
        DWS,
        "format: int64",
        "format: int32",
        "response-property-type-specialized",
    ),
    (
        DWS,
        "IdentitySourceSyncRecordVo",
        "SyncRecord",
        "api-schema-removed",
    ),
    (DWS, "Identity sources", "Directories", "api-tag-removed"),
    (DWS, "IamToken:", "Token:", "security-scheme-removed"),
    (
        DWS,
        "  - AkSkSignature: []\n",
        "",
        "security-alternative-removed",
    ),
    (
        DWS,
        "name: X-Auth-Token",
        "name: X-Token",
        "security-scheme-moved",
    ),
    (
        DWS,
        "        - FINISHED\n",
        "        - ENDED\n",
        "open-set-value-removed",
    ),
    (DWS, "cluster_id", "cluster", "path-parameter-renamed"),
    (
        DWS,
        "        4XX:\n",
        "        5XX:\n",
        "response-range-removed",
    ),
    (
        DWS,
        "            format: int32\n",
        "            format: int64\n",
        "request-parameter-type-generalized",
    ),
    (
        DWS,
        "    SyncRecordPage:\n      type: object\n",
        "    SyncRecordPage:\n      type: object\n      required: [count]\n",
        "response-property-became-required",
    ),
    (
        STUDIO,
        "          in: header\n          required: true\n",
        "          in: header\n          required: false\n",
        "request-parameter-became-optional",
    ),
    (DWS, "https://dws.", "https://warehouse.", "server-removed"),
    (
        DWS,
        "default: cn-north-4",
        "default: cn-north-1",
        "server-default-changed",
    ),
    (
        MRS,
        "          type: boolean\n",
        "          type: string\n",
        "response-property-type-changed",
    ),
    (
        STUDIO,
        "        - name: cluster_name\n",
        "        - name: cluster\n",
        "request-parameter-removed",
    ),
    (
        STUDIO,
        "        - SYNC_TIME\n",
        "",
        "request-parameter-enum-value-removed",
    ),
    (
        STUDIO,
        "        - name: cluster_name\n          in: query\n          required: false\n",
        "        - name: cluster_name\n          in: query\n          required: true\n",
        "request-parameter-became-required",
    ),
];

/// Makes every break in a copy of the documents at `root` and compares the copy with what it was.
///
/// # Errors
///
/// The breaks that were not found, or were not taken for breaks; or a tool could not be installed or run.
pub fn prove(toolbox: &Toolbox, root: &Path) -> Result<String, Box<dyn Error>> {
    let copy = tempfile::tempdir().map_err(|error| unusable(&std::env::temp_dir(), &error))?;
    copy_documents(root, copy.path())?;
    commit(copy.path())?;
    let mut problems = Problems::default();
    for case in BREAKS {
        problems.extend(unnoticed(toolbox, copy.path(), case)?);
    }
    let count = BREAKS.len();
    Ok(problems.into_result(format!("all of {count} breaks are found"))?)
}

fn copy_documents(root: &Path, copy: &Path) -> Result<(), Box<dyn Error>> {
    let folder = copy.join(FOLDER);
    fs::create_dir(&folder).map_err(|error| unusable(&folder, &error))?;
    for file in present(root)? {
        let from = root.join(&file);
        fs::copy(&from, copy.join(&file)).map_err(|error| unusable(&from, &error))?;
    }
    Ok(())
}

/// Makes `folder` a repository whose only commit is its content.
fn commit(folder: &Path) -> Result<(), Failure> {
    // Nothing of the user's own settings may get in the way.
    let settings = [
        "user.name=idsync",
        "user.email=idsync@localhost",
        "commit.gpgsign=false",
        "core.hooksPath=/dev/null",
    ];
    let git = |arguments: &[&str]| {
        let mut command = Command::new("git");
        command.arg("-C").arg(folder);
        for setting in settings {
            command.args(["-c", setting]);
        }
        run(command.args(arguments))
    };
    git(&["init", "--quiet"])?;
    git(&["add", "--all"])?;
    git(&["commit", "--quiet", "--message", "Before"])
}

fn unnoticed(
    toolbox: &Toolbox,
    copy: &Path,
    (file, from, to, expected): &Break,
) -> Result<Vec<Problem>, Box<dyn Error>> {
    let path = copy.join(file);
    let sound = fs::read_to_string(&path).map_err(|error| unusable(&path, &error))?;
    if !sound.contains(from) {
        let message = format!("no longer has the text of a break to be made: {from:?}");
        return Ok(vec![Problem::of_file(*file, message)]);
    }
    fs::write(&path, sound.replace(from, to)).map_err(|error| unusable(&path, &error))?;
    let found = compare(toolbox, copy, "HEAD")?;
    fs::write(&path, sound).map_err(|error| unusable(&path, &error))?;
    if found.is_unannounced() && found.has(file, expected) {
        return Ok(Vec::new());
    }
    let message = format!("{expected} does not come of {to:?} in place of {from:?}, but:\n{found}");
    Ok(vec![Problem::of_file(*file, message)])
}
