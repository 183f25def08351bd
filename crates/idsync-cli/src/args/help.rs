//! What the help says after the options.

/// After the short help.
pub(super) const SHORT: &str = "\
Try `idsync status --demo`. Exit codes and environment variables: `idsync --help`.";

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

/// After the long help.
pub(super) const LONG: &str = "\
Exit codes:
  0  done
  1  the work failed, or a part of an answer could not be read
  2  wrong usage or configuration; nothing was sent
  3  done, and a verdict named by --fail-on was found
  4  the service refused the credentials, or they lack a permission
`idsync doctor --help` tells what they mean for a check-up.

Logs:
  -v tells of each call, -vv of each attempt, -vvv of everything, on stderr; --trace-file writes it all to a file.
  They hold ids, codes and times, and no keys, tokens, queries or bodies.

Environment (a flag beats it; an empty variable counts as absent):
  HUAWEICLOUD_SDK_AK, HUAWEICLOUD_SDK_SK   access key and its secret
  HUAWEICLOUD_SDK_SECURITY_TOKEN           what belongs to a temporary access key
  IDSYNC_TOKEN                             an IAM token, used where no access key is set
  HUAWEICLOUD_SDK_PROJECT_ID               --project-id
  HUAWEICLOUD_SDK_REGION_<SERVICE>_<REGION>
                                           endpoint of one service in one region; for IAM also
                                           HUAWEICLOUD_SDK_IAM_ENDPOINT
  HUAWEICLOUD_SDK_REGIONS_FILE             endpoints by service and region, else ~/.huaweicloud/regions.yaml
  HUAWEICLOUD_SDK_CREDENTIALS_FILE         profiles with keys, else ~/.huaweicloud/credentials
  IDSYNC_CONFIG                            our own profiles, else ~/.config/idsync/config.toml
  IDSYNC_PROFILE                           --profile
  IDSYNC_NO_METADATA                       set to keep the metadata service of a cloud server from being asked
  IDSYNC_METADATA_ENDPOINT                 another address of that service
  HTTPS_PROXY, ALL_PROXY, NO_PROXY         as curl reads them, also in lower case
  IDSYNC_REGION                            --region
  IDSYNC_WORKSPACE                         --workspace, several separated by commas
  IDSYNC_ENDPOINT                          --endpoint, several separated by commas
  NO_COLOR                                 no colours unless --color always

Credentials come from the first of: --profile, the environment, the profile of our own configuration, the credentials
file, an unencrypted KooCLI configuration, the metadata service. No flag takes a secret: flags can be seen by every user
of a machine.

Examples:
  idsync status --demo
  idsync doctor --region cn-north-4 --workspace f7bc8f2a
  idsync status --region cn-north-4 --workspace f7bc8f2a --fail-on failing,stuck
  idsync tasks --sync-status SYNC_FAIL --order-by sync-time --desc -o ndjson
  idsync records c94a9133-ef65-47ad-9483-bfa8c5eaa101 -o json";
