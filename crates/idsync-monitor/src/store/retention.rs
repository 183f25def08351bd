//! Forgets what is older than it is kept, a little at a time.

use jiff::Timestamp;

use super::Store;
use super::database::{Statement, values};
use crate::MonitorError;

/// How many rows one transaction deletes.
const BATCH: i64 = 1_000;

/// What is deleted by which limit, spells and all that is like them first.
const BY_AGE: [&str; 4] = [
    "delete from spell where (cluster, began_at) in (select cluster, began_at from spell where ended_at < ?1 limit ?2)",
    "delete from sweep where (shard, started_at) in (select shard, started_at from sweep where started_at < ?1 limit ?2)",
    "delete from episode where (cluster, receiver, opened_at) in
        (select cluster, receiver, opened_at from episode where closed_at < ?1 limit ?2)",
    "delete from cluster where key in (select key from cluster where gone_at < ?1 limit ?2)",
];

const RUNS: &str = "delete from run where (cluster, source, started_at, id) in
    (select cluster, source, started_at, id from run where started_at < ?1 limit ?2)";

impl Store {
    /// Deletes what ended before `oldest`, and runs that started before `oldest_run`. Other writers get their turn between
    /// two batches.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub(crate) fn forget(
        &self,
        oldest: Timestamp,
        oldest_run: Timestamp,
    ) -> Result<u64, MonitorError> {
        let by_age = BY_AGE.map(|sql| (sql, oldest));
        let mut deleted = 0;
        for (sql, limit) in by_age.into_iter().chain([(RUNS, oldest_run)]) {
            loop {
                let statement = Statement::new(sql, values![limit, BATCH]);
                let rows = self.writer.execute([Ok(statement)])?;
                deleted += rows;
                if rows == 0 {
                    break;
                }
            }
        }
        Ok(deleted)
    }
}
