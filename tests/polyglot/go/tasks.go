package main

import (
	"cmp"
	"context"

	"polyglot/clients/dataarts_studio"
)

// listTasks reads the first fifty user synchronization tasks of a workspace, latest run first.
func listTasks(ctx context.Context, url, token, projectID, workspace string) (*dataarts_studio.MemberSyncTaskPage, error) {
	client, err := dataarts_studio.NewClient(url,
		dataarts_studio.WithHTTPClient(transport),
		dataarts_studio.WithRequestEditorFn(withToken(token)))
	if err != nil {
		return nil, err
	}
	response, err := client.ListSecurityMemberSyncTasks(ctx, projectID, &dataarts_studio.ListSecurityMemberSyncTasksParams{
		Workspace:  workspace,
		Limit:      new(int32(50)),
		Offset:     new(int32(0)),
		OrderBy:    new(dataarts_studio.SYNCTIME),
		OrderByAsc: new(false),
	})
	if err != nil {
		return nil, err
	}
	// Sending and parsing in two steps: the method that does both loses the status of a body that it cannot parse.
	parsed, err := dataarts_studio.ParseListSecurityMemberSyncTasksResponse(response)
	if err != nil {
		return nil, &ServiceFailure{Status: response.StatusCode, Cause: err}
	}
	if parsed.JSON200 == nil {
		refusal := cmp.Or(parsed.JSON400, parsed.JSON401, parsed.JSON403, parsed.JSON417, parsed.JSON4XX, parsed.JSON500,
			&dataarts_studio.ErrorResponse{})
		return nil, &ServiceFailure{Status: parsed.StatusCode(), Code: refusal.ErrorCode}
	}
	return parsed.JSON200, nil
}

// taskPageFields gives every field of the answer, by its name on the wire.
func taskPageFields(page *dataarts_studio.MemberSyncTaskPage) object {
	return object{"total": page.Total, "tasks": each(page.Tasks, taskFields)}
}

func taskFields(task dataarts_studio.MemberSyncTask) object {
	return object{
		"id":                        task.Id,
		"project_id":                task.ProjectId,
		"domain_id":                 task.DomainId,
		"instance_id":               task.InstanceId,
		"data_connection_workspace": task.DataConnectionWorkspace,
		"cluster_type":              task.ClusterType,
		"data_connection_id":        task.DataConnectionId,
		"data_connection_name":      task.DataConnectionName,
		"cluster_id":                task.ClusterId,
		"cluster_name":              task.ClusterName,
		"schedule_start_hour":       task.ScheduleStartHour,
		"schedule_end_hour":         task.ScheduleEndHour,
		"schedule_period":           task.SchedulePeriod,
		"schedule_interval":         task.ScheduleInterval,
		"schedule_status":           task.ScheduleStatus,
		"sync_status":               task.SyncStatus,
		"sync_msg":                  task.SyncMsg,
		"sync_time":                 task.SyncTime,
		"create_time":               task.CreateTime,
		"create_user":               task.CreateUser,
		"update_time":               task.UpdateTime,
		"update_user":               task.UpdateUser,
	}
}
