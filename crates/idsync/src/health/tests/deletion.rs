//! Runs that delete many identities, which no status tells of.

use super::given::{cluster, judged_by, judged_records, notes, record};
use crate::dws::Record;
use crate::health::{NoteCode, Reading, RecordHistory, Rules, Verdict};

#[test]
fn a_run_that_deletes_more_than_the_rules_allow_is_noted_with_its_number_and_time() {
    let deleting = |count, minutes_ago| Record {
        delete_count: Some(count),
        ..record("FINISHED", minutes_ago)
    };
    assert_eq!(notes(&judged_records([deleting(100, 5)])), []);
    let health = judged_records([deleting(101, 5), deleting(9000, 60)]);
    assert_eq!(
        (health.verdict, notes(&health)),
        (Verdict::Healthy, vec![NoteCode::MassDeletion])
    );
    assert_eq!(
        health.notes[0].message,
        "the run that ended at 13:56 deleted 101 identities, more than 100"
    );
    let history = RecordHistory::from(vec![record("RUNNING", 1), deleting(7, 5)]);
    let observed = cluster().with_records(Reading::Read(history));
    let health = judged_by(&Rules::default().with_mass_deletion(6), &observed);
    assert_eq!(notes(&health), [NoteCode::MassDeletion]);
}
