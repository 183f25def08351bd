//! What the help says after the options.

/// After the short help.
pub(super) const SHORT: &str = "\
Try `idsync status --demo`. Exit codes and environment variables: `idsync --help`.";

/// After the long help.
pub(super) const LONG: &str = "\
Exit codes:
  0  done
  1  the work failed, or a part of an answer could not be read
  2  wrong usage or configuration; nothing was sent
  3  done, and a verdict named by --fail-on was found
  4  the service refused the credentials, or they lack a permission

Environment (a flag beats it; an empty variable counts as absent):
  HUAWEICLOUD_SDK_AK, HUAWEICLOUD_SDK_SK   access key and its secret
  HUAWEICLOUD_SDK_SECURITY_TOKEN           what belongs to a temporary access key
  IDSYNC_TOKEN                             an IAM token, used where no access key is set
  HUAWEICLOUD_SDK_PROJECT_ID               --project-id
  HUAWEICLOUD_SDK_REGION_<SERVICE>_<REGION>
                                           endpoint of one service in one region
  IDSYNC_REGION                            --region
  IDSYNC_WORKSPACE                         --workspace, several separated by commas
  IDSYNC_ENDPOINT                          --endpoint, several separated by commas
  NO_COLOR                                 no colours unless --color always

Secrets are read from the environment only: flags can be seen by every user of a machine.

Examples:
  idsync status --demo
  idsync status --region cn-north-4 --workspace f7bc8f2a --fail-on failing,stuck
  idsync tasks --sync-status SYNC_FAIL --order-by sync-time --desc -o ndjson
  idsync records c94a9133-ef65-47ad-9483-bfa8c5eaa101 -o json";
