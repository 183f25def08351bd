//! Several projects in one check: what is separate, what is shared, and what one failure does to the others.

use std::collections::BTreeSet;

use idsync::health::{Checker, Report, Source, Verdict};
use idsync::{Client, Credentials, ErrorKind, IamUser};
use idsync_emulator::{DOMAIN_NAME, Emulator, Fault, FaultKind, Operation, PASSWORD, USER_NAME};

use crate::session::{Session, client_of};

async fn seeded(seed: u64) -> Session {
    Session::with(Emulator::builder().seed(seed), |client| client).await
}

fn projects(report: &Report) -> BTreeSet<&str> {
    let ids = report
        .clusters
        .iter()
        .map(|cluster| cluster.project_id.as_deref());
    ids.flatten().collect()
}

fn unknown_key(session: &Session) -> Client {
    let wrong = Credentials::access_key("AKUNKNOWN", "an unknown secret");
    client_of(&session.emulator)
        .credentials(wrong)
        .build()
        .unwrap()
}

#[tokio::test]
async fn two_projects_get_the_verdicts_that_each_gets_alone() {
    let (one, other) = (seeded(1).await, seeded(2).await);
    let alone = [
        one.health().check().await.unwrap(),
        other.health().check().await.unwrap(),
    ];
    let fleet = one.health().and(other.health());
    let report = fleet.concurrency(3).check().await.unwrap();
    for verdict in Verdict::ALL {
        let count = |report: &Report| report.counts.get(&verdict).copied().unwrap_or_default();
        let each: u64 = alone.iter().map(count).sum();
        assert_eq!(count(&report), each, "{verdict}");
    }
    let ids = [&one, &other].map(|session| session.emulator.ready().project_id.as_str());
    assert_eq!(projects(&report), BTreeSet::from(ids));
    assert_eq!(
        (report.project_id.as_deref(), report.unanswered),
        (None, alone.iter().map(|report| report.unanswered).sum())
    );
    assert_eq!(alone[0].project_id.as_deref(), Some(ids[0]));
}

#[tokio::test]
async fn the_order_of_projects_does_not_change_the_report() {
    let (one, other) = (seeded(1).await, seeded(2).await);
    for session in [&one, &other] {
        session.fault(Fault::on(Operation::Syncing, FaultKind::status(403)));
    }
    let reported = async |checks: [Checker; 2]| {
        let fleet = checks.into_iter().reduce(Checker::and).unwrap();
        let report = fleet.check().await.unwrap();
        let clusters = report
            .clusters
            .into_iter()
            .map(|it| (it.project_id, it.cluster_id));
        let problems = report
            .problems
            .into_iter()
            .map(|it| (it.project_id, it.cluster_id));
        clusters.chain(problems).collect::<Vec<_>>()
    };
    let (first, second) = (one.health(), other.health());
    assert_eq!(
        reported([first.clone(), second.clone()]).await,
        reported([second, first]).await
    );
}

#[tokio::test]
async fn the_same_id_in_two_projects_is_two_clusters() {
    let (one, other) = (seeded(1).await, seeded(2).await);
    let named = format!("dws:{}", one.dws_cluster());
    let ask = |client: &Client| client.health().cluster(named.parse().unwrap());
    let fleet = ask(&one.client).and(ask(&other.client));
    let report = fleet.check().await.unwrap();
    assert_eq!((report.clusters.len(), projects(&report).len()), (2, 2));
    assert_eq!(report.problems.len(), 1);
    let other_project = &other.emulator.ready().project_id;
    assert_eq!(report.problems[0].project_id.as_ref(), Some(other_project));
}

#[tokio::test]
async fn two_checks_of_one_project_are_merged() {
    let session = Session::start().await;
    let ask = || session.health();
    let named = format!("mrs:{}", session.mrs_cluster());
    let named = session.client.health().cluster(named.parse().unwrap());
    let alone = ask().check().await.unwrap();
    let requests = session.requests().len();
    let fleet = ask().and(ask()).and(named);
    let report = fleet.check().await.unwrap();
    assert_eq!(report.clusters.len(), alone.clusters.len());
    assert_eq!(session.requests().len(), 2 * requests);
}

#[tokio::test]
async fn a_project_whose_credentials_are_refused_is_unknown_and_the_other_is_judged() {
    let (good, bad) = (seeded(1).await, seeded(2).await);
    let named = [
        format!("dws:{}", bad.dws_cluster()),
        format!("mrs:{}", bad.mrs_cluster()),
    ];
    let refused = named
        .iter()
        .fold(bad.health_by(&unknown_key(&bad)), |check, cluster| {
            check.cluster(cluster.parse().unwrap())
        });
    let fleet = refused.and(good.health());
    let report = fleet.check().await.unwrap();
    let problems: Vec<_> = report
        .problems
        .iter()
        .map(|it| {
            (
                it.source,
                it.cluster_id.as_deref(),
                it.project_id.as_ref(),
                it.error.kind,
            )
        })
        .collect();
    let project = Some(&bad.emulator.ready().project_id);
    let of_bad: Vec<_> = problems
        .iter()
        .filter(|(_, _, id, _)| *id == project)
        .collect();
    let sources: BTreeSet<_> = of_bad.iter().map(|(source, ..)| *source).collect();
    assert_eq!(of_bad.len(), 3);
    assert_eq!(
        sources,
        BTreeSet::from([Source::DataArts, Source::Dws, Source::Mrs]),
        "each service is asked, and each refusal is listed once"
    );
    let unknown = report
        .clusters
        .iter()
        .filter(|cluster| cluster.project_id.as_ref() == project);
    assert!(
        unknown
            .map(|cluster| cluster.verdict)
            .eq([Verdict::Unknown; 2])
    );
    assert!(report.counts.contains_key(&Verdict::Healthy));
}

