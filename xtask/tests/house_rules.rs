//! Every house rule finds the defect that it is there for, at the right place.

#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a failed expectation is a failed test"
)]

use std::collections::BTreeSet;
use std::path::Path;

use xtask::codegen::services::{SERVICES, Service};
use xtask::codegen::spec::Document;
use xtask::codegen::{Problem, rules};

/// One defect: the rule that must find it, the document, what to replace, by what, and the place that is named.
struct Defect(
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
);

const DWS: &str = "openapi/dws.yaml";
const MRS: &str = "openapi/mrs.yaml";
const STUDIO: &str = "openapi/dataarts-studio.yaml";

const GET: &str = "paths./v1/{project_id}/clusters/{cluster_id}/db-manager/sync-records.get";
const RECORD: &str = "components.schemas.IdentitySourceSyncRecordVo.properties";

const DEFECTS: &[Defect] = &[
    Defect(
        "openapi-version",
        DWS,
        "openapi: 3.0.3",
        "openapi: 3.1.0",
        "openapi",
    ),
    Defect(
        "openapi-version",
        DWS,
        "openapi: 3.0.3",
        "openapi: 3.0",
        "openapi",
    ),
    Defect("info-complete", DWS, "  version: 1.0.0\n", "", "info"),
    Defect(
        "info-complete",
        DWS,
        "  version: 1.0.0",
        "  version: 1.0.0-é",
        "info.version",
    ),
    Defect(
        "info-complete",
        DWS,
        "  contact:\n    name: The maintainers of idsync\n",
        "",
        "info",
    ),
    Defect(
        "info-complete",
        DWS,
        "    name: MIT OR Apache-2.0\n",
        "",
        "info.license",
    ),
    Defect(
        "page-date",
        DWS,
        "page as of 2025-09-19",
        "page as of 2025-9-19",
        "info",
    ),
    Defect(
        "server-template",
        DWS,
        "{region}.{domain}",
        "{region}.{domain}/",
        "servers.0",
    ),
    Defect(
        "server-template",
        DWS,
        "dws.{region}.{domain}",
        "dws.{region}.example.com",
        "servers.0",
    ),
    Defect(
        "server-template",
        DWS,
        "        default: cn-north-4\n",
        "",
        "servers.0.variables.region",
    ),
    Defect(
        "server-template",
        DWS,
        "default: cn-north-4",
        "default: cn-north-4\n        enum: [cn-north-4]",
        "servers.0.variables.region.enum",
    ),
    Defect(
        "security-schemes",
        DWS,
        "  - AkSkSignature: []\n",
        "",
        "document",
    ),
    Defect(
        "security-schemes",
        DWS,
        "    IamToken:\n",
        "    Token:\n",
        "document",
    ),
    Defect(
        "tags-described",
        DWS,
        "    description: Directories outside",
        "    x-was: Directories outside",
        "tags.0",
    ),
    Defect(
        "component-kinds",
        DWS,
        "components:\n",
        "components:\n  responses: {}\n",
        "components.responses",
    ),
    Defect(
        "local-references",
        DWS,
        "\"#/components/schemas/SyncRecordPage\"",
        "\"other.yaml#/components/schemas/SyncRecordPage\"",
        "content.application/json.schema",
    ),
    Defect(
        "known-references",
        DWS,
        "\"#/components/schemas/SyncRecordPage\"",
        "\"#/components/schemas/Missing\"",
        "content.application/json.schema",
    ),
    Defect(
        "used-schemas",
        DWS,
        "    ErrorResponse:\n",
        "    Unused:\n      type: object\n    ErrorResponse:\n",
        "components.schemas.Unused",
    ),
    Defect(
        "only-known-operations",
        DWS,
        "operationId: listSyncRecords",
        "operationId: listRecords",
        GET,
    ),
    Defect(
        "only-known-operations",
        DWS,
        "/sync-records:\n    get:",
        "/sync-records:\n    post:",
        "document",
    ),
    Defect(
        "only-known-operations",
        DWS,
        "    get:\n",
        "    parameters: []\n    get:\n",
        "sync-records.parameters",
    ),
    Defect(
        "only-known-operations",
        DWS,
        "paths:\n",
        "paths:\n  /v1/other:\n    get:\n      operationId: other\n",
        "paths./v1/other.get",
    ),
    Defect(
        "operation-id",
        DWS,
        "operationId: listSyncRecords",
        "operationId: list_sync_records",
        "get.operationId",
    ),
    Defect(
        "operation-id",
        DWS,
        "paths:\n",
        "paths:\n  /v1/other:\n    get:\n      operationId: listSyncRecords\n",
        "get.operationId",
    ),
    Defect(
        "one-tag",
        DWS,
        "tags: [Identity sources]",
        "tags: [Identity sources, Second]",
        GET,
    ),
    Defect(
        "one-tag",
        DWS,
        "tags: [Identity sources]",
        "tags: [Undeclared]",
        GET,
    ),
    Defect(
        "operation-described",
        DWS,
        "      summary: List",
        "      x-summary: List",
        GET,
    ),
    Defect(
        "operation-linked",
        DWS,
        "        url: https://support",
        "        url: http://support",
        GET,
    ),
    Defect(
        "token-is-security",
        DWS,
        "- name: offset",
        "- name: x-auth-token",
        "parameters.2",
    ),
    Defect(
        "workspace-header",
        STUDIO,
        "- name: workspace",
        "- name: Workspace",
        "parameters.1",
    ),
    Defect(
        "workspace-header",
        STUDIO,
        "in: header\n          required: true",
        "in: header\n          required: false",
        "parameters.1",
    ),
    Defect(
        "parameter-described",
        DWS,
        "          example: 100\n",
        "",
        "parameters.3",
    ),
    Defect(
        "parameter-described",
        DWS,
        "          description: Records per page",
        "          x-was: Records per page",
        "parameters.3",
    ),
    Defect(
        "path-parameters",
        DWS,
        "required: true",
        "required: false",
        "parameters.0",
    ),
    Defect(
        "path-parameters",
        DWS,
        "- name: cluster_id",
        "- name: id",
        "parameters.1",
    ),
    Defect(
        "offset-unit",
        DWS,
        "Counts pages, not records",
        "It starts at nothing",
        "parameters.2",
    ),
    Defect(
        "default-stated",
        DWS,
        "            default: 0\n",
        "",
        "parameters.2",
    ),
    Defect(
        "response-set",
        DWS,
        "        4XX:\n",
        "        default:\n",
        "responses.default",
    ),
    Defect(
        "response-set",
        DWS,
        "        4XX:\n",
        "        5XX:\n",
        "responses.5XX",
    ),
    Defect(
        "response-set",
        DWS,
        "        \"417\":\n",
        "        \"418\":\n",
        "responses",
    ),
    Defect(
        "response-body",
        DWS,
        "application/json:",
        "text/html:",
        "responses.200",
    ),
    Defect(
        "response-body",
        DWS,
        "schema:\n                $ref: \"#/components/schemas/SyncRecordPage\"",
        "schema:\n                type: object",
        "content.application/json",
    ),
    Defect(
        "error-body",
        DWS,
        "        \"400\":\n          description: The request was refused.\n          content:\n            application/json:\n              schema:\n                $ref: \"#/components/schemas/ErrorResponse\"",
        "        \"400\":\n          description: The request was refused.\n          content:\n            application/json:\n              schema:\n                $ref: \"#/components/schemas/SyncRecordPage\"",
        "responses.400.content.application/json",
    ),
    Defect(
        "response-example",
        DWS,
        "                  summary: A run that went well and one that failed\n",
        "",
        "examples.full",
    ),
    Defect(
        "response-example",
        DWS,
        "              examples:\n                full:",
        "              x-examples:\n                full:",
        "responses.200.content",
    ),
    Defect(
        "success-examples",
        DWS,
        "                empty:\n",
        "                nothing:\n",
        "responses.200.content.application/json",
    ),
    Defect(
        "schema-described",
        DWS,
        "      description: One page of synchronization records.\n",
        "",
        "components.schemas.SyncRecordPage",
    ),
    Defect(
        "schema-described",
        DWS,
        "          description: Identifier of the record.\n",
        "",
        "properties.id",
    ),
    Defect(
        "schema-type",
        DWS,
        "          type: string\n          nullable: true\n",
        "          type: text\n          nullable: true\n",
        "properties.id",
    ),
    Defect(
        "schema-type",
        DWS,
        "          type: string\n          nullable: true\n",
        "          nullable: true\n",
        "properties.id",
    ),
    Defect(
        "open-enum",
        DWS,
        "      nullable: true\n      description: |\n        State of a run",
        "      description: |\n        State of a run",
        "RecordStatus",
    ),
    Defect(
        "named-object",
        DWS,
        "          type: string\n          nullable: true\n",
        "          type: object\n          nullable: true\n",
        "properties.id",
    ),
    Defect(
        "inference-explained",
        DWS,
        "it (inferred).\n          x-inferred: true",
        "it.\n          x-inferred: true",
        RECORD,
    ),
    Defect(
        "inference-explained",
        DWS,
        "x-inferred: true\n          x-inferred-parts: [min",
        "x-inferred: maybe\n          x-inferred-parts: [min",
        "parameters.0",
    ),
    Defect(
        "inference-parts",
        DWS,
        "x-inferred-parts: [minLength, maxLength, pattern]",
        "x-inferred-parts: [minLength, maxLength, pattern, default]",
        "parameters.0",
    ),
    Defect(
        "inference-parts",
        DWS,
        "x-inferred-parts: [minLength, maxLength, pattern]",
        "x-inferred-parts: [pattern, pattern]",
        "parameters.0",
    ),
    Defect(
        "inference-parts",
        DWS,
        "x-inferred-parts: [minLength, maxLength, pattern]",
        "x-inferred-parts: all",
        "parameters.0.x-inferred-parts",
    ),
    Defect(
        "integer-format",
        DWS,
        "            format: int32\n            minimum: 0\n",
        "",
        "parameters.2.schema",
    ),
    Defect(
        "integer-format",
        DWS,
        "format: int64",
        "format: int32",
        "SyncRecordPage.properties.count",
    ),
    Defect(
        "time-unit",
        DWS,
        "milliseconds since the Unix epoch. The unit",
        "milliseconds. The unit",
        RECORD,
    ),
    Defect(
        "time-unit",
        DWS,
        "type: string\n          nullable: true",
        "type: string\n          format: date-time\n          nullable: true",
        RECORD,
    ),
    Defect(
        "closed-enum",
        DWS,
        "x-extensible-enum:\n        - RUNNING",
        "enum:\n        - RUNNING",
        "RecordStatus.enum",
    ),
    Defect(
        "closed-enum",
        DWS,
        "            default: 1000",
        "            enum: [10, 1000]\n            default: 1000",
        "parameters.3.schema.enum",
    ),
    Defect(
        "open-enum",
        DWS,
        "State of a run. An open set",
        "State of a run. A set",
        "RecordStatus",
    ),
    Defect(
        "open-enum",
        DWS,
        "        - FAILED\n",
        "        - finished\n",
        "RecordStatus",
    ),
    Defect(
        "open-enum",
        DWS,
        "        - FAILED\n",
        "        - other\n",
        "RecordStatus",
    ),
    Defect(
        "open-enum",
        DWS,
        "        - FAILED\n",
        "        - 4xx\n",
        "RecordStatus",
    ),
    Defect(
        "open-enum",
        DWS,
        "        - The run as a whole failed.\n",
        "",
        "RecordStatus",
    ),
    Defect(
        "open-enum",
        DWS,
        "type: string\n          nullable: true",
        "type: string\n          x-extensible-enum: [a]\n          nullable: true",
        RECORD,
    ),
    Defect(
        "no-alternatives",
        DWS,
        "allOf:",
        "anyOf:",
        "identity_source_type.anyOf",
    ),
    Defect(
        "no-alternatives",
        DWS,
        "          allOf:\n",
        "          allOf:\n            - type: string\n",
        "identity_source_type.allOf",
    ),
    Defect(
        "reference-alone",
        DWS,
        "            $ref: \"#/components/schemas/IdentitySourceSyncRecordVo\"",
        "            $ref: \"#/components/schemas/IdentitySourceSyncRecordVo\"\n            nullable: true",
        "sync_records.items",
    ),
    Defect(
        "nullable-response",
        DWS,
        "          type: string\n          nullable: true\n",
        "          type: string\n",
        "properties.id",
    ),
    Defect(
        "nullable-response",
        DWS,
        "          type: array\n          nullable: true\n",
        "          type: array\n",
        "sync_records",
    ),
    Defect(
        "loose-response",
        DWS,
        "          type: string\n          nullable: true\n",
        "          type: string\n          maxLength: 64\n          nullable: true\n",
        "properties.id.maxLength",
    ),
    Defect(
        "loose-response",
        DWS,
        "          type: string\n          nullable: true\n",
        "          type: string\n          format: uuid\n          nullable: true\n",
        "properties.id",
    ),
    Defect(
        "loose-response",
        DWS,
        "    SyncRecordPage:\n      type: object\n",
        "    SyncRecordPage:\n      type: object\n      required: [count]\n",
        "SyncRecordPage.required",
    ),
    Defect(
        "loose-response",
        DWS,
        "    SyncRecordPage:\n      type: object\n",
        "    SyncRecordPage:\n      type: object\n      additionalProperties: false\n",
        "SyncRecordPage",
    ),
    Defect(
        "property-name",
        DWS,
        "        fail_reason:\n          type",
        "        failReason:\n          type",
        "properties.failReason",
    ),
    Defect(
        "array-items",
        DWS,
        "          items:\n            $ref",
        "          x-items:\n            $ref",
        "sync_records",
    ),
    Defect(
        "info-complete",
        DWS,
        "  version: 1.0.0",
        "  version: v1.0",
        "info",
    ),
    Defect(
        "wide-integers",
        DWS,
        "neither comes near 2^53 in practice",
        "both are exact",
        "info",
    ),
    Defect(
        "security-schemes",
        DWS,
        "  - IamToken: []\n  - AkSkSignature: []\n",
        "  - IamToken: []\n    AkSkSignature: []\n",
        "document",
    ),
    Defect(
        "security-headers",
        DWS,
        "      name: X-Auth-Token\n",
        "      name: X-Token\n",
        "securitySchemes.IamToken",
    ),
    Defect(
        "security-headers",
        DWS,
        "      in: header\n      name: Authorization",
        "      in: query\n      name: Authorization",
        "securitySchemes.AkSkSignature",
    ),
    Defect(
        "security-headers",
        DWS,
        "method SDK-HMAC-SHA256. ",
        "the usual way. ",
        "securitySchemes.AkSkSignature",
    ),
    Defect(
        "operation-plain",
        DWS,
        "      operationId: listSyncRecords\n",
        "      operationId: listSyncRecords\n      security: []\n",
        "get.security",
    ),
    Defect(
        "operation-plain",
        DWS,
        "      operationId: listSyncRecords\n",
        "      operationId: listSyncRecords\n      requestBody: {}\n",
        "get.requestBody",
    ),
    Defect(
        "bounds-stated",
        DWS,
        "an upper bound is not documented",
        "any number goes",
        "parameters.3",
    ),
    Defect(
        "order-stated",
        DWS,
        "The order of the records and how",
        "How",
        "get",
    ),
    Defect(
        "empty-example",
        DWS,
        "                    sync_records: []\n",
        "                    sync_records: [{}]\n",
        "examples.empty.value",
    ),
    Defect(
        "empty-example",
        DWS,
        "                    count: 0\n",
        "                    count: 1\n",
        "examples.empty.value",
    ),
    Defect(
        "full-example",
        MRS,
        "                full:\n                  summary: A synchronization is running\n                  value:\n                    is_synchronizing: true\n",
        "                full:\n                  summary: A synchronization is running\n                  value: {}\n",
        "examples.full.value",
    ),
    Defect(
        "surprising-example",
        MRS,
        "                    is_synchronizing: null\n",
        "                    is_synchronizing: false\n",
        "examples.surprising.value",
    ),
    Defect(
        "surprising-example",
        STUDIO,
        "                        cluster_type: DLI\n                        cluster_id: null\n                        cluster_name: lake\n                        schedule_period: null\n                        schedule_status: null\n                        sync_status: SYNC_PARTIAL_FAIL\n",
        "                        cluster_type: DWS\n                        cluster_id: null\n",
        "examples.surprising.value",
    ),
    Defect(
        "inference-marked",
        DWS,
        "        4XX:\n          description: Any other refusal, such as 404 for a wrong endpoint or 429 for too many requests (inferred from the API gateway).\n          x-inferred: true\n",
        "        4XX:\n          description: Any other refusal, such as 404 for a wrong endpoint or 429 for too many requests (inferred from the API gateway).\n",
        "responses.4XX",
    ),
    Defect(
        "object-fields",
        MRS,
        "      properties:\n        is_synchronizing:\n",
        "      x-properties:\n        is_synchronizing:\n",
        "schemas.IamSyncStatus",
    ),
    Defect(
        "path-values",
        MRS,
        "            minLength: 1\n",
        "",
        "parameters.0.schema",
    ),
    Defect(
        "path-values",
        MRS,
        "            minLength: 1\n",
        "            minLength: 0\n",
        "parameters.0.schema",
    ),
    Defect(
        "path-values",
        MRS,
        "            pattern: ^[A-Za-z0-9]+$\n",
        "",
        "parameters.0.schema",
    ),
    Defect(
        "parameter-described",
        DWS,
        "          in: query\n          required: false\n",
        "          in: query\n",
        "parameters.2",
    ),
    Defect(
        "error-fields",
        MRS,
        "        error_code:\n          type",
        "        error_number:\n          type",
        "schemas.ErrorResponse",
    ),
    Defect(
        "open-enum",
        DWS,
        "      x-extensible-enum:\n        - RUNNING\n        - FINISHED\n        - FAILED\n",
        "",
        "schemas.RecordStatus",
    ),
    Defect(
        "service-endpoint",
        DWS,
        "https://dws.",
        "https://mrs.",
        "servers.0",
    ),
    Defect(
        "server-template",
        DWS,
        "https://dws.",
        "http://dws.",
        "servers.0",
    ),
    Defect(
        "server-template",
        DWS,
        "{region}.{domain}",
        "{region}.{domain}/v1",
        "servers.0",
    ),
    Defect(
        "tags-used",
        DWS,
        "paths:\n",
        "  - name: Spare\n    description: Of nothing.\npaths:\n",
        "tags.1",
    ),
    Defect(
        "operation-linked",
        DWS,
        "        url: https://support.huaweicloud.com/",
        "        url: https://example.com/",
        GET,
    ),
    Defect(
        "order-stated",
        DWS,
        "The order of the records and how long they are kept are not documented.",
        "Newest first, in order.",
        GET,
    ),
    Defect(
        "security-schemes",
        DWS,
        "  - IamToken: []",
        "  - IamToken: [read]",
        "security.0.IamToken",
    ),
    Defect(
        "security-headers",
        DWS,
        "temporary keys add `X-Security-Token`",
        "temporary keys too",
        "securitySchemes.AkSkSignature",
    ),
    Defect(
        "security-headers",
        DWS,
        "travels beside `X-Sdk-Date`",
        "travels alone",
        "securitySchemes.AkSkSignature",
    ),
    Defect(
        "path-values",
        MRS,
        "            pattern: ^[A-Za-z0-9]+$\n",
        "            pattern: \"[A-Za-z0-9]+\"\n",
        "parameters.0.schema",
    ),
    Defect(
        "path-values",
        MRS,
        "            pattern: ^[A-Za-z0-9]+$\n",
        "            pattern: ^.+$\n",
        "parameters.0.schema",
    ),
    Defect(
        "path-values",
        MRS,
        "            pattern: ^[A-Za-z0-9]+$\n",
        "            pattern: \"^[A-Za-z0-9\"\n",
        "parameters.0.schema",
    ),
    Defect(
        "offset-unit",
        DWS,
        "Counts pages, not records",
        "Counts items",
        "parameters.2",
    ),
    Defect(
        "offset-unit",
        STUDIO,
        "Counts items",
        "Counts pages",
        "parameters.3",
    ),
    Defect(
        "default-stated",
        DWS,
        "Default 1000;",
        "Default 100;",
        "parameters.3",
    ),
    Defect(
        "default-stated",
        STUDIO,
        "            minimum: 1\n",
        "            minimum: 1\n            default: 10\n",
        "parameters.2",
    ),
    Defect(
        "bounds-stated",
        STUDIO,
        "            minimum: 1\n",
        "            minimum: 1\n            maximum: 100\n",
        "parameters.2",
    ),
    Defect(
        "open-enum",
        STUDIO,
        "        - The service does not know.\n",
        "        - \"\"\n",
        "schemas.SyncStatus",
    ),
    Defect(
        "listed-values",
        STUDIO,
        "      example: SYNC_SUCCESS\n",
        "      example: SYNC_SUCESS\n",
        "schemas.SyncStatus.example",
    ),
    Defect(
        "listed-values",
        STUDIO,
        "          example: SYNC_FAIL\n",
        "          example: SYNC_FAILED\n",
        "parameters.6.example",
    ),
    Defect(
        "listed-values",
        STUDIO,
        "schedule_period: HOUR\n",
        "schedule_period: HOURS\n",
        "examples.full.value.tasks.0.schedule_period",
    ),
    Defect(
        "example-times",
        DWS,
        "end_time: 1757926812345",
        "end_time: 1757926812",
        "sync_records.0.end_time",
    ),
    Defect(
        "error-example",
        DWS,
        "                    error_code: DWS.5064\n",
        "",
        "responses.400.content.application/json.examples.bad_identifier.value",
    ),
    Defect(
        "known-keywords",
        DWS,
        "      type: object\n",
        "      type: object\n      title: Page\n",
        "schemas.SyncRecordPage.title",
    ),
    Defect(
        "known-keywords",
        DWS,
        "          in: path\n",
        "          in: path\n          style: matrix\n",
        "parameters.0.style",
    ),
    Defect(
        "known-keywords",
        DWS,
        "          description: The records were read.\n",
        "          description: The records were read.\n          headers: {}\n",
        "responses.200.headers",
    ),
    Defect(
        "known-extensions",
        STUDIO,
        "      x-enum-descriptions:\n",
        "      x-enum-varnames: [A, B]\n      x-enum-descriptions:\n",
        "schemas.ClusterType.x-enum-varnames",
    ),
    Defect(
        "license-known",
        DWS,
        "name: MIT OR Apache-2.0",
        "name: Proprietary",
        "info.license.name",
    ),
    Defect(
        "license-known",
        DWS,
        "url: https://opensource.org/license/mit",
        "url: https://example.com/license",
        "info.license.url",
    ),
    Defect(
        "page-date",
        DWS,
        "page as of 2025-09-19",
        "page as of 2025-19-39",
        "info",
    ),
    Defect(
        "page-date",
        DWS,
        "Reference page of 2025-09-19",
        "Reference page of 2024-09-19",
        "get.externalDocs",
    ),
    Defect(
        "document-linked",
        DWS,
        "externalDocs:\n  description: API reference of Data Warehouse Service\n",
        "externalDocs:\n",
        "externalDocs",
    ),
    Defect(
        "document-linked",
        MRS,
        "        url: https://support.huaweicloud.com/intl/en-us/api-mrs/mrs_02_0244.html",
        "        url: https://support.huaweicloud.com/intl/en-us/api-mrs/mrs_02_0245.html",
        "externalDocs",
    ),
    Defect(
        "text-written",
        DWS,
        "title: DWS identity source synchronization",
        "title: TODO",
        "info.title",
    ),
    Defect(
        "text-written",
        DWS,
        "name: The maintainers of idsync",
        "name: To be defined",
        "info.contact.name",
    ),
    Defect(
        "text-written",
        DWS,
        "description: Identifier of the record.",
        "description: ...",
        "properties.id.description",
    ),
    Defect(
        "text-written",
        DWS,
        "description: Identifier of the record.",
        "description: Identifier of the record (tbd).",
        "properties.id.description",
    ),
    Defect(
        "text-written",
        DWS,
        "description: Identifier of the identity source that was read.",
        "description: identity_source_id",
        "properties.identity_source_id.description",
    ),
    Defect(
        "info-complete",
        DWS,
        "version: 1.0.0",
        "version: 01.0.0",
        "info",
    ),
    Defect(
        "text-written",
        DWS,
        "description: The records were read.",
        "description: OK",
        "responses.200.description",
    ),
    Defect(
        "text-written",
        DWS,
        "summary: A run that went well and one that failed",
        "summary: Lorem ipsum dolor",
        "examples.full.summary",
    ),
    Defect(
        "text-written",
        DWS,
        "        - The run as a whole failed.\n",
        "        - Failed.\n",
        "RecordStatus.x-enum-descriptions.2",
    ),
    Defect(
        "server-template",
        DWS,
        "default: cn-north-4",
        "default: CN North 4",
        "servers.0.variables.region",
    ),
    Defect(
        "server-template",
        DWS,
        "security:\n",
        "  - url: https://dws.{region}.{domain}\n    description: Once more.\nsecurity:\n",
        "document",
    ),
    Defect(
        "service-endpoint",
        DWS,
        "default: myhuaweicloud.com",
        "default: example.com",
        "servers.0.variables.domain",
    ),
    Defect(
        "workspace-header",
        STUDIO,
        "- name: workspace\n          in: header",
        "- name: workspace\n          in: query",
        "parameters.1",
    ),
    Defect(
        "path-parameters",
        MRS,
        "        - name: project_id\n          in: path\n          required: true\n          description: Project that owns the cluster. 1 to 64 letters and digits.\n          schema:\n            type: string\n            minLength: 1\n            maxLength: 64\n            pattern: ^[A-Za-z0-9]+$\n          example: 0a1b2c3d4e5f60718293a4b5c6d7e8f9\n        - name: cluster_id\n          in: path\n          required: true\n          description: Cluster to ask. 1 to 64 letters, digits, underscores and hyphens.\n",
        "        - name: cluster_id\n          in: path\n          required: true\n          description: Cluster to ask. 1 to 64 letters and digits.\n          schema:\n            type: string\n            minLength: 1\n            maxLength: 64\n            pattern: ^[A-Za-z0-9]+$\n          example: 0a1b2c3d4e5f60718293a4b5c6d7e8f9\n        - name: project_id\n          in: path\n          required: true\n          description: Project that owns the cluster. 1 to 64 letters, digits, underscores and hyphens.\n",
        "get.parameters",
    ),
    Defect(
        "known-keywords",
        DWS,
        "            minimum: 1\n",
        "            minimum: 1\n            multipleOf: 5\n",
        "parameters.3.schema.multipleOf",
    ),
    Defect(
        "known-keywords",
        DWS,
        "            minimum: 1\n",
        "            minimum: 1\n            nullable: true\n",
        "parameters.3.schema.nullable",
    ),
    Defect(
        "known-keywords",
        STUDIO,
        "            type: boolean\n",
        "            type: boolean\n            format: int32\n",
        "schema.format",
    ),
    Defect(
        "closed-enum",
        STUDIO,
        "Only clients send it, so the set is closed.",
        "There are four.",
        "schemas.TaskOrderBy",
    ),
    Defect(
        "open-enum",
        DWS,
        "        - The run as a whole failed.\n",
        "        - The run has not ended yet.\n",
        "RecordStatus",
    ),
    Defect(
        "null-in-fields",
        DWS,
        "    ErrorResponse:\n      type: object\n",
        "    ErrorResponse:\n      type: object\n      nullable: true\n",
        "schemas.ErrorResponse.nullable",
    ),
    Defect(
        "null-in-fields",
        STUDIO,
        "    TaskOrderBy:\n      type: string\n",
        "    TaskOrderBy:\n      type: string\n      nullable: true\n",
        "schemas.TaskOrderBy.nullable",
    ),
    Defect(
        "loose-response",
        DWS,
        "        status:\n          type: string\n",
        "        status:\n          type: string\n          format: int64\n",
        "properties.status",
    ),
    Defect(
        "error-fields",
        MRS,
        "        error_code:\n          type: string\n",
        "        error_code:\n          type: integer\n          format: int64\n",
        "schemas.ErrorResponse",
    ),
    Defect(
        "response-example",
        MRS,
        "              examples:\n                full:",
        "              example: {}\n              examples:\n                full:",
        "content.application/json.example",
    ),
    Defect(
        "full-example",
        MRS,
        "                    is_synchronizing: true\n",
        "                    is_synchronizing: null\n",
        "examples.full.value",
    ),
];

