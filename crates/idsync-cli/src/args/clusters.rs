//! Commands about one cluster.

use clap::Args;
use idsync::{ClusterId, Service};

use super::{ConnectionArgs, SelectionArgs};

/// Arguments of `idsync records`.
#[derive(Debug, Args)]
pub(crate) struct RecordsArgs {
    /// The id of a DWS cluster; with --demo it may be left out and means the demo's first
    #[arg(value_parser = dws_cluster, required_unless_present = "demo")]
    pub(crate) cluster: Option<ClusterId>,

    /// How many records a page holds [default: 1000]
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = clap::value_parser!(u32).range(1..=2_147_483_647))]
    pub(crate) limit: Option<u32>,

    /// The number of the page to begin with, from 0
    #[arg(long, value_name = "PAGE", allow_negative_numbers = true, value_parser = clap::value_parser!(u32).range(0..=2_147_483_647))]
    pub(crate) offset: Option<u32>,

    #[command(flatten)]
    pub(crate) selection: SelectionArgs,

    #[command(flatten)]
    pub(crate) connection: ConnectionArgs,
}

/// Arguments of `idsync syncing`.
#[derive(Debug, Args)]
pub(crate) struct SyncingArgs {
    /// The id of an MRS cluster; with --demo it may be left out and means the demo's first
    #[arg(value_parser = mrs_cluster, required_unless_present = "demo")]
    pub(crate) cluster: Option<ClusterId>,

    #[command(flatten)]
    pub(crate) connection: ConnectionArgs,
}

fn dws_cluster(text: &str) -> Result<ClusterId, String> {
    cluster_of(Service::Dws, text)
}

fn mrs_cluster(text: &str) -> Result<ClusterId, String> {
    cluster_of(Service::Mrs, text)
}

/// Reads an id, with or without the prefix of `service`; the prefix of the other one is a mix-up that is named.
fn cluster_of(service: Service, text: &str) -> Result<ClusterId, String> {
    let id = match text.split_once(':') {
        Some(("dws", id)) if service == Service::Dws => id,
        Some(("mrs", id)) if service == Service::Mrs => id,
        Some(("dws", _)) => {
            return Err("that is a DWS cluster, and DWS has records: `idsync records`".to_owned());
        }
        Some(("mrs", _)) => {
            return Err("that is an MRS cluster, and MRS has a flag: `idsync syncing`".to_owned());
        }
        _ => text,
    };
    id.parse().map_err(|error: idsync::Error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_may_carry_the_prefix_of_its_service() {
        assert_eq!(dws_cluster("dws:c1").unwrap().as_str(), "c1");
        assert_eq!(mrs_cluster("mrs:c1").unwrap().as_str(), "c1");
        assert_eq!(mrs_cluster("c1").unwrap().as_str(), "c1");
    }

    #[test]
    fn a_cluster_of_the_other_service_is_refused_with_the_right_command() {
        assert!(
            dws_cluster("mrs:c1")
                .unwrap_err()
                .contains("idsync syncing")
        );
        assert!(
            mrs_cluster("dws:c1")
                .unwrap_err()
                .contains("idsync records")
        );
    }

    #[test]
    fn an_id_that_could_change_the_request_is_refused() {
        for bad in ["", "dws:", "a/b", "..", "a b", "obs:c1", &"x".repeat(65)] {
            assert!(dws_cluster(bad).is_err(), "{bad:?}");
        }
    }
}