#[tokio::test]
async fn a_service_that_keeps_refusing_the_credentials_is_not_asked_further() {
    let session = Session::with(Emulator::builder().tasks(40), |client| client).await;
    session.fault(Fault::on(Operation::Syncing, FaultKind::status(401)));
    let report = session.health().concurrency(2).check().await.unwrap();
    let refusals = report
        .problems
        .iter()
        .filter(|it| it.error.kind == ErrorKind::Authentication);
    let refusals: Vec<_> = refusals
        .map(|it| (it.source, it.cluster_id.as_deref()))
        .collect();
    assert_eq!(refusals, [(Source::Mrs, None)]);
    // Three refusals, and one request in parallel with the third.
    assert!((3..=4).contains(&session.count(Operation::Syncing)));
    assert!(session.count(Operation::Records) > 20);
}

#[tokio::test]
async fn one_refusal_does_not_stop_requests_for_other_clusters() {
    let session = Session::start().await;
    let cluster = session.mrs_cluster();
    let fault = Fault::on(Operation::Syncing, FaultKind::status(401)).at_cluster(cluster);
    session.fault(fault);
    let check = session.health().concurrency(1);
    let report = check.check().await.unwrap();
    let refused: Vec<_> = report
        .problems
        .iter()
        .filter(|it| it.error.kind == ErrorKind::Authentication)
        .map(|it| it.cluster_id.as_deref())
        .collect();
    assert_eq!(refused, [Some(cluster)]);
}

#[tokio::test]
async fn a_project_that_cannot_be_looked_up_is_one_problem() {
    let session = Session::start().await;
    session.fault(Fault::on(Operation::Projects, FaultKind::status(500)));
    let ready = session.emulator.ready();
    let client = Client::builder()
        .region("cn-north-4")
        .endpoint(&ready.url)
        .credentials(Credentials::access_key(&ready.ak, &ready.sk))
        .build()
        .unwrap();
    let check = session
        .health_by(&client)
        .cluster(format!("dws:{}", session.dws_cluster()).parse().unwrap());
    let report = check.check().await.unwrap();
    let problems: Vec<_> = report
        .problems
        .iter()
        .map(|it| (it.source, it.error.kind))
        .collect();
    assert_eq!(problems, [(Source::All, ErrorKind::Service)]);
    assert_eq!(
        (report.verdict, report.clusters.len()),
        (Verdict::Unknown, 1)
    );
    assert_eq!(
        session.count(Operation::Tasks) + session.count(Operation::Records),
        0
    );
}

#[tokio::test]
async fn a_client_for_another_project_uses_the_same_key_and_its_own_token() {
    let session = Session::start().await;
    let other = session.client.for_project("1944b684").unwrap();
    let error = other
        .mrs()
        .is_synchronizing(session.mrs_cluster())
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Permission);
    assert!(session.requests()[0].path.contains("/1944b684/"));
    assert_eq!(other.known_project_id().unwrap().as_str(), "1944b684");

    let user = IamUser::new(USER_NAME, PASSWORD, DOMAIN_NAME);
    let session = Session::with(Emulator::builder(), |client| client.credentials(user)).await;
    session.syncing().await.unwrap();
    let same = session
        .client
        .for_project(&session.emulator.ready().project_id)
        .unwrap();
    same.mrs()
        .is_synchronizing(session.mrs_cluster())
        .await
        .unwrap();
    assert_eq!(session.count(Operation::Token), 1);
    let other = session.client.for_project("1944b684").unwrap();
    other
        .mrs()
        .is_synchronizing(session.mrs_cluster())
        .await
        .unwrap_err();
    assert_eq!(session.count(Operation::Token), 2);
    assert!(session.client.for_project("../x").is_err());
}

#[tokio::test]
async fn a_wrong_password_is_sent_three_times_for_any_number_of_projects() {
    let user = IamUser::new(USER_NAME, "a wrong password", DOMAIN_NAME);
    let session = Session::with(Emulator::builder(), |client| client.credentials(user)).await;
    let named = format!("mrs:{}", session.mrs_cluster());
    let fleet = (0..6).map(|number| {
        let project = session.client.for_project(format!("p{number}")).unwrap();
        project.health().cluster(named.parse().unwrap())
    });
    let report = fleet.reduce(Checker::and).unwrap().check().await.unwrap();
    let kinds: Vec<_> = report.problems.iter().map(|it| it.error.kind).collect();
    assert_eq!(kinds, [ErrorKind::Authentication; 6]);
    assert_eq!(session.count(Operation::Token), 3);
}
