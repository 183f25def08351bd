//! The table that decides: messages as servers and libraries write them, with the class that each must have.

use crate::health::DiagnosisClass::{
    self, AlreadyRunning, ClockSkew, ClusterNotFound, CredentialsRejected, DirectoryEntryMissing,
    DirectoryRefused, HostUnknown, NameCollision, Other, PermissionDenied, QueryFailed,
    RangerUserSync, RoleHasDependents, ServiceUnavailable, Throttled, Timeout, TlsFailed,
    Unreachable, UserNotSynchronized, VersionUnsupported,
};

pub(super) const MESSAGES: &[(&str, DiagnosisClass)] = &[
    // The database of the cluster.
    (
        "ERROR: role \"iam_group_risk\" cannot be dropped because some objects depend on it\n  Detail: owner of table t",
        RoleHasDependents,
    ),
    (
        "ERROR: role \"permission_admins\" cannot be dropped because some objects depend on it",
        RoleHasDependents,
    ),
    ("ERROR: role \"alice\" already exists", NameCollision),
    (
        "ERROR: duplicate key value violates unique constraint \"pg_authid_rolname_index\"",
        NameCollision,
    ),
    ("ERROR: permission denied to create role", PermissionDenied),
    (
        "ERROR: permission denied for schema finance",
        PermissionDenied,
    ),
    ("ERROR: must be owner of relation orders", PermissionDenied),
    (
        "FATAL: password authentication failed for user \"sync\"",
        CredentialsRejected,
    ),
    (
        "Access denied for user 'sync'@'10.0.0.8' (using password: YES)",
        CredentialsRejected,
    ),
    (
        "ERROR: canceling statement due to statement timeout",
        Timeout,
    ),
    ("FATAL: sorry, too many clients already", ServiceUnavailable),
    (
        "could not translate host name \"gsdb\" to address: Name or service not known",
        HostUnknown,
    ),
    (
        "connection to server at 10.1.2.3, port 8000 failed: Connection refused",
        Unreachable,
    ),
    (
        "ERROR: relation \"timeout_forbidden\" has an invalid page",
        Other,
    ),
    ("could not extend file: No space left on device", Other),
    // LDAP, by result code.
    (
        "javax.naming.AuthenticationException: [LDAP: error code 49 - 80090308: LdapErr: DSID-0C09044E, comment: AcceptSecurityContext error, data 52e, v2580]",
        CredentialsRejected,
    ),
    (
        "[LDAP: error code 49 - 80090308: LdapErr: DSID-0C090439, comment: AcceptSecurityContext error, data 775, v3839]",
        CredentialsRejected,
    ),
    ("ldap_bind: Invalid credentials (49)", CredentialsRejected),
    (
        "[LDAP: error code 50 - Insufficient Access Rights]",
        PermissionDenied,
    ),
    ("LDAP search failed, resultCode=50", PermissionDenied),
    (
        "[LDAP: error code 32 - No Such Object]; remaining name 'ou=people,dc=corp,dc=example'",
        DirectoryEntryMissing,
    ),
    (
        "ldap_search_ext: No such object (32), matched DN: dc=corp",
        DirectoryEntryMissing,
    ),
    ("[LDAP: error code 51 - Busy]", ServiceUnavailable),
    ("LDAP result code 52: unavailable", ServiceUnavailable),
    (
        "[LDAP: error code 53 - Unwilling To Perform]",
        DirectoryRefused,
    ),
    (
        "ldap_modify: Server is unwilling to perform (53)",
        DirectoryRefused,
    ),
    (
        "[LDAP: error code 13 - confidentiality required]",
        DirectoryRefused,
    ),
    (
        "ldap_bind: Strong(er) authentication required (8)",
        DirectoryRefused,
    ),
    ("[LDAP: error code 3 - Timelimit Exceeded]", Timeout),
    (
        "[LDAP: error code 68 - Entry Already Exists]",
        NameCollision,
    ),
    (
        "[LDAP: error code 1 - 000004DC: LdapErr: DSID-0C0907C2, comment: In order to perform this operation a successful bind must be completed on the connection.]",
        CredentialsRejected,
    ),
    (
        "ldap_sasl_bind(SIMPLE): Can't contact LDAP server (-1)",
        Unreachable,
    ),
    // A failed step around another cause.
    (
        "simple bind failed: ldap.corp.example:636; nested exception is javax.naming.CommunicationException [Root exception is javax.net.ssl.SSLHandshakeException: PKIX path building failed: unable to find valid certification path to requested target]",
        TlsFailed,
    ),
    (
        "simple bind failed: ldap.corp.example:636 [Root exception is java.net.UnknownHostException: ldap.corp.example]",
        HostUnknown,
    ),
    ("simple bind failed: ldap.corp.example:636", Unreachable),
    (
        "bind failed: java.net.ConnectException: Connection timed out",
        Timeout,
    ),
    (
        "Authentication failed: java.net.SocketTimeoutException: Read timed out",
        Timeout,
    ),
    (
        "failed to authenticate the sync user: dial tcp 10.0.0.8:389: connect: connection refused",
        Unreachable,
    ),
    (
        "user authentication failed because the certificate has expired",
        TlsFailed,
    ),
    (
        "bind failed: invalid credentials, connection closed by peer",
        CredentialsRejected,
    ),
    (
        "TLS handshake completed; bind as cn=sync: Invalid credentials",
        CredentialsRejected,
    ),
    (
        "connection timeout is set to 30 s; the server answered: [LDAP: error code 49 - Invalid Credentials]",
        CredentialsRejected,
    ),
    // TLS.
    (
        "javax.net.ssl.SSLHandshakeException: Remote host terminated the handshake",
        TlsFailed,
    ),
    (
        "java.security.cert.CertificateExpiredException: NotAfter: Mon Nov 02 08:00:00 CST 2026",
        TlsFailed,
    ),
    ("x509: certificate signed by unknown authority", TlsFailed),
    (
        "tls: failed to verify certificate: x509: certificate has expired or is not yet valid",
        TlsFailed,
    ),
    (
        "SSL routines:ssl3_get_record:wrong version number",
        TlsFailed,
    ),
    (
        "certificate verify failed: self-signed certificate in certificate chain",
        TlsFailed,
    ),
    (
        "java.security.cert.CertificateException: No subject alternative DNS name matching ad.corp.example found.",
        TlsFailed,
    ),
    (
        "javax.net.ssl.SSLException: Received fatal alert: protocol_version",
        TlsFailed,
    ),
    ("连接目录失败：证书已过期", TlsFailed),
    // Names and networks.
    (
        "java.net.UnknownHostException: oneaccess.corp.example: Name or service not known",
        HostUnknown,
    ),
    (
        "Error: getaddrinfo ENOTFOUND oneaccess.corp.example",
        HostUnknown,
    ),
    (
        "dial tcp: lookup ad.corp.example on 10.0.0.2:53: no such host",
        HostUnknown,
    ),
    ("Temporary failure in name resolution", HostUnknown),
    ("ldap://10.0.0.8:389: No route to host", Unreachable),
    ("java.net.SocketException: Connection reset", Unreachable),
    ("connect ECONNREFUSED 10.0.0.8:443", Unreachable),
    ("无法连接LDAP服务器", Unreachable),
    ("连接超时", Timeout),
    // HTTP.
    (
        "error getting active status for user u-1024: status of http response was 401 Unauthorized",
        CredentialsRejected,
    ),
    ("GET /scim/v2/Users returned HTTP 401", CredentialsRejected),
    ("request failed: Unauthorized", CredentialsRejected),
    ("the provisioning token has expired", CredentialsRejected),
    ("HTTP/1.1 403 Forbidden", PermissionDenied),
    ("unexpected status code: 403", PermissionDenied),
    ("status code 429, retry later", Throttled),
    (
        "server replied: 503 Service Unavailable",
        ServiceUnavailable,
    ),
    ("502 Bad Gateway", ServiceUnavailable),
    ("504 Gateway Timeout", Timeout),
    ("407 Proxy Authentication Required", CredentialsRejected),
    // Kerberos and sign-on.
    ("KrbException: Clock skew too great (37)", ClockSkew),
    (
        "KrbException: Pre-authentication information was invalid (24)",
        CredentialsRejected,
    ),
    (
        "kinit: Client not found in Kerberos database while getting initial credentials",
        CredentialsRejected,
    ),
    (
        "invalid_grant: the refresh token is revoked",
        CredentialsRejected,
    ),
    (
        "The password has expired and must be changed",
        CredentialsRejected,
    ),
    // Codes of the services.
    (
        "APIGW.0301: Incorrect IAM authentication information",
        CredentialsRejected,
    ),
    (
        "APIGW.0308: The throttling threshold has been reached",
        Throttled,
    ),
    ("IAM.0012 Threshold: 10 times per 60 seconds", Throttled),
    (
        "12000154: IAM synchronization is in progress",
        AlreadyRunning,
    ),
    ("job 3120001549 of user alice ended", Other),
    (
        "12000163: the users of Manager cannot be queried",
        QueryFailed,
    ),
    ("12000052: no access rights", PermissionDenied),
    ("12000003 The cluster does not exist.", ClusterNotFound),
    ("DWS.5206 at this database", VersionUnsupported),
    (
        "0192: The current user does not exist on MRS Manager",
        UserNotSynchronized,
    ),
    ("ALM-45293 was raised", RangerUserSync),
    (
        "dlg_agency lacks permission iam:users:listUsers",
        PermissionDenied,
    ),
    (
        "User is not authorized to perform: iam:groups:listGroups",
        PermissionDenied,
    ),
    ("权限不足", PermissionDenied),
    ("存在同名用户“张三”，同步失败", NameCollision),
    ("正在同步，请稍后", AlreadyRunning),
    ("认证失败", CredentialsRejected),
    // Nothing that is known.
    ("Submit job failed: disk is full", Other),
    ("the license has expired", Other),
    ("未知错误", Other),
];
