//! `idsync records`, and what it has in common with `idsync syncing`.

use crate::services::{Services, demo};

#[test]
fn without_a_cluster_the_demo_shows_its_first() {
    let run = demo("records", 0);
    let header = run.stdout.lines().next().unwrap();
    let titles: Vec<_> = header.split_whitespace().collect();
    let expected = "STATUS SOURCE STARTED TOOK ADDED UPDATED DELETED FAILED REASON";
    assert_eq!(titles.join(" "), expected);
    assert!(run.stdout.lines().count() > 5, "{}", run.stdout);
    let syncing = demo("syncing", 0).stdout;
    assert!(syncing.contains("copying IAM users"), "{syncing}");
}

#[test]
fn json_is_an_array_with_the_field_names_of_the_service_and_rfc_3339_times() {
    let services = Services::start();
    let run = services.run(&format!("records {} -o json", services.dws()), 0);
    let first = run.stdout.lines().nth(1).unwrap();
    assert!(first.starts_with("{\"id\":\""), "{first}");
    let started = run.json()[0]["start_time"].as_str().unwrap().to_owned();
    assert!(started.ends_with('Z'), "{started}");
    started.parse::<jiff::Timestamp>().unwrap();
}

#[test]
fn the_error_for_an_unknown_cluster_says_where_to_find_one() {
    for (command, service) in [("records", "DWS"), ("syncing", "MRS")] {
        let stderr = demo(&format!("{command} nosuch"), 1).stderr;
        let hint = format!("the {service} clusters of the demo are ");
        assert!(stderr.contains(&hint), "{stderr}");
        let stderr = Services::start()
            .run(&format!("{command} nosuch"), 1)
            .stderr;
        assert!(stderr.contains("`idsync tasks`"), "{stderr}");
    }
}
