package interop;

import clients.dataarts.api.UserSynchronizationApi;
import clients.dataarts.model.MemberSyncTaskPage;
import clients.dws.api.IdentitySourcesApi;
import clients.dws.model.SyncRecordPage;
import clients.mrs.api.IamSynchronizationApi;
import clients.mrs.model.IamSyncStatus;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Calls of the three operations with the generated clients, as an application would write them. */
final class Services {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final String url;
    private final String token;
    private int status;

    Services(String url, String token) {
        this.url = url;
        this.token = token;
    }

    /** Sets the token in a header of its own, without a prefix. */
    private void prepare(HttpRequest.Builder request) {
        status = 0;
        request.header("X-Auth-Token", token);
    }

    /** Keeps the status: the exception for a success with an unreadable body does not have it. */
    private void keepStatus(HttpResponse<InputStream> response) {
        status = response.statusCode();
    }

    /** The first 50 tasks of a workspace, latest run first. */
    MemberSyncTaskPage listTasks(String projectId, String workspace) throws ServiceError {
        var client = new clients.dataarts.ApiClient();
        client.updateBaseUri(url);
        client.setRequestInterceptor(this::prepare);
        client.setResponseInterceptor(this::keepStatus);
        client.setReadTimeout(TIMEOUT);
        try {
            return success(new UserSynchronizationApi(client).listSecurityMemberSyncTasks(
                    projectId, workspace, 50, 0, null, null, null, null, "SYNC_TIME", false));
        } catch (clients.dataarts.ApiException failure) {
            throw error(failure.getResponseBody(), failure);
        }
    }

    /** The first 100 records of a DWS cluster. */
    SyncRecordPage listRecords(String projectId, String clusterId) throws ServiceError {
        var client = new clients.dws.ApiClient();
        client.updateBaseUri(url);
        client.setRequestInterceptor(this::prepare);
        client.setResponseInterceptor(this::keepStatus);
        client.setReadTimeout(TIMEOUT);
        try {
            return success(new IdentitySourcesApi(client).listSyncRecords(projectId, clusterId, 0, 100));
        } catch (clients.dws.ApiException failure) {
            throw error(failure.getResponseBody(), failure);
        }
    }

    /** Whether an MRS cluster synchronizes IAM users now. A flag that is null is not known. */
    IamSyncStatus readStatus(String projectId, String clusterId) throws ServiceError {
        var client = new clients.mrs.ApiClient();
        client.updateBaseUri(url);
        client.setRequestInterceptor(this::prepare);
        client.setResponseInterceptor(this::keepStatus);
        client.setReadTimeout(TIMEOUT);
        try {
            return success(new IamSynchronizationApi(client).listClusterSyncTaskStatus(projectId, clusterId));
        } catch (clients.mrs.ApiException failure) {
            throw error(failure.getResponseBody(), failure);
        }
    }

    /** A success without a body gives null. */
    private <Body> Body success(Body body) throws ServiceError {
        if (body == null) {
            throw error(null, null);
        }
        return body;
    }

    private ServiceError error(String body, Exception cause) {
        return new ServiceError(status, codeIn(body), cause);
    }

    private static String codeIn(String body) {
        try {
            return body == null ? null : new ObjectMapper().readTree(body).path("error_code").asText(null);
        } catch (JsonProcessingException notFromTheService) {
            return null;
        }
    }
}
