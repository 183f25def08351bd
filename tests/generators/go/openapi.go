package main

import (
	"context"

	apistudio "generators/clients/openapi/dataarts-studio"
	apidws "generators/clients/openapi/dws"
	apimrs "generators/clients/openapi/mrs"
)

func openapiTasks() (bool, error) {
	settings := apistudio.NewConfiguration()
	settings.Servers = apistudio.ServerConfigurations{{URL: url}}
	keys := map[string]apistudio.APIKey{"IamToken": {Key: secret}}
	ctx := context.WithValue(ctx, apistudio.ContextAPIKeys, keys)
	tasks := apistudio.NewAPIClient(settings).UserSynchronizationAPI
	page, _, err := tasks.ListSecurityMemberSyncTasks(ctx, project).Workspace(workspace).Execute()
	return len(page.GetTasks()) > 0, err
}

func openapiRecords() (bool, error) {
	settings := apidws.NewConfiguration()
	settings.Servers = apidws.ServerConfigurations{{URL: url}}
	keys := map[string]apidws.APIKey{"IamToken": {Key: secret}}
	ctx := context.WithValue(ctx, apidws.ContextAPIKeys, keys)
	page, _, err := apidws.NewAPIClient(settings).IdentitySourcesAPI.ListSyncRecords(ctx, project, dws).Execute()
	return len(page.GetSyncRecords()) > 0, err
}

func openapiStatus() (bool, error) {
	settings := apimrs.NewConfiguration()
	settings.Servers = apimrs.ServerConfigurations{{URL: url}}
	keys := map[string]apimrs.APIKey{"IamToken": {Key: secret}}
	ctx := context.WithValue(ctx, apimrs.ContextAPIKeys, keys)
	status, _, err := apimrs.NewAPIClient(settings).IAMSynchronizationAPI.ListClusterSyncTaskStatus(ctx, project, mrs).Execute()
	return status.HasIsSynchronizing(), err
}
