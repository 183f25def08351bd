package main

import (
	"encoding/json"
	"fmt"

	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/auth/basic"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/config"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/region"
	studio "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/dataartsstudio/v1"
	studiomodel "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/dataartsstudio/v1/model"
	studioregion "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/dataartsstudio/v1/region"
	dws "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/dws/v2"
	dwsmodel "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/dws/v2/model"
	dwsregion "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/dws/v2/region"
	mrs "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/mrs/v2"
	mrsmodel "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/mrs/v2/model"
	mrsregion "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/mrs/v2/region"
)

// send makes the call with the client of its service; it gives the status and what the SDK made of the body.
func (c *call) send() (int, any, error) {
	switch c.Operation {
	case "tasks":
		return c.tasks()
	case "records":
		return c.records()
	case "syncing":
		return c.syncing()
	}
	return 0, nil, fmt.Errorf("there is no operation %q", c.Operation)
}

func (c *call) tasks() (int, any, error) {
	client, err := c.client(studio.DataArtsStudioClientBuilder(), studioregion.SafeValueOf)
	if err != nil {
		return 0, nil, err
	}
	request := &studiomodel.ListSecurityMemberSyncTasksRequest{}
	if err := c.fill(request); err != nil {
		return 0, nil, err
	}
	invoker := studio.NewDataArtsStudioClient(client).ListSecurityMemberSyncTasksInvoker(request)
	invoker.AddHeaders(c.Headers)
	response, err := invoker.Invoke()
	if err != nil {
		return 0, nil, err
	}
	return response.HttpStatusCode, response, nil
}

func (c *call) records() (int, any, error) {
	client, err := c.client(dws.DwsClientBuilder(), dwsregion.SafeValueOf)
	if err != nil {
		return 0, nil, err
	}
	request := &dwsmodel.ListSyncRecordsRequest{}
	if err := c.fill(request); err != nil {
		return 0, nil, err
	}
	invoker := dws.NewDwsClient(client).ListSyncRecordsInvoker(request)
	invoker.AddHeaders(c.Headers)
	response, err := invoker.Invoke()
	if err != nil {
		return 0, nil, err
	}
	return response.HttpStatusCode, response, nil
}

func (c *call) syncing() (int, any, error) {
	client, err := c.client(mrs.MrsClientBuilder(), mrsregion.SafeValueOf)
	if err != nil {
		return 0, nil, err
	}
	request := &mrsmodel.ListSyncStatusRequest{}
	if err := c.fill(request); err != nil {
		return 0, nil, err
	}
	invoker := mrs.NewMrsClient(client).ListSyncStatusInvoker(request)
	invoker.AddHeaders(c.Headers)
	response, err := invoker.Invoke()
	if err != nil {
		return 0, nil, err
	}
	return response.HttpStatusCode, response, nil
}

// client builds the client of a service at the endpoint of the call or, without one, at that of its region.
func (c *call) client(
	builder *core.HcHttpClientBuilder,
	find func(string) (*region.Region, error),
) (*core.HcHttpClient, error) {
	key := basic.NewCredentialsBuilder().WithAk(c.AK).WithSk(c.SK).WithProjectId(c.ProjectID)
	key = key.WithSecurityToken(c.SecurityToken).WithIamEndpointOverride(c.IAMEndpoint)
	credentials, err := key.SafeBuild()
	if err != nil {
		return nil, err
	}
	// A user agent of its own keeps the SDK from describing this machine.
	agent := config.DefaultHttpConfig().WithUserAgent("idsync-peers")
	builder = builder.WithCredential(credentials).WithHttpConfig(agent)
	if c.Endpoint != "" {
		return builder.WithEndpoint(c.Endpoint).SafeBuild()
	}
	place, err := find(c.Region)
	if err != nil {
		return nil, err
	}
	return builder.WithRegion(place).SafeBuild()
}

// fill sets the fields of the SDK's request from the parameters, which have the same names.
func (c *call) fill(request any) error {
	if len(c.Parameters) == 0 {
		return nil
	}
	return json.Unmarshal(c.Parameters, request)
}
