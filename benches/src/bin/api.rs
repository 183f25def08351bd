//! The same work with the generated client and a transport of reqwest.

use std::error::Error;
use std::num::NonZero;

use idsync_api::{Bytes, Request, Response, Transport, dataarts_studio, dws, mrs};
use idsync_benches::{CLUSTER, Call, PROJECT, WORKSPACE, arguments, http_client, signed_headers};

#[derive(Clone)]
struct Signed {
    http: reqwest::Client,
    operation: Call,
    host: String,
}

impl Transport for Signed {
    type Error = reqwest::Error;

    async fn send(
        &self,
        _: &'static str,
        request: Request<Bytes>,
    ) -> Result<Response<Bytes>, Self::Error> {
        let mut sent = self.http.get(request.uri().to_string());
        for (name, value) in signed_headers(self.operation, &self.host) {
            sent = sent.header(name, value);
        }
        let answer = sent.send().await?.error_for_status()?;
        Ok(Response::new(answer.bytes().await?))
    }
}

fn limit(value: u32) -> Result<NonZero<u32>, Box<dyn Error>> {
    NonZero::new(value).ok_or_else(|| "a limit is at least 1".into())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let (operation, base, calls) = arguments()?;
    let transport = Signed {
        http: http_client()?,
        operation,
        host: base.trim_start_matches("http://").to_owned(),
    };
    for _ in 0..calls {
        let read = match operation {
            Call::Flag => {
                let client = mrs::Client::new(&base, transport.clone());
                let call = client.list_cluster_sync_task_status();
                let answer = call.project_id(PROJECT).cluster_id(CLUSTER).send().await?;
                usize::from(answer.body().is_synchronizing == Some(false))
            }
            Call::Records => {
                let client = dws::Client::new(&base, transport.clone());
                let call = client.list_sync_records().limit(limit(1000)?).offset(0);
                let answer = call.project_id(PROJECT).cluster_id(CLUSTER).send().await?;
                answer
                    .into_body()
                    .sync_records
                    .map_or(0, |records| records.len())
            }
            Call::Tasks => {
                let client = dataarts_studio::Client::new(&base, transport.clone());
                let call = client
                    .list_security_member_sync_tasks()
                    .limit(limit(100)?)
                    .offset(0);
                let answer = call.project_id(PROJECT).workspace(WORKSPACE).send().await?;
                answer.into_body().tasks.map_or(0, |tasks| tasks.len())
            }
        };
        assert!(read > 0);
    }
    Ok(())
}
