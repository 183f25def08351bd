package polyglot;

import clients.dataarts.ApiClient;
import clients.dataarts.ApiException;
import clients.dataarts.api.UserSynchronizationApi;
import clients.dataarts.model.ErrorResponse;
import clients.dataarts.model.MemberSyncTask;
import clients.dataarts.model.MemberSyncTaskPage;
import clients.dataarts.model.TaskOrderBy;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** DataArts Studio: the user synchronization tasks of a workspace. */
final class Tasks {
    private final ApiClient client = new ApiClient();
    private final Session session;

    Tasks(String url, String token) {
        session = new Session(token);
        client.updateBaseUri(url);
        client.setRequestInterceptor(session::prepare);
        client.setResponseInterceptor(session::note);
        client.setReadTimeout(Duration.ofSeconds(10));
    }

    /** The first fifty tasks, latest run first. */
    MemberSyncTaskPage list(String projectId, String workspace) throws ServiceFailure {
        try {
            var page = new UserSynchronizationApi(client).listSecurityMemberSyncTasks(
                    projectId, workspace, 50, 0, null, null, null, null, TaskOrderBy.SYNC_TIME, false);
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
    static Map<String, Object> fields(MemberSyncTaskPage page) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("total", page.getTotal());
        fields.put("tasks", page.getTasks() == null ? null : page.getTasks().stream().map(Tasks::fields).toList());
        return fields;
    }

    private static Map<String, Object> fields(MemberSyncTask task) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("id", task.getId());
        fields.put("project_id", task.getProjectId());
        fields.put("domain_id", task.getDomainId());
        fields.put("instance_id", task.getInstanceId());
        fields.put("data_connection_workspace", task.getDataConnectionWorkspace());
        fields.put("cluster_type", task.getClusterType());
        fields.put("data_connection_id", task.getDataConnectionId());
        fields.put("data_connection_name", task.getDataConnectionName());
        fields.put("cluster_id", task.getClusterId());
        fields.put("cluster_name", task.getClusterName());
        fields.put("schedule_start_hour", task.getScheduleStartHour());
        fields.put("schedule_end_hour", task.getScheduleEndHour());
        fields.put("schedule_period", task.getSchedulePeriod());
        fields.put("schedule_interval", task.getScheduleInterval());
        fields.put("schedule_status", task.getScheduleStatus());
        fields.put("sync_status", task.getSyncStatus());
        fields.put("sync_msg", task.getSyncMsg());
        fields.put("sync_time", task.getSyncTime());
        fields.put("create_time", task.getCreateTime());
        fields.put("create_user", task.getCreateUser());
        fields.put("update_time", task.getUpdateTime());
        fields.put("update_user", task.getUpdateUser());
        return fields;
    }
}
