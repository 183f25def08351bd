//! The services that are generated, and which operation each document describes.

/// One document and its generated module.
#[derive(Debug)]
pub struct Service {
    /// The document, below the root of the workspace.
    pub file: &'static str,
    /// Name of the Rust module, and of the generated file without its ending.
    pub module: &'static str,
    /// Path template of the only operation.
    pub path: &'static str,
    /// HTTP method of the only operation, lower case.
    pub method: &'static str,
}

/// Every service, in the order of the generated modules.
pub const SERVICES: &[Service] = &[
    Service {
        file: "openapi/dataarts-studio.yaml",
        module: "dataarts_studio",
        path: "/v1/{project_id}/security/member-sync-tasks",
        method: "get",
    },
    Service {
        file: "openapi/dws.yaml",
        module: "dws",
        path: "/v1/{project_id}/clusters/{cluster_id}/db-manager/sync-records",
        method: "get",
    },
    Service {
        file: "openapi/mrs.yaml",
        module: "mrs",
        path: "/v2/{project_id}/clusters/{cluster_id}/iam-sync",
        method: "get",
    },
];
