//! Every variable that is read, whether by this project or by a library it stands on.

use super::layout::define;

const INTRODUCTION: &str = "\
A flag beats the environment, and the environment beats a file. What a flag names counts as a
flag: the file of --fleet, and the profile of --profile, except for its endpoints. A variable that
is empty counts as absent. With --demo, nothing but the screen's variables is looked at.
";

const CREDENTIALS: &str = "\
Credentials come from the first of: --profile, the environment, the profile of our own
configuration, the credentials file, an unencrypted KooCLI configuration, the metadata service. No
flag takes a secret: flags can be seen by every user of a machine.
";

/// Variables that belong together: a title, and each name with its meaning.
type Group = (&'static str, &'static [(&'static str, &'static str)]);

const GROUPS: [Group; 6] = [
    (
        "Who asks",
        &[
            (
                "HUAWEICLOUD_SDK_AK",
                "the access key; comes with the next one or not at all",
            ),
            ("HUAWEICLOUD_SDK_SK", "its secret"),
            (
                "HUAWEICLOUD_SDK_SECURITY_TOKEN",
                "what belongs to a temporary access key",
            ),
            (
                "IDSYNC_TOKEN",
                "an IAM token, used where no access key is set",
            ),
            (
                "IDSYNC_PROFILE",
                "the profile of both files below; --profile beats it, and `basic` stands in for it",
            ),
            (
                "IDSYNC_NO_METADATA",
                "set to anything, it keeps the metadata service of a cloud server from being asked",
            ),
            (
                "IDSYNC_METADATA_ENDPOINT",
                "another address of that service",
            ),
        ],
    ),
    (
        "What is asked",
        &[
            (
                "HUAWEICLOUD_SDK_PROJECT_ID",
                "the project; --project-id and a project of --fleet beat it, and the region's own stands in for it",
            ),
            (
                "IDSYNC_REGION",
                "the region; --region and a project of --fleet beat it",
            ),
            (
                "IDSYNC_WORKSPACE",
                "workspaces, separated by commas; --workspace and --fleet beat it",
            ),
            (
                "IDSYNC_CLOCK",
                "where an emulator tells the time that it lives by, http://…/_emulator/clock: status, watch and wait \
                 then judge by it",
            ),
        ],
    ),
    (
        "Where services are",
        &[
            (
                "IDSYNC_ENDPOINT",
                "as --endpoint, several separated by commas; beaten by one --endpoint for all services, and for one \
                 service by one for it",
            ),
            (
                "HUAWEICLOUD_SDK_REGION_<SERVICE>_<REGION>",
                "the endpoint of DATAARTSSTUDIO, DWS, MRS or IAM in a region, written like CN_NORTH_4; read where \
                 IDSYNC_ENDPOINT and --endpoint say nothing",
            ),
            (
                "IDSYNC_EMULATOR_PID",
                "not read, but set by `idsync emulator --print-env`: what to end with kill",
            ),
            (
                "HUAWEICLOUD_SDK_IAM_ENDPOINT",
                "the endpoint of IAM in every region; comes before the one above",
            ),
        ],
    ),
    (
        "Files",
        &[
            (
                "IDSYNC_CONFIG",
                "our own configuration; else $XDG_CONFIG_HOME/idsync/config.toml",
            ),
            ("XDG_CONFIG_HOME", "an absolute path; else ~/.config"),
            (
                "HUAWEICLOUD_SDK_CREDENTIALS_FILE",
                "keys by profile; else ~/.huaweicloud/credentials",
            ),
            (
                "HUAWEICLOUD_SDK_REGIONS_FILE",
                "endpoints by service and region; else ~/.huaweicloud/regions.yaml",
            ),
            ("HOME", "what ~ stands for; on Windows USERPROFILE"),
        ],
    ),
    (
        "The network",
        &[
            (
                "https_proxy, HTTPS_PROXY",
                "the proxy for https; the first that is set counts",
            ),
            ("http_proxy", "the proxy for plain http; not in capitals"),
            (
                "all_proxy, ALL_PROXY",
                "the proxy where no other variable names one",
            ),
            ("no_proxy, NO_PROXY", "hosts that need no proxy"),
            (
                "SSL_CERT_FILE, SSL_CERT_DIR",
                "certificates in place of the system's, on Unix; --ca-file adds to either",
            ),
        ],
    ),
    (
        "The screen",
        &[
            ("NO_COLOR", "no colours; --color beats it"),
            ("CLICOLOR_FORCE", "colours even where nobody looks"),
            ("CLICOLOR", "0 means no colours"),
            (
                "TERM",
                "dumb means no colours, and lines in place of the screen of watch",
            ),
            (
                "TZ",
                "the zone in which times of day are told; else the system's",
            ),
            ("COLUMNS", "the width of the help where no screen has one"),
        ],
    ),
];

/// All there is to say of variables.
pub(super) fn text() -> String {
    let mut text = INTRODUCTION.to_owned();
    for (title, variables) in GROUPS {
        text.extend(["\n", title, ":\n"]);
        for (name, meaning) in variables {
            define(&mut text, name, meaning);
        }
    }
    text + "\n" + CREDENTIALS
}
