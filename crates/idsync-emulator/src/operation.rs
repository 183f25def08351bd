//! The operations that the emulator knows, and how a request path names them.

use http::Method;
use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};

/// One operation of the emulated services.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Operation {
    /// DataArts Studio: `GET /v1/{project_id}/security/member-sync-tasks`.
    Tasks,
    /// DWS: `GET /v1/{project_id}/clusters/{cluster_id}/db-manager/sync-records`.
    Records,
    /// MRS: `GET /v2/{project_id}/clusters/{cluster_id}/iam-sync`.
    Syncing,
    /// IAM: `POST /v3/auth/tokens`.
    Token,
    /// IAM: `GET /v3/projects`.
    Projects,
    /// Metadata service of a cloud server: `PUT /meta-data/latest/api/token`.
    MetadataToken,
    /// Metadata service of a cloud server: `GET /openstack/latest/securitykey`.
    MetadataKey,
}

impl Operation {
    /// Every operation, in the order of the journal's counters.
    pub const ALL: [Self; 7] = [
        Self::Tasks,
        Self::Records,
        Self::Syncing,
        Self::Token,
        Self::Projects,
        Self::MetadataToken,
        Self::MetadataKey,
    ];

    /// Method and path template.
    pub fn template(self) -> &'static str {
        match self {
            Self::Tasks => "GET /v1/{project_id}/security/member-sync-tasks",
            Self::Records => "GET /v1/{project_id}/clusters/{cluster_id}/db-manager/sync-records",
            Self::Syncing => "GET /v2/{project_id}/clusters/{cluster_id}/iam-sync",
            Self::Token => "POST /v3/auth/tokens",
            Self::Projects => "GET /v3/projects",
            Self::MetadataToken => "PUT /meta-data/latest/api/token",
            Self::MetadataKey => "GET /openstack/latest/securitykey",
        }
    }
}

/// An operation together with the values its path carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Route {
    pub(crate) operation: Operation,
    pub(crate) project_id: Option<String>,
    pub(crate) cluster_id: Option<String>,
}

impl Route {
    /// The route that `method` and the raw `path` ask for; `None` if there is none.
    pub(crate) fn find(method: &Method, path: &str) -> Option<Self> {
        let route = Self::of_path(path)?;
        (method.as_str() == route.method()).then_some(route)
    }

    /// The only method that the raw `path` takes; `None` if it leads nowhere.
    pub(crate) fn method_of(path: &str) -> Option<&'static str> {
        Self::of_path(path).map(|route| route.method())
    }

    fn of_path(path: &str) -> Option<Self> {
        // A path of more segments than any template is cut short here, not matched.
        let mut parts = path.strip_prefix('/')?.splitn(8, '/');
        let segments: [Option<&str>; 8] = std::array::from_fn(|_| parts.next());
        Some(match segments {
            [
                Some("v1"),
                Some(project),
                Some("security"),
                Some("member-sync-tasks"),
                None,
                ..,
            ] => Self::new(Operation::Tasks, Some(project), None),
            [
                Some("v1"),
                Some(project),
                Some("clusters"),
                Some(cluster),
                Some("db-manager"),
                Some("sync-records"),
                None,
                ..,
            ] => Self::new(Operation::Records, Some(project), Some(cluster)),
            [
                Some("v2"),
                Some(project),
                Some("clusters"),
                Some(cluster),
                Some("iam-sync"),
                None,
                ..,
            ] => Self::new(Operation::Syncing, Some(project), Some(cluster)),
            [Some("v3"), Some("auth"), Some("tokens"), None, ..] => {
                Self::new(Operation::Token, None, None)
            }
            [Some("v3"), Some("projects"), None, ..] => Self::new(Operation::Projects, None, None),
            [
                Some("meta-data"),
                Some("latest"),
                Some("api"),
                Some("token"),
                None,
                ..,
            ] => Self::new(Operation::MetadataToken, None, None),
            [
                Some("openstack"),
                Some("latest"),
                Some("securitykey"),
                None,
                ..,
            ] => Self::new(Operation::MetadataKey, None, None),
            _ => return None,
        })
    }

    fn new(operation: Operation, project_id: Option<&str>, cluster_id: Option<&str>) -> Self {
        Self {
            operation,
            project_id: project_id.map(decode),
            cluster_id: cluster_id.map(decode),
        }
    }

    fn method(&self) -> &'static str {
        match self.operation {
            Operation::Token => "POST",
            Operation::MetadataToken => "PUT",
            _ => "GET",
        }
    }
}

fn decode(segment: &str) -> String {
    percent_decode_str(segment).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(method: &Method, path: &str) -> Option<Operation> {
        Route::find(method, path).map(|route| route.operation)
    }

    #[test]
    fn each_template_leads_to_its_operation() {
        for operation in Operation::ALL {
            let (method, path) = operation.template().split_once(' ').unwrap();
            let method: Method = method.parse().unwrap();
            assert_eq!(find(&method, path), Some(operation), "{path}");
        }
    }

    #[test]
    fn path_values_are_decoded() {
        let route = Route::find(&Method::GET, "/v2/p%201/clusters/c%2F2/iam-sync").unwrap();
        assert_eq!(route.project_id.as_deref(), Some("p 1"));
        assert_eq!(route.cluster_id.as_deref(), Some("c/2"));
    }

    #[test]
    fn another_method_version_or_longer_path_leads_nowhere() {
        assert_eq!(find(&Method::POST, "/v3/projects"), None);
        assert_eq!(find(&Method::HEAD, "/v3/projects"), None);
        assert_eq!(find(&Method::GET, "/v3/projects/"), None);
        assert_eq!(find(&Method::GET, "/v1/p/clusters/c/iam-sync"), None);
        assert_eq!(
            find(&Method::GET, "/v2/p/clusters/c/iam-sync/is-synchronous"),
            None
        );
        assert_eq!(find(&Method::GET, "/v1/a/b/c/d/e/f/g/h/i/j"), None);
        assert_eq!(find(&Method::GET, "*"), None);
    }
}
