//! `GET /v3/projects`: the id of the project that belongs to a region.

use http::Method;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use url::Url;

use crate::decode::decode;
use crate::transport::Call;
use crate::{Error, ErrorKind, ProjectId};

#[derive(Deserialize)]
struct Projects {
    projects: Option<Vec<Project>>,
}

#[derive(Deserialize)]
struct Project {
    id: Option<String>,
    name: Option<String>,
}

/// Asks, within `call`, for the one project of that name; the main project of a region is named like the region.
///
/// # Errors
///
/// `NotFound` if the account has no such project, `Usage` if it has several; else any error of the call.
pub(crate) async fn project_named(
    call: &Call,
    base_url: &str,
    name: &str,
) -> Result<ProjectId, Error> {
    let request = reqwest::Request::new(Method::GET, address(base_url, name)?);
    let response = call.complete(&request).await?;
    let body = response.bytes().await.unwrap_or_default();
    decode::<Projects>(&body)
        .and_then(|answer| only(answer, name))
        .map_err(|error| call.explain(error))
}

fn address(base_url: &str, name: &str) -> Result<Url, Error> {
    let mut url = Url::parse(&format!("{base_url}/v3/projects")).map_err(|error| {
        Error::configuration("the endpoint of IAM gives no usable address").with_source(error)
    })?;
    let name = utf8_percent_encode(name, NON_ALPHANUMERIC);
    url.set_query(Some(&format!("name={name}")));
    Ok(url)
}

/// IAM compares whole names, but whether it always did is not documented: what it gives is compared again.
fn only(answer: Projects, name: &str) -> Result<ProjectId, Error> {
    let ids: Vec<_> = answer
        .projects
        .ok_or_else(|| Error::new(ErrorKind::Decode, "no list of projects").with_path("projects"))?
        .into_iter()
        .filter(|project| project.name.as_deref().is_none_or(|given| given == name))
        .filter_map(|project| project.id)
        .collect();
    match ids.as_slice() {
        [id] => id.parse(),
        [] => Err(Error::new(
            ErrorKind::NotFound,
            format!(
                "the account has no project named {name:?}; check the region, or give the project id"
            ),
        )),
        several => Err(Error::configuration(format!(
            "the account has {} projects named {name:?}; give the id of the one to read: {}",
            several.len(),
            several.join(", ")
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> Result<String, String> {
        decode::<Projects>(body.as_bytes())
            .and_then(|answer| only(answer, "cn-north-4"))
            .map(|id| id.to_string())
            .map_err(|error| error.to_string())
    }

    #[test]
    fn the_only_project_of_the_name_is_taken() {
        let body = r#"{"projects": [{"id": "p1", "name": "cn-north-4", "enabled": true},
            {"id": "p2", "name": "cn-north-4_sub"}], "links": {}}"#;
        assert_eq!(read(body).unwrap(), "p1");
    }

    #[test]
    fn none_and_several_are_errors_that_say_what_to_do() {
        for (body, expected) in [
            (r#"{"projects": []}"#, "no project named"),
            (r#"{"projects": [{"id": "p1"}, {"id": "p2"}]}"#, "p1, p2"),
        ] {
            let error = read(body).unwrap_err();
            assert!(
                error.contains(expected) && error.contains("give the"),
                "{error}"
            );
        }
    }

    #[test]
    fn an_answer_without_a_list_is_not_taken_for_an_empty_one() {
        for body in ["{}", r#"{"projects": null}"#, "[]"] {
            assert!(
                !read(body).unwrap_err().contains("no project named"),
                "{body}"
            );
        }
    }

    #[test]
    fn an_id_that_would_change_a_path_is_refused() {
        let error = read(r#"{"projects": [{"id": "../p2"}]}"#).unwrap_err();
        assert!(error.contains("project id"), "{error}");
    }

    #[test]
    fn the_name_is_escaped_in_the_address_and_a_prefix_is_kept() {
        let url = address("https://iam.example/prefix", "cn-north-4 &").unwrap();
        assert_eq!(
            url.as_str(),
            "https://iam.example/prefix/v3/projects?name=cn%2Dnorth%2D4%20%26"
        );
    }
}
