package main

import (
	"cmp"
	"context"

	"polyglot/clients/mrs"
)

// readStatus asks whether an MRS cluster is copying IAM users now. A flag that is nil means that the service did not tell.
func readStatus(ctx context.Context, url, token, projectID, clusterID string) (*mrs.IamSyncStatus, error) {
	client, err := mrs.NewClient(url, mrs.WithHTTPClient(transport), mrs.WithRequestEditorFn(withToken(token)))
	if err != nil {
		return nil, err
	}
	response, err := client.ListClusterSyncTaskStatus(ctx, projectID, clusterID)
	if err != nil {
		return nil, err
	}
	// Sending and parsing in two steps: the method that does both loses the status of a body that it cannot parse.
	parsed, err := mrs.ParseListClusterSyncTaskStatusResponse(response)
	if err != nil {
		return nil, &ServiceFailure{Status: response.StatusCode, Cause: err}
	}
	if parsed.JSON200 == nil {
		refusal := cmp.Or(parsed.JSON400, parsed.JSON401, parsed.JSON403, parsed.JSON417, parsed.JSON4XX, parsed.JSON500,
			&mrs.ErrorResponse{})
		return nil, &ServiceFailure{Status: parsed.StatusCode(), Code: refusal.ErrorCode}
	}
	return parsed.JSON200, nil
}

// statusFields gives every field of the answer, by its name on the wire.
func statusFields(status *mrs.IamSyncStatus) object {
	return object{"is_synchronizing": status.IsSynchronizing}
}
