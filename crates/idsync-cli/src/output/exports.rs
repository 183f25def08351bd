//! What a shell evaluates so that commands and SDKs talk to an emulator.

use std::fmt::Write as _;

use serde::Deserialize;

/// What is needed of the emulator's ready line.
#[derive(Deserialize)]
pub(crate) struct Served {
    url: String,
    region: String,
    project_id: String,
    workspace: String,
    ak: String,
    sk: String,
}

/// Services by their names in the SDKs' variables for endpoints.
const SERVICES: [&str; 3] = ["DATAARTSSTUDIO", "DWS", "MRS"];

/// Variables that would come before those that are set, and mean another account.
const IN_THE_WAY: &str =
    "HUAWEICLOUD_SDK_SECURITY_TOKEN HUAWEICLOUD_SDK_DOMAIN_ID IDSYNC_TOKEN IDSYNC_PROFILE";

/// One `export` a line, for POSIX shells.
pub(super) fn render(served: &Served, process: u32) -> String {
    let region = served.region.to_uppercase().replace('-', "_");
    let process = process.to_string();
    let mut text = format!("unset {IN_THE_WAY}\n");
    let mut export = |name: &str, value: &str| {
        // Writing to a string has no way to fail.
        let _ = writeln!(text, "export {name}={}", quoted(value));
    };
    export("HUAWEICLOUD_SDK_AK", &served.ak);
    export("HUAWEICLOUD_SDK_SK", &served.sk);
    export("HUAWEICLOUD_SDK_PROJECT_ID", &served.project_id);
    export("HUAWEICLOUD_SDK_IAM_ENDPOINT", &served.url);
    for service in SERVICES {
        let name = format!("HUAWEICLOUD_SDK_REGION_{service}_{region}");
        export(&name, &served.url);
    }
    export("IDSYNC_REGION", &served.region);
    export("IDSYNC_ENDPOINT", &served.url);
    export("IDSYNC_WORKSPACE", &served.workspace);
    export("IDSYNC_CLOCK", &format!("{}/_emulator/clock", served.url));
    export("IDSYNC_EMULATOR_PID", &process);
    text
}

/// A text that a shell takes as it is.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_gets_back_what_was_quoted() {
        let text = "it's $HOME `x` \"y\" \\ *\n!";
        let script = format!("printf %s {}", quoted(text));
        let shell = std::process::Command::new("sh")
            .args(["-c", &script])
            .output();
        assert_eq!(String::from_utf8(shell.unwrap().stdout).unwrap(), text);
    }
}
