// One call of each operation with openapi-generator's client, with default settings and a plain token.

import dataarts_studio.apis.UserSynchronizationApi
import dws.apis.IdentitySourcesApi
import mrs.apis.IAMSynchronizationApi

private fun value(name: String): String = checkNotNull(System.getenv(name)) { "$name is not set" }

fun main() {
    val (url, token, project) = listOf("ENDPOINT", "TOKEN", "PROJECT_ID").map(::value)

    dataarts_studio.infrastructure.ApiClient.apiKey["X-Auth-Token"] = token
    val tasks = UserSynchronizationApi(url).listSecurityMemberSyncTasks(project, value("WORKSPACE"))
    check(!tasks.tasks.isNullOrEmpty())

    dws.infrastructure.ApiClient.apiKey["X-Auth-Token"] = token
    val records = IdentitySourcesApi(url).listSyncRecords(project, value("DWS"))
    check(!records.syncRecords.isNullOrEmpty())

    mrs.infrastructure.ApiClient.apiKey["X-Auth-Token"] = token
    val status = IAMSynchronizationApi(url).listClusterSyncTaskStatus(project, value("MRS"))
    checkNotNull(status.isSynchronizing)
}
