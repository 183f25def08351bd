//! The configurations in `deploy/` and `docs/` are ones that the command takes.

use std::path::Path;

use idsync_monitor::Settings;

/// The texts of the files of a folder of the repository that end with `suffix`.
fn texts(folder: &str, suffix: &str) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .join(folder);
    let files = std::fs::read_dir(folder).unwrap();
    let files = files.map(|file| file.unwrap().path());
    let named = files.map(|path| (path.display().to_string(), path));
    named
        .filter(|(name, _)| name.ends_with(suffix))
        .map(|(name, path)| (name, std::fs::read_to_string(path).unwrap()))
        .collect()
}

/// The lines between each line `begin` and the next one that `is_end`.
fn blocks(text: &str, begin: &str, is_end: impl Fn(&str) -> bool) -> Vec<String> {
    let begin = format!("\n{begin}\n");
    let after = text.split(&begin).skip(1);
    after
        .map(|rest| {
            let lines = rest.lines().take_while(|line| !is_end(line));
            lines.flat_map(|line| [line, "\n"]).collect()
        })
        .collect()
}

#[test]
fn the_configurations_of_kubernetes_are_valid() {
    let files = texts("deploy/kubernetes", ".yaml");
    assert!(files.len() > 1);
    for (name, text) in files {
        let blocks = blocks(&text, "  serve.toml: |", |line| !line.starts_with("    "));
        assert_eq!(blocks.len(), 1, "{name}");
        let settings =
            Settings::parse(&blocks[0]).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(settings.serve.token_file.is_some(), "{name}");
    }
}

#[test]
fn the_configurations_of_the_guides_are_valid() {
    let mut checked = 0;
    for (name, text) in texts("docs", ".md") {
        for block in blocks(&text, "```toml", |line| line == "```") {
            if ["[serve]", "[history]", "[[receiver]]"]
                .iter()
                .any(|table| block.contains(table))
            {
                Settings::parse(&block).unwrap_or_else(|error| panic!("{name}: {error}\n{block}"));
                checked += 1;
            }
        }
    }
    assert!(checked >= 2, "{checked}");
}
