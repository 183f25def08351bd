//! `idsync help`, `idsync man` and `idsync completions`.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use idsync::health::{NoteCode, ReasonCode, Verdict};

use crate::idsync::Idsync;

const COMMANDS: [&str; 12] = [
    "status",
    "watch",
    "wait",
    "tasks",
    "records",
    "syncing",
    "emulator",
    "doctor",
    "debug",
    "completions",
    "man",
    "help",
];

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
fn the_help_of_a_command_is_the_same_by_either_way() {
    for command in ["status", "wait", "debug sign"] {
        let by_help = Idsync::new(&format!("help {command}"))
            .run()
            .exits(0)
            .stdout;
        let by_flag = Idsync::new(&format!("{command} --help"))
            .run()
            .exits(0)
            .stdout;
        assert_eq!(by_help, by_flag, "{command}");
    }
}

#[test]
fn what_has_no_help_is_answered_with_what_has() {
    let run = Idsync::new("help wat").run().exits(2);
    for word in ["environment", "exit-codes", "verdicts", "status"] {
        assert!(run.stderr.contains(word), "{}", run.stderr);
    }
    let run = Idsync::new("help debug wat").run().exits(2);
    assert!(run.stderr.contains("sign"), "{}", run.stderr);
    Idsync::new("help status wat").run().exits(2);
    Idsync::new("help verdicts wat").run().exits(2);
}

#[test]
fn each_shell_gets_completions_for_every_command() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = Idsync::new(&format!("completions {shell}"))
            .run()
            .exits(0)
            .stdout;
        for command in COMMANDS {
            assert!(script.contains(command), "{shell}: {command}");
        }
    }
    let run = Idsync::new("completions cmd").run().exits(2);
    assert!(
        run.stderr.contains("bash, elvish, fish, powershell, zsh"),
        "{}",
        run.stderr
    );
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
    for command in COMMANDS {
        let page = fs::read_to_string(out.join(format!("idsync-{command}.1"))).unwrap();
        assert!(
            page.contains(&format!(".TH idsync-{command} 1")),
            "{command}"
        );
    }
    let sign = fs::read_to_string(out.join("idsync-debug-sign.1")).unwrap();
    assert!(sign.contains("debug sign"), "{sign}");
    let number = fs::read_dir(&out).unwrap().count();
    write().exits(0);
    assert_eq!(
        fs::read_dir(&out).unwrap().count(),
        number,
        "nothing else is left behind"
    );
}

#[test]
fn a_folder_that_cannot_be_is_named() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let run = Idsync::new("man --out")
        .arg(file.path().to_str().unwrap())
        .run()
        .exits(1);
    assert!(
        run.stderr.contains(file.path().to_str().unwrap()),
        "{}",
        run.stderr
    );
}
