//! Which endpoint is used, and which is refused.

use super::*;

fn nothing(_: &str) -> Option<String> {
    None
}

fn in_region(region: &str) -> EndpointChoice {
    EndpointChoice {
        region: Some(region.into()),
        ..EndpointChoice::default()
    }
}

#[test]
fn a_region_gives_the_hosts_of_the_table_even_where_they_are_irregular() {
    let endpoints = in_region("eu-west-101").settle(&nothing).unwrap();
    assert_eq!(
        endpoints.get(Service::DataArts).unwrap(),
        "https://dayu.eu-west-101.myhuaweicloud.com"
    );
    assert_eq!(
        endpoints.get(Service::Dws).unwrap(),
        "https://dws.eu-west-101.myhuaweicloud.eu"
    );
}

#[test]
fn an_endpoint_for_one_service_beats_one_for_all_beats_the_variable_beats_the_table() {
    let variable = |name: &str| {
        (name == "HUAWEICLOUD_SDK_REGION_MRS_CN_NORTH_4")
            .then(|| " https://variable.example , https://second.example".into())
    };
    let mut choice = in_region("cn-north-4");
    assert_eq!(
        choice.settle(&variable).unwrap().get(Service::Mrs).unwrap(),
        "https://variable.example"
    );
    choice.for_all = Some("https://all.example/prefix/".into());
    assert_eq!(
        choice.settle(&variable).unwrap().get(Service::Mrs).unwrap(),
        "https://all.example/prefix"
    );
    choice
        .for_one
        .push((Service::Mrs, "https://one.example".into()));
    let endpoints = choice.settle(&variable).unwrap();
    assert_eq!(endpoints.get(Service::Mrs).unwrap(), "https://one.example");
    assert_eq!(
        endpoints.get(Service::Dws).unwrap(),
        "https://all.example/prefix"
    );
}

#[test]
fn the_variable_beats_the_regions_file_which_beats_the_table_and_is_read_only_if_needed() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("regions.yaml");
    let text = "{DWS: [{id: cn-north-4, endpoint: 'https://file.example'}], MRS: [{id: cn-north-4, endpoint: x}]}";
    std::fs::write(&path, text).unwrap();
    let environment = |name: &str| match name {
        "HUAWEICLOUD_SDK_REGIONS_FILE" => Some(path.to_str().unwrap().to_owned()),
        "HUAWEICLOUD_SDK_REGION_MRS_CN_NORTH_4" => Some("https://variable.example".into()),
        _ => None,
    };
    let endpoints = in_region("cn-north-4").settle(&environment).unwrap();
    let of = |service| endpoints.get(service).unwrap();
    assert_eq!(of(Service::Mrs), "https://variable.example");
    assert_eq!(of(Service::Dws), "https://file.example");
    assert_eq!(
        of(Service::DataArts),
        "https://dayu.cn-north-4.myhuaweicloud.com"
    );
    std::fs::write(&path, "[").unwrap();
    assert!(in_region("cn-north-4").settle(&environment).is_err());
    let mut choice = in_region("cn-north-4");
    choice.for_all = Some("https://all.example".into());
    assert!(choice.settle(&environment).is_ok());
}

#[test]
fn an_unknown_region_is_told_with_near_matches() {
    let error = in_region("cn-north-40")
        .settle(&nothing)
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("cn-north-40") && error.contains("cn-north-4,"),
        "{error}"
    );
    assert!(!error.contains("eu-west"), "{error}");
    let error = in_region("mars").settle(&nothing).unwrap_err().to_string();
    assert!(error.contains("eu-west-101"), "{error}");
}

#[test]
fn a_service_without_an_endpoint_is_told_only_when_asked() {
    let choice = EndpointChoice {
        for_one: vec![(Service::Dws, "https://d.example".into())],
        ..Default::default()
    };
    let endpoints = choice.settle(&nothing).unwrap();
    assert!(endpoints.get(Service::Dws).is_ok());
    assert!(
        endpoints
            .get(Service::Mrs)
            .unwrap_err()
            .to_string()
            .contains("mrs")
    );
}

#[test]
fn iam_has_a_variable_of_its_own_and_an_endpoint_for_all_covers_it() {
    let variable = |name: &str| (name == IAM_ENDPOINT).then(|| "https://iam.example".to_owned());
    let mut choice = in_region("eu-west-101");
    let iam = |choice: &EndpointChoice, environment: Environment<'_>| {
        let endpoints = choice.settle(environment).unwrap();
        endpoints.get(Service::Iam).unwrap().to_owned()
    };
    assert_eq!(
        iam(&choice, &nothing),
        "https://iam.eu-west-101.myhuaweicloud.eu"
    );
    assert_eq!(iam(&choice, &variable), "https://iam.example");
    choice.for_all = Some("https://all.example".into());
    assert_eq!(iam(&choice, &variable), "https://all.example");
    choice
        .for_one
        .push((Service::Iam, "https://one.example".into()));
    assert_eq!(iam(&choice, &variable), "https://one.example");
}

#[test]
fn an_endpoint_from_a_file_beats_the_table_and_nothing_else() {
    let written = |service, url: &str| WrittenEndpoint {
        service,
        url: url.into(),
        origin: "the file".into(),
    };
    let mut choice = in_region("cn-north-4");
    choice.from_files = vec![
        written(None, "https://all.file"),
        written(Some(Service::Dws), "https://dws.file"),
    ];
    let variable = |name: &str| {
        (name == "HUAWEICLOUD_SDK_REGION_MRS_CN_NORTH_4").then(|| "https://mrs.variable".to_owned())
    };
    let endpoints = choice.settle(&variable).unwrap();
    assert_eq!(endpoints.get(Service::Dws).unwrap(), "https://dws.file");
    assert_eq!(endpoints.get(Service::Iam).unwrap(), "https://all.file");
    assert_eq!(endpoints.get(Service::Mrs).unwrap(), "https://mrs.variable");
}

#[test]
fn an_endpoint_that_is_unsafe_or_no_url_is_refused_with_the_reason() {
    for (bad, reason) in [
        ("dws.example", "is not a URL"),
        ("ftp://dws.example", "scheme"),
        ("http://dws.example", "plain http"),
        ("http://127.0.0.1.example", "plain http"),
        ("https://user:pw@dws.example", "password"),
        ("https://dws.example/?x=1", "query"),
        ("https://", "is not a URL"),
    ] {
        let error = base_url(bad, "the endpoint", false)
            .unwrap_err()
            .to_string();
        assert!(
            error.contains(reason) && !error.contains("pw"),
            "{bad}: {error}"
        );
    }
}

#[test]
fn plain_http_is_allowed_on_this_machine_or_by_choice() {
    for good in [
        "http://127.0.0.1:8080",
        "http://[::1]:1",
        "http://localhost",
    ] {
        assert_eq!(&*base_url(good, "x", false).unwrap(), good);
    }
    assert!(base_url("http://dws.example", "x", true).is_ok());
}

#[test]
fn the_table_is_sorted_and_every_row_is_usable() {
    assert!(ENDPOINTS.is_sorted_by_key(|(region, _)| *region));
    for (region, row) in ENDPOINTS {
        for url in row.iter().flatten() {
            assert_eq!(&*base_url(url, region, false).unwrap(), *url);
        }
    }
}
