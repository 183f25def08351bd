//! Credentials from a place that idsync does not know, such as a vault: fetched when needed, kept, and fetched anew
//! where a service refuses them.
//!
//! `cargo run -p idsync --example custom_credentials` needs no account: it starts an emulator.
#![allow(clippy::print_stdout, reason = "an example prints its results")]

use std::error::Error;
use std::fmt;

use idsync::{Client, CredentialProvider, Credentials, ProvidedCredentials};
use idsync_emulator::Emulator;
use tokio::sync::Mutex;

/// Stands for the program's own vault.
struct Vault {
    access_key: String,
    secret_key: String,
}

impl Vault {
    async fn read(&self) -> Credentials {
        println!("the vault is asked");
        // A real one would be asked over the network here.
        tokio::task::yield_now().await;
        Credentials::access_key(&self.access_key, &self.secret_key)
    }
}

/// Keeps what the vault gave until a service refuses it.
struct FromVault {
    vault: Vault,
    kept: Mutex<Option<Credentials>>,
}

/// Written by hand, so that no secret can get into a log.
impl fmt::Debug for FromVault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FromVault")
    }
}

impl CredentialProvider for FromVault {
    fn credentials(&self) -> ProvidedCredentials<'_> {
        Box::pin(async {
            // The lock is held while the vault is asked, so that calls that come together ask it once.
            let mut kept = self.kept.lock().await;
            if let Some(credentials) = &*kept {
                return Ok(credentials.clone());
            }
            Ok(kept.insert(self.vault.read().await).clone())
        })
    }

    fn invalidate(&self, credentials: &Credentials) -> bool {
        let Ok(mut kept) = self.kept.try_lock() else {
            return true;
        };
        if kept.as_ref() == Some(credentials) {
            *kept = None;
        }
        true
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let emulator = Emulator::builder().start().await?;
    let ready = emulator.ready();
    let from_vault = FromVault {
        vault: Vault {
            access_key: ready.ak.clone(),
            secret_key: ready.sk.clone(),
        },
        kept: Mutex::default(),
    };
    let client = Client::builder()
        .endpoint(&ready.url)
        .project_id(&ready.project_id)
        .credentials(from_vault)
        .build()?;

    for cluster in ready.clusters.mrs.iter().take(3) {
        let answer = client.mrs().is_synchronizing(cluster.as_str()).await?;
        println!("{cluster}: {answer:?}");
    }
    Ok(())
}
