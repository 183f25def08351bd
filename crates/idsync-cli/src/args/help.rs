//! What the help says after the options.

use super::topics::Topic;

/// After the short help.
pub(super) const SHORT: &str = "\
Try `idsync status --demo`. More: `idsync help environment`, `exit-codes`, `verdicts`, or a command.";

/// After the long help of `idsync doctor`.
pub(super) const DOCTOR: &str = "\
Each line is one check: ok, warn, fail, or skipped. With `-o json` they are one object:
  {\"schema\":\"idsync.doctor/v1\",\"verdict\":\"ok|warn|fail\",
   \"checks\":[{\"name\":\"…\",\"status\":\"ok|warn|fail|skipped\",\"message\":\"…\",\"advice\":null}]}

Exit codes:
  0  no check failed
  1  a check failed: the network, the clock, or a service
  2  the configuration, or the credentials, are missing or wrong
  4  a service refused the credentials, or they lack a permission
Where several apply, 2 comes before 4, and 4 before 1.

DWS and MRS are asked for the cluster of --cluster, else for one that a task names, else for an id that no cluster has:
if the service itself refuses that id, then host, route and credentials work.";

/// After the long help of `idsync debug sign`.
pub(super) const SIGN: &str = "\
Credentials come from the environment, as for every command; an IAM token signs nothing.

Keys, tokens and the signature are masked, so that the output can be shown to others: a signed request could be sent by
anybody for 15 minutes. The hash in the string to sign is that of the true canonical request. To find out why a gateway
refuses a signature, compare the canonical request line by line with the one in its answer.

Example:
  idsync debug sign 'https://dws.cn-north-4.myhuaweicloud.com/v1/p/clusters/c?limit=10' -H 'X-Project-Id: p'";

const TOPICS_AND_LOGS: &str = "\
Help topics:
  idsync help environment   every variable that is read, and what beats what
  idsync help exit-codes    what the code of a run means
  idsync help verdicts      every verdict, reason and note
  idsync help COMMAND       a command, as with --help

Logs:
  -v tells of each call, -vv of each attempt, -vvv of everything, on stderr; --trace-file writes it all to a file.
  They hold ids, codes and times, and no keys, tokens, queries or bodies.
";

const EXAMPLES: &str = "\
Examples:
  idsync status --demo
  idsync doctor --region cn-north-4 --workspace f7bc8f2a
  idsync status --region cn-north-4 --workspace f7bc8f2a --fail-on failing,stuck
  idsync watch --fleet fleet.toml
  idsync wait dws:c94a9133-ef65-47ad-9483-bfa8c5eaa101 --until idle --timeout 30m
  idsync tasks --sync-status SYNC_FAIL --order-by sync-time --desc -o ndjson
  idsync records c94a9133-ef65-47ad-9483-bfa8c5eaa101 -o json";

/// After the long help.
pub(super) fn long() -> String {
    let section = |title: &str, topic: Topic| format!("{title}:\n\n{}\n", topic.text());
    let environment = section("Environment", Topic::Environment);
    let exit_codes = section("Exit codes", Topic::ExitCodes);
    format!("{TOPICS_AND_LOGS}\n{exit_codes}{environment}{EXAMPLES}")
}

/// After the long help of `idsync completions`.
pub(super) const COMPLETIONS: &str = "\
What is printed belongs where the shell looks for completions, such as:
  bash         idsync completions bash > ~/.local/share/bash-completion/completions/idsync
  zsh          idsync completions zsh > \"${fpath[1]}/_idsync\"
  fish         idsync completions fish > ~/.config/fish/completions/idsync.fish
  elvish       idsync completions elvish >> ~/.config/elvish/rc.elv
  powershell   idsync completions powershell >> $PROFILE";

/// After the long help of `idsync wait`.
pub(super) const WAIT: &str = "\
idle: the cluster's own service says that no run is in progress, and so do the tasks of the workspaces, if there are any.
healthy: the verdict of `idsync status` is healthy. MRS alone tells only whether it is idle: an MRS cluster needs a workspace
with a task for it.

Exit codes:
  0  every cluster is in that state at the same look
  1  it cannot be: a cluster does not exist, or nothing could tell of its health; or it was interrupted
  2  wrong usage or configuration
  3  with --until healthy: a cluster is failing, and will be until somebody mends it
  4  a service refused the credentials, or they lack a permission
  5  the time was up; what was last seen is printed

Any other error of a service is taken to pass: it is asked again until the time is up.";