fn service(file: &str) -> &'static Service {
    SERVICES
        .iter()
        .find(|service| service.file == file)
        .expect("a known document")
}

fn text(file: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    std::fs::read_to_string(root.join(file)).expect("a readable document")
}

fn problems(file: &str, text: &str) -> Vec<Problem> {
    let document = Document::parse(file, text.as_bytes()).expect("a well-formed document");
    rules::check(service(file), &document)
}

fn defective(defect: &Defect) -> String {
    let Defect(rule, file, from, to, _) = defect;
    let text = text(file);
    assert!(
        text.contains(from),
        "{rule}: {file} does not contain {from:?}"
    );
    text.replacen(from, to, 1)
}

#[test]
fn each_defect_is_found_by_its_rule_at_its_place() {
    for defect in DEFECTS {
        let Defect(rule, file, from, to, place) = defect;
        let problems = problems(file, &defective(defect));
        let found = problems.iter().any(|problem| {
            let named = problem.message.ends_with(&format!("[{rule}]"));
            let placed = problem
                .place
                .as_ref()
                .is_some_and(|found| found.to_string().contains(place));
            named && placed && problem.line.is_some()
        });
        assert!(
            found,
            "{rule} did not find {from:?} → {to:?} at {place}; found {problems:#?}"
        );
    }
}

#[test]
fn every_rule_has_a_defect() {
    let covered: BTreeSet<&str> = DEFECTS.iter().map(|Defect(rule, ..)| *rule).collect();
    let mut rules: BTreeSet<&str> = rules::RULES.iter().map(|(name, _)| *name).collect();
    rules.extend(rules::SERVICE_RULES.iter().map(|(name, _)| *name));
    assert_eq!(covered, rules);
}

#[test]
fn a_sound_document_has_no_problem() {
    for service in SERVICES {
        assert_eq!(problems(service.file, &text(service.file)), Vec::new());
    }
}

#[test]
fn a_problem_names_file_line_place_and_remedy() {
    let text = text(DWS).replacen("        4XX:\n", "        default:\n", 1);
    let line = 1 + text
        .lines()
        .position(|line| line == "        default:")
        .expect("the defect");
    let problems = problems(DWS, &text);
    let messages: Vec<String> = problems.iter().map(ToString::to_string).collect();
    let expected = format!(
        "openapi/dws.yaml:{line}: {GET}.responses.default: `default` is not allowed: \
         the Rust generator fails on it; `4XX` catches the rest, so remove it [response-set]"
    );
    assert!(messages.contains(&expected), "{messages:#?}");
}
