//! The same work with the facade.

use idsync::{Client, Credentials};
use idsync_benches::{ACCESS_KEY, CLUSTER, Call, PROJECT, SECRET_KEY, WORKSPACE, arguments};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (operation, base, calls) = arguments()?;
    let client = Client::builder()
        .endpoint(base)
        .project_id(PROJECT)
        .credentials(Credentials::access_key(ACCESS_KEY, SECRET_KEY))
        .build()?;
    for _ in 0..calls {
        let read = match operation {
            Call::Flag => usize::from(client.mrs().is_synchronizing(CLUSTER).await? == Some(false)),
            Call::Records => client.dws().sync_records(CLUSTER).send().await?.len(),
            Call::Tasks => client.dataarts(WORKSPACE).tasks().send().await?.len(),
        };
        assert!(read > 0);
    }
    Ok(())
}
