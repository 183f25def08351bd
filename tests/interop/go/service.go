// Package interop calls the three operations with the generated clients, as an application would write it.
package interop

//go:generate go tool oapi-codegen -generate types,client -package studio -o clients/studio/client.go ../../../openapi/dataarts-studio.yaml
//go:generate go tool oapi-codegen -generate types,client -package dws -o clients/dws/client.go ../../../openapi/dws.yaml
//go:generate go tool oapi-codegen -generate types,client -package mrs -o clients/mrs/client.go ../../../openapi/mrs.yaml

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"time"

	"interop/clients/dws"
	"interop/clients/mrs"
	"interop/clients/studio"
)

// transport is shared by the clients of the three services, with its time limit and its connections.
var transport = &http.Client{Timeout: 10 * time.Second}

// ServiceError is an answer that is not a success.
type ServiceError struct {
	Status int
	// Code is nil if the body is not an error of the service, such as a page of a proxy.
	Code *string
	// Cause says why the body could not be read, if it could not.
	Cause error
}

func (e *ServiceError) Error() string {
	return fmt.Sprintf("status %d, error code %v, cause %v", e.Status, e.Code, e.Cause)
}

func (e *ServiceError) Unwrap() error { return e.Cause }

// withToken sets the token in a header of its own, without a prefix.
func withToken(token string) func(context.Context, *http.Request) error {
	return func(_ context.Context, request *http.Request) error {
		request.Header.Set("X-Auth-Token", token)
		return nil
	}
}

// listTasks reads the first 50 tasks of a workspace, latest run first.
func listTasks(ctx context.Context, url, token, projectID, workspace string) (*studio.MemberSyncTaskPage, error) {
	client, err := studio.NewClient(url, studio.WithHTTPClient(transport), studio.WithRequestEditorFn(withToken(token)))
	if err != nil {
		return nil, err
	}
	response, err := client.ListSecurityMemberSyncTasks(ctx, projectID, &studio.ListSecurityMemberSyncTasksParams{
		Workspace:  workspace,
		Limit:      new(int32(50)),
		Offset:     new(int32(0)),
		OrderBy:    new(studio.SYNCTIME),
		OrderByAsc: new(false),
	})
	if err != nil {
		return nil, err
	}
	// Sending and parsing in two steps: the method that does both loses the status of a body that it cannot parse.
	parsed, err := studio.ParseListSecurityMemberSyncTasksResponse(response)
	if err != nil {
		return nil, &ServiceError{Status: response.StatusCode, Cause: err}
	}
	if parsed.JSON200 == nil {
		body := cmp.Or(parsed.JSON400, parsed.JSON401, parsed.JSON403, parsed.JSON404, parsed.JSON417, parsed.JSON429,
			parsed.JSON4XX, parsed.JSON500,
			&studio.ErrorResponse{})
		return nil, &ServiceError{Status: parsed.StatusCode(), Code: body.ErrorCode}
	}
	return parsed.JSON200, nil
}

// listRecords reads the first 100 records of a DWS cluster.
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
	parsed, err := dws.ParseListSyncRecordsResponse(response)
	if err != nil {
		return nil, &ServiceError{Status: response.StatusCode, Cause: err}
	}
	if parsed.JSON200 == nil {
		body := cmp.Or(parsed.JSON400, parsed.JSON401, parsed.JSON403, parsed.JSON404, parsed.JSON417, parsed.JSON429,
			parsed.JSON4XX, parsed.JSON500,
			&dws.ErrorResponse{})
		return nil, &ServiceError{Status: parsed.StatusCode(), Code: body.ErrorCode}
	}
	return parsed.JSON200, nil
}

// readStatus reads whether an MRS cluster synchronizes IAM users now. A flag that is nil is not known.
func readStatus(ctx context.Context, url, token, projectID, clusterID string) (*mrs.IamSyncStatus, error) {
	client, err := mrs.NewClient(url, mrs.WithHTTPClient(transport), mrs.WithRequestEditorFn(withToken(token)))
	if err != nil {
		return nil, err
	}
	response, err := client.ListClusterSyncTaskStatus(ctx, projectID, clusterID)
	if err != nil {
		return nil, err
	}
	parsed, err := mrs.ParseListClusterSyncTaskStatusResponse(response)
	if err != nil {
		return nil, &ServiceError{Status: response.StatusCode, Cause: err}
	}
	if parsed.JSON200 == nil {
		body := cmp.Or(parsed.JSON400, parsed.JSON401, parsed.JSON403, parsed.JSON404, parsed.JSON417, parsed.JSON429,
			parsed.JSON4XX, parsed.JSON500,
			&mrs.ErrorResponse{})
		return nil, &ServiceError{Status: parsed.StatusCode(), Code: body.ErrorCode}
	}
	return parsed.JSON200, nil
}
