//! How far back the records of a cluster are read.

use std::sync::{Arc, Mutex};

use jiff::{SignedDuration, Timestamp};

use super::{Record, history::pages_since};
use crate::Error;
use crate::list::{ListOperation, OffsetUnit, Page, Plan};
use crate::transport::Operation;

/// A cluster in memory.
#[derive(Clone)]
struct Cluster {
    plan: Plan,
    records: Arc<Vec<Record>>,
    requests: Arc<Mutex<Vec<u64>>>,
}

impl Cluster {
    fn new(records: Vec<Record>) -> Self {
        Self {
            plan: Plan::new(OffsetUnit::Pages, 1000),
            records: Arc::new(records),
            requests: Arc::default(),
        }
    }
}

impl ListOperation for Cluster {
    type Item = Record;

    const OPERATION: Operation = super::ListRecords::OPERATION;

    fn id(record: &Record) -> Option<&str> {
        record.id.as_deref()
    }

    fn name(&self) -> String {
        "model".to_owned()
    }

    fn plan(&self) -> &Plan {
        &self.plan
    }

    async fn fetch(&self, offset: u64, limit: u32) -> Result<Page<Record>, Error> {
        self.requests.lock().unwrap().push(offset);
        let (offset, limit) = (usize::try_from(offset).unwrap(), limit as usize);
        let page = self.records.chunks(limit).nth(offset).unwrap_or_default();
        Ok(Page::new(page.to_vec(), Some(self.records.len() as u64)))
    }
}

const NOW: Timestamp = Timestamp::constant(1_790_000_000, 0);

/// `count` records, one every ten minutes until now, oldest first.
fn history(count: u32) -> Vec<Record> {
    let record = |number: u32| Record {
        id: Some(number.to_string()),
        identity_source_id: Some(["ldap", "oneaccess"][number as usize % 2].into()),
        start_time: Some(NOW - SignedDuration::from_mins(10 * i64::from(count - number))),
        ..Record::default()
    };
    (0..count).map(record).collect()
}

fn thirty_days_ago() -> Timestamp {
    NOW - SignedDuration::from_hours(24 * 30)
}

/// How many records since 30 days ago came, how many requests it took, and whether older records were left unread.
async fn read(records: Vec<Record>) -> (usize, usize, bool) {
    let cluster = Cluster::new(records);
    let mut pages = pages_since(cluster.clone(), thirty_days_ago());
    let mut ids = std::collections::HashSet::new();
    while let Some(page) = pages.try_next().await.unwrap() {
        for record in page.into_items() {
            if record
                .start_time
                .is_none_or(|start| start > thirty_days_ago())
            {
                assert!(ids.insert(record.id), "a record came twice");
            }
        }
    }
    let requests = cluster.requests.lock().unwrap().len();
    (ids.len(), requests, pages.stopped_early())
}

const RECENT: usize = 30 * 24 * 6 - 1;

#[tokio::test]
async fn a_long_history_costs_few_requests_in_either_order() {
    for count in [50_000, 50_001, 49_999] {
        let mut records = history(count);
        let (recent, requests, stopped) = read(records.clone()).await;
        assert!(requests <= 8, "{count} oldest first: {requests}");
        assert_eq!((recent, stopped), (RECENT, true));
        records.reverse();
        let (recent, requests, stopped) = read(records).await;
        assert!(requests <= 8, "{count} newest first: {requests}");
        assert_eq!((recent, stopped), (RECENT, true));
    }
}

#[tokio::test]
async fn a_history_in_no_order_is_read_whole() {
    let mut records = history(20_000);
    records.rotate_left(7_000);
    let (recent, requests, stopped) = read(records).await;
    assert_eq!((recent, stopped), (RECENT, false));
    assert!(requests <= 22, "{requests}");
}

#[tokio::test]
async fn a_page_that_contradicts_the_order_leads_to_the_whole_list() {
    let without_time = |records: &mut Vec<Record>| records[10].start_time = None;
    let silent_source = |records: &mut Vec<Record>| {
        for record in &mut records[..2000] {
            record.identity_source_id = Some("silent".into());
        }
    };
    let late_disorder = |records: &mut Vec<Record>| records.swap(100, 17_500);
    let changes: [fn(&mut Vec<Record>); 3] = [without_time, silent_source, late_disorder];
    for change in changes {
        let mut records = history(20_000);
        change(&mut records);
        let expected = records
            .iter()
            .filter(|it| it.start_time.is_none_or(|start| start > thirty_days_ago()))
            .count();
        assert_eq!(read(records.clone()).await.0, expected);
        records.reverse();
        let (recent, _, stopped) = read(records).await;
        assert_eq!((recent, stopped), (expected, false));
    }
}

#[tokio::test]
async fn a_short_history_is_read_whole() {
    for count in [0, 1, 1000, 3000] {
        let (recent, requests, stopped) = read(history(count)).await;
        assert_eq!((recent, stopped), (count as usize, false));
        assert!(requests <= 3, "{count}: {requests}");
    }
}
