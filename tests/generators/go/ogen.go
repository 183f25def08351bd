package main

import (
	"context"

	ogenstudio "generators/clients/ogen/dataarts_studio"
	ogendws "generators/clients/ogen/dws"
	ogenmrs "generators/clients/ogen/mrs"
)

type studioToken string

func (t studioToken) IamToken(context.Context, ogenstudio.OperationName) (ogenstudio.IamToken, error) {
	return ogenstudio.IamToken{APIKey: string(t)}, nil
}

type dwsToken string

func (t dwsToken) IamToken(context.Context, ogendws.OperationName) (ogendws.IamToken, error) {
	return ogendws.IamToken{APIKey: string(t)}, nil
}

type mrsToken string

func (t mrsToken) IamToken(context.Context, ogenmrs.OperationName) (ogenmrs.IamToken, error) {
	return ogenmrs.IamToken{APIKey: string(t)}, nil
}

func ogenTasks() (bool, error) {
	client, err := ogenstudio.NewClient(url, studioToken(secret))
	if err != nil {
		return false, err
	}
	parameters := ogenstudio.ListSecurityMemberSyncTasksParams{ProjectID: project, Workspace: workspace}
	answer, err := client.ListSecurityMemberSyncTasks(ctx, parameters)
	page, ok := answer.(*ogenstudio.MemberSyncTaskPageHeaders)
	return ok && len(page.Response.Tasks.Value) > 0, err
}

func ogenRecords() (bool, error) {
	client, err := ogendws.NewClient(url, dwsToken(secret))
	if err != nil {
		return false, err
	}
	answer, err := client.ListSyncRecords(ctx, ogendws.ListSyncRecordsParams{ProjectID: project, ClusterID: dws})
	page, ok := answer.(*ogendws.SyncRecordPageHeaders)
	return ok && len(page.Response.SyncRecords.Value) > 0, err
}

func ogenStatus() (bool, error) {
	client, err := ogenmrs.NewClient(url, mrsToken(secret))
	if err != nil {
		return false, err
	}
	parameters := ogenmrs.ListClusterSyncTaskStatusParams{ProjectID: project, ClusterID: mrs}
	answer, err := client.ListClusterSyncTaskStatus(ctx, parameters)
	status, ok := answer.(*ogenmrs.IamSyncStatusHeaders)
	return ok && status.Response.IsSynchronizing.IsSet(), err
}
