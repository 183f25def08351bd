//! `idsync help`, `idsync man` and `idsync completions`.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

use idsync::health::{NoteCode, ReasonCode, Verdict};
use tempfile::NamedTempFile;

use crate::idsync::{Idsync, Run};
use crate::schemas::assert_valid;

/// Every command.
const COMMANDS: &str = "status watch wait tasks records syncing serve sweep history export emulator doctor schema debug \
    completions man help";

#[test]
fn every_variable_that_the_code_reads_is_explained() {
    let help = Idsync::new("help environment").run().exits(0).stdout;
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut read = BTreeSet::new();
    for name in ["idsync", "idsync-cli"] {
        collect_variables(&crates.join(name).join("src"), &mut read);
    }
    assert!(read.len() >= 20, "{read:?}");
    for variable in read {
        let is_by_region = variable.starts_with("HUAWEICLOUD_SDK_REGION_");
        let shown = if is_by_region {
            "HUAWEICLOUD_SDK_REGION_<SERVICE>_<REGION>"
        } else {
            &variable
        };
        let words = help.split(|c: char| !(c.is_alphanumeric() || "_<>".contains(c)));
        assert!(words.into_iter().any(|word| word == shown), "{variable}");
    }
}

/// The text literals below `folder` that are names of variables, those of tests left out.
fn collect_variables(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect_variables(&path, found);
        } else if path.file_stem().is_some_and(|stem| stem != "tests") {
            let text = fs::read_to_string(&path).unwrap();
            let code = text.split("#[cfg(test)]").next().unwrap();
            let literals = code.split('"').skip(1).step_by(2);
            found.extend(literals.filter(|text| is_variable(text)).map(str::to_owned));
        }
    }
}

fn is_variable(text: &str) -> bool {
    let is_word = text
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || "_{}".contains(c));
    let begins = ["IDSYNC_", "HUAWEICLOUD_SDK_", "XDG_"];
    let ends = ["_proxy", "_PROXY"];
    is_word
        && (begins.iter().any(|begin| text.starts_with(begin))
            || ends.iter().any(|end| text.ends_with(end))
            || ["HOME", "USERPROFILE", "NO_COLOR"].contains(&text))
}

#[test]
fn every_verdict_reason_and_note_is_explained() {
    let help = Idsync::new("help verdicts").run().exits(0).stdout;
    let verdicts = Verdict::ALL.map(Verdict::as_str);
    let reasons = ReasonCode::ALL.map(ReasonCode::as_str);
    let notes = NoteCode::ALL.map(NoteCode::as_str);
    for word in verdicts.iter().chain(&reasons).chain(&notes) {
        assert!(
            help.lines()
                .any(|line| line.starts_with(&format!("  {word} "))),
            "{word}"
        );
    }
}

#[test]
fn help_and_the_flag_help_print_the_same() {
    let help = |arguments: &str| Idsync::new(arguments).run().exits(0).stdout;
    for command in ["status", "wait", "debug sign"] {
        assert_eq!(
            help(&format!("help {command}")),
            help(&format!("{command} --help"))
        );
    }
}

/// The keys that the schema `name` has in the table at `path`.
fn schema_keys(name: &str, path: &str) -> BTreeSet<String> {
    let schema = Idsync::new(&format!("schema {name}")).run().exits(0).json();
    let table = &schema.pointer(path).unwrap()["properties"];
    table.as_object().unwrap().keys().cloned().collect()
}

/// The keys that an error about an unknown key names.
fn accepted_keys(run: &Run) -> BTreeSet<String> {
    let (_, keys) = run.stderr.split_once("expected one of ").unwrap();
    let keys = keys.split('`').skip(1).step_by(2);
    keys.map(str::to_owned).collect()
}

