package polyglot;

import clients.dws.ApiClient;
import clients.dws.ApiException;
import clients.dws.api.IdentitySourcesApi;
import clients.dws.model.ErrorResponse;
import clients.dws.model.IdentitySourceSyncRecordVo;
import clients.dws.model.SyncRecordPage;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** DWS: the runs in which a cluster took over users and groups from an identity source. */
final class Records {
    private final ApiClient client = new ApiClient();
    private final Session session;

    Records(String url, String token) {
        session = new Session(token);
        client.updateBaseUri(url);
        client.setRequestInterceptor(session::prepare);
        client.setResponseInterceptor(session::note);
        client.setReadTimeout(Duration.ofSeconds(10));
    }

    /** The first page of a hundred records. */
    SyncRecordPage list(String projectId, String clusterId) throws ServiceFailure {
        try {
            var page = new IdentitySourcesApi(client).listSyncRecords(projectId, clusterId, 0, 100);
            if (page == null) {
                throw session.failure(null, this::codeIn, null);
            }
            return page;
        } catch (ApiException failure) {
            throw session.failure(failure.getResponseBody(), this::codeIn, failure);
        }
    }

    private String codeIn(String body) throws JsonProcessingException {
        return client.getObjectMapper().readValue(body, ErrorResponse.class).getErrorCode();
    }

    /** Every field of the answer, by its name on the wire. */
    static Map<String, Object> fields(SyncRecordPage page) {
        var records = page.getSyncRecords();
        var fields = new LinkedHashMap<String, Object>();
        fields.put("count", page.getCount());
        fields.put("sync_records", records == null ? null : records.stream().map(Records::fields).toList());
        return fields;
    }

    private static Map<String, Object> fields(IdentitySourceSyncRecordVo record) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("id", record.getId());
        fields.put("identity_source_id", record.getIdentitySourceId());
        fields.put("identity_source_type", record.getIdentitySourceType());
        fields.put("start_time", record.getStartTime());
        fields.put("end_time", record.getEndTime());
        fields.put("add_count", record.getAddCount());
        fields.put("update_count", record.getUpdateCount());
        fields.put("delete_count", record.getDeleteCount());
        fields.put("failed_count", record.getFailedCount());
        fields.put("status", record.getStatus());
        fields.put("fail_reason", record.getFailReason());
        return fields;
    }
}
