package polyglot;

import clients.mrs.ApiClient;
import clients.mrs.ApiException;
import clients.mrs.api.IamSynchronizationApi;
import clients.mrs.model.ErrorResponse;
import clients.mrs.model.IamSyncStatus;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** MRS: whether a cluster is copying IAM users right now. */
final class Syncing {
    private final ApiClient client = new ApiClient();
    private final Session session;

    Syncing(String url, String token) {
        session = new Session(token);
        client.updateBaseUri(url);
        client.setRequestInterceptor(session::prepare);
        client.setResponseInterceptor(session::note);
        client.setReadTimeout(Duration.ofSeconds(10));
    }

    /** The flag; null means that the service did not tell. */
    IamSyncStatus read(String projectId, String clusterId) throws ServiceFailure {
        try {
            var status = new IamSynchronizationApi(client).listClusterSyncTaskStatus(projectId, clusterId);
            if (status == null) {
                throw session.failure(null, this::codeIn, null);
            }
            return status;
        } catch (ApiException failure) {
            throw session.failure(failure.getResponseBody(), this::codeIn, failure);
        }
    }

    private String codeIn(String body) throws JsonProcessingException {
        return client.getObjectMapper().readValue(body, ErrorResponse.class).getErrorCode();
    }

    /** Every field of the answer, by its name on the wire. */
    static Map<String, Object> fields(IamSyncStatus status) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("is_synchronizing", status.getIsSynchronizing());
        return fields;
    }
}