#[test]
fn the_help_and_the_schema_of_a_file_have_every_key_that_is_accepted() {
    let profile = "/properties/profiles/additionalProperties";
    let project = "/properties/project/items";
    for (name, begin, table, path) in [
        ("fleet", "", "", String::new()),
        ("fleet", "[[project]]\n", "", project.to_owned()),
        (
            "fleet",
            "[[project]]\n[project.endpoints]\n",
            "",
            format!("{project}/properties/endpoints"),
        ),
        ("config", "[profiles.basic]\n", "", profile.to_owned()),
        (
            "config",
            "[profiles.basic.endpoints]\n",
            "",
            format!("{profile}/properties/endpoints"),
        ),
        (
            "config",
            "[profiles.basic.credentials]\n",
            "",
            format!("{profile}/properties/credentials"),
        ),
        ("fleet", "[health]\n", "cluster", "/$defs/health".to_owned()),
    ] {
        let mut file = NamedTempFile::new().unwrap();
        file.write_all(format!("{begin}wat = 1\n").as_bytes())
            .unwrap();
        let path_of_file = file.path().to_str().unwrap();
        let run = match name {
            "fleet" => Idsync::new("status -q --fleet").arg(path_of_file).run(),
            _ => Idsync::new("status -q")
                .env("IDSYNC_CONFIG", path_of_file)
                .run(),
        };
        let mut keys = schema_keys(name, &path);
        let help = Idsync::new(&format!("help {name}")).run().exits(0).stdout;
        let words: BTreeSet<_> = help
            .split(|c: char| c != '_' && !c.is_alphanumeric())
            .collect();
        for key in &keys {
            assert!(words.contains(key.as_str()), "{key}");
        }
        keys.extend(Some(table.to_owned()).filter(|table| !table.is_empty()));
        assert_eq!(accepted_keys(&run.exits(2)), keys, "{begin}");
    }
}

#[test]
fn the_example_in_the_help_of_a_file_is_valid_by_its_schema() {
    for (name, begin) in [("config", "[profiles.basic]"), ("fleet", "min_clusters")] {
        let help = Idsync::new(&format!("help {name}")).run().exits(0).stdout;
        let (_, example) = help.split_once(begin).unwrap();
        let (example, _) = example.rsplit_once("\n\n").unwrap();
        let example: toml::Table = toml::from_str(&format!("{begin}{example}")).unwrap();
        assert_valid(name, &[serde_json::to_value(example).unwrap()]);
    }
}

#[test]
fn completions_know_commands_and_values() {
    for (shell, values) in [
        ("bash", "cn-north-4"),
        ("elvish", "status"),
        ("fish", "cn-north-4"),
        ("powershell", "status"),
        ("zsh", "cn-north-4"),
    ] {
        let script = Idsync::new(&format!("completions {shell}"))
            .run()
            .exits(0)
            .stdout;
        for command in COMMANDS.split(' ') {
            assert!(script.contains(command), "{shell}: {command}");
        }
        assert!(script.contains(values), "{shell}");
    }
    let bash = Idsync::new("completions bash").run().exits(0).stdout;
    for values in [
        "table json ndjson csv yaml",
        "failing stuck overdue partial unknown never_run running healthy worse",
        "demo healthy outage quiet-life",
        "sync_status sync_msg sync_time",
        "config environment exit-codes fleet monitor verdicts status",
    ] {
        assert!(bash.contains(values), "{values}");
    }
}

#[test]
fn help_that_cannot_be_written_is_a_failure() {
    for arguments in ["--help", "status --help", "help config", "completions zsh"] {
        let full = File::options().write(true).open("/dev/full").unwrap();
        let run = Idsync::new(arguments).stdout(full).run().exits(1);
        assert!(
            run.stderr.starts_with("idsync: cannot write the output"),
            "{}",
            run.stderr
        );
    }
}

#[test]
fn the_manual_is_one_page_on_stdout_or_one_a_command_in_a_folder() {
    let main = Idsync::new("man").run().exits(0).stdout;
    assert!(main.contains(".TH idsync 1"), "{main}");
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("new/man1");
    let write = || Idsync::new("man --out").arg(out.to_str().unwrap()).run();
    assert_eq!(write().exits(0).stdout, "");
    assert_eq!(fs::read_to_string(out.join("idsync.1")).unwrap(), main);
    for command in COMMANDS.split(' ').chain(["debug-sign"]) {
        let page = fs::read_to_string(out.join(format!("idsync-{command}.1"))).unwrap();
        assert!(
            page.contains(&format!(".TH idsync-{command} 1")),
            "{command}"
        );
    }
    let file = out.join("idsync.1");
    let file = file.to_str().unwrap();
    let run = Idsync::new("man --out").arg(file).run().exits(1);
    run.says(file);
}
