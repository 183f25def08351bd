//! The rules as files and flags write them.

use std::time::Duration;

use super::given::{DAY, judged_by, named, task};
use crate::health::{Reading, Rules, Source, Verdict};

fn read(toml: &str) -> Result<Rules, String> {
    toml::from_str(toml).map_err(|error: toml::de::Error| error.message().to_owned())
}

fn rules(toml: &str) -> Rules {
    read(toml).unwrap()
}

const EVERYTHING: &str = "grace = '0s'\nlongest_run = '1h 30m'\nmax_age = '14d'\nzone = 'Europe/Berlin'\n\
     sources = ['dataarts', 'dws']\nmass_deletion = 0\nignore = ['test-*:schedule_missed', { cluster = 'old-?' }]\n\
     [[clusters]]\ncluster = 'weekly-*'\nmax_age = 'none'\n";

#[test]
fn every_key_is_read() {
    let read = rules(EVERYTHING);
    assert_eq!(read.grace, Some(Duration::ZERO));
    assert_eq!(read.longest_run, Some(Duration::from_mins(90)));
    assert_eq!(read.max_age, Some(Duration::from_hours(14 * 24)));
    assert_eq!(read.zone, Rules::parse_zone("Europe/Berlin").ok());
    assert_eq!(read.sources, Some(vec![Source::DataArts, Source::Dws]));
    assert_eq!(read.mass_deletion, Some(0));
    let ignored: Vec<_> = read.ignore.iter().map(ToString::to_string).collect();
    assert_eq!(ignored, ["test-*:schedule_missed", "old-?"]);
    assert_eq!(read.clusters[0].cluster.as_deref(), Some("weekly-*"));
    assert_eq!(read.clusters[0].max_age, Some(Duration::MAX));
}

#[test]
fn a_rule_for_some_clusters_beats_the_rest_of_its_layer_and_a_later_layer_beats_both() {
    let tasks = Reading::Read(vec![task("SYNC_SUCCESS", 20 * DAY)]);
    let verdict = |rules: &Rules, name| {
        let cluster = named(name).with_tasks(tasks.clone());
        judged_by(rules, &cluster).verdict
    };
    let file = rules("max_age = '14d'\n[[clusters]]\ncluster = 'weekly-*'\nmax_age = '30d'");
    assert_eq!(verdict(&file, "daily-1"), Verdict::Overdue);
    assert_eq!(verdict(&file, "weekly-1"), Verdict::Healthy);
    let flags = read("max_age = '1d'").unwrap().over(file.clone());
    assert_eq!(verdict(&flags, "weekly-1"), Verdict::Overdue);
    let other = read("grace = '1h'").unwrap().over(file);
    assert_eq!(verdict(&other, "weekly-1"), Verdict::Healthy);
    let last = rules(
        "[[clusters]]\ncluster = '*'\nmax_age = '1d'\n[[clusters]]\ncluster = 'c1'\nmax_age = '30d'",
    );
    assert_eq!(verdict(&last, "any"), Verdict::Healthy);
}

#[test]
fn what_is_ignored_adds_up_over_the_layers() {
    let rules = rules("ignore = ['a']");
    let more = read("ignore = ['b']").unwrap().over(rules);
    assert_eq!(more.ignore.len(), 2);
}

#[test]
fn a_source_that_is_left_out_for_all_clusters_is_not_asked() {
    let asked = |toml: &str| {
        let rules = rules(toml);
        Source::SERVICES.map(|source| rules.asks(source))
    };
    assert_eq!(asked(""), [true; 3]);
    assert_eq!(asked("sources = ['dws']"), [false, true, false]);
    let some = "sources = ['dws']\n[[clusters]]\ncluster = 'a'\nsources = ['mrs']";
    assert_eq!(asked(some), [false, true, true]);
}

#[test]
fn a_wrong_value_is_refused_with_its_key_and_what_is_allowed() {
    for row in [
        "grace = '45' => grace: give a duration of 0s to 31d",
        "grace = 45 => grace: give a duration",
        "grace = '-1m' => grace: give a duration of 0s",
        "grace = '745h' => to 31d",
        "grace = '99999999999999999999h' => to 31d",
        "longest_run = '0s' => longest_run: give a duration longer than 0s",
        "longest_run = [] => longest_run: give a duration",
        "max_age = '0d' => max_age: give a duration longer than 0s and up to 3650d, such as 8d, or none",
        "max_age = 'never' => max_age: give a duration",
        "zone = 'Asia/Shanghay' => zone: give the IANA name of a time zone",
        "zone = 8 => zone: give the IANA name",
        "sources = ['dataart'] => sources: give one or more of dataarts, dws, mrs",
        "sources = [] => sources: give one or more",
        "sources = ['all'] => sources: give one or more",
        "mass_deletion = -1 => mass_deletion: give a number of identities, from 0",
        "mass_deletion = 'many' => mass_deletion: give a number",
        "ignore = [5] => an ignore rule is a text",
        "ignore = ['a:late'] => ignore: \"late\" is not a reason; give one of: task_failed",
        "[[ignore]] => ignore: an ignore rule needs a cluster, a reason, or both",
        "ignore = [{ cluster = 'a', source = 's' }] => ignore: an ignore rule with a source needs a reason",
        "[[clusters]]\ngrace = '1h' => clusters: give each one a pattern",
        "[[clusters]]\ncluster = 'a'\nignore = ['b'] => clusters: ignore and clusters belong in the outer table",
        "graze = '1m' => unknown field `graze`, expected one of `cluster`, `grace`",
    ] {
        let (toml, why) = row.split_once(" => ").unwrap();
        let error = read(toml).unwrap_err();
        assert!(error.contains(why), "{toml}: {error}");
    }
}

#[test]
fn each_way_to_write_a_zone_is_read() {
    for text in "+08:00,+08,-05:00,UTC,Asia/Shanghai, Europe/Berlin ".split(',') {
        assert!(Rules::parse_zone(text).is_ok(), "{text}");
    }
    assert_eq!(
        Rules::parse_sources("dws, mrs").unwrap(),
        [Source::Dws, Source::Mrs]
    );
}
