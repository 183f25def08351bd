package main

import (
	"cmp"
	"context"

	"polyglot/clients/dws"
)

// listRecords reads the first hundred runs in which a cluster took over users from an identity source.
func listRecords(ctx context.Context, url, token, projectID, clusterID string) (*dws.SyncRecordPage, error) {
	client, err := dws.NewClient(url, dws.WithHTTPClient(transport), dws.WithRequestEditorFn(withToken(token)))
	if err != nil {
		return nil, err
	}
	response, err := client.ListSyncRecords(ctx, projectID, clusterID, &dws.ListSyncRecordsParams{
		Offset: new(int32(0)),
		Limit:  new(int32(100)),
	})
	if err != nil {
		return nil, err
	}
	// Sending and parsing in two steps: the method that does both loses the status of a body that it cannot parse.
	parsed, err := dws.ParseListSyncRecordsResponse(response)
	if err != nil {
		return nil, &ServiceFailure{Status: response.StatusCode, Cause: err}
	}
	if parsed.JSON200 == nil {
		refusal := cmp.Or(parsed.JSON400, parsed.JSON401, parsed.JSON403, parsed.JSON417, parsed.JSON4XX, parsed.JSON500,
			&dws.ErrorResponse{})
		return nil, &ServiceFailure{Status: parsed.StatusCode(), Code: refusal.ErrorCode}
	}
	return parsed.JSON200, nil
}

// recordPageFields gives every field of the answer, by its name on the wire.
func recordPageFields(page *dws.SyncRecordPage) object {
	return object{"count": page.Count, "sync_records": each(page.SyncRecords, recordFields)}
}

func recordFields(record dws.IdentitySourceSyncRecordVo) object {
	return object{
		"id":                   record.Id,
		"identity_source_id":   record.IdentitySourceId,
		"identity_source_type": record.IdentitySourceType,
		"start_time":           record.StartTime,
		"end_time":             record.EndTime,
		"add_count":            record.AddCount,
		"update_count":         record.UpdateCount,
		"delete_count":         record.DeleteCount,
		"failed_count":         record.FailedCount,
		"status":               record.Status,
		"fail_reason":          record.FailReason,
	}
}
