// Package peers calls the three operations with the official Go SDK.
package peers

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

// call is one call with the SDK. Without an endpoint, the SDK finds it and the project by the region.
type call struct {
	operation                 string
	endpoint, region, iam     string
	ak, sk, project, security string
	headers                   map[string]string
	parameters                map[string]any
}

// send gives what the SDK made of the answer.
func (c call) send() (any, error) {
	switch c.operation {
	case "tasks":
		request := &studiomodel.ListSecurityMemberSyncTasksRequest{}
		client, err := c.client(studio.DataArtsStudioClientBuilder(), studioregion.SafeValueOf, request)
		if err != nil {
			return nil, err
		}
		invoker := studio.NewDataArtsStudioClient(client).ListSecurityMemberSyncTasksInvoker(request)
		invoker.AddHeaders(c.headers)
		return invoker.Invoke()
	case "records":
		request := &dwsmodel.ListSyncRecordsRequest{}
		client, err := c.client(dws.DwsClientBuilder(), dwsregion.SafeValueOf, request)
		if err != nil {
			return nil, err
		}
		invoker := dws.NewDwsClient(client).ListSyncRecordsInvoker(request)
		invoker.AddHeaders(c.headers)
		return invoker.Invoke()
	case "syncing":
		request := &mrsmodel.ListSyncStatusRequest{}
		client, err := c.client(mrs.MrsClientBuilder(), mrsregion.SafeValueOf, request)
		if err != nil {
			return nil, err
		}
		invoker := mrs.NewMrsClient(client).ListSyncStatusInvoker(request)
		invoker.AddHeaders(c.headers)
		return invoker.Invoke()
	}
	return nil, fmt.Errorf("there is no operation %q", c.operation)
}

// client builds the client of a service, and fills the SDK's request, whose fields have the names of the parameters.
func (c call) client(
	builder *core.HcHttpClientBuilder,
	find func(string) (*region.Region, error),
	request any,
) (*core.HcHttpClient, error) {
	parameters, err := json.Marshal(c.parameters)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(parameters, request); err != nil {
		return nil, err
	}
	key := basic.NewCredentialsBuilder().WithAk(c.ak).WithSk(c.sk).WithProjectId(c.project)
	credentials, err := key.WithSecurityToken(c.security).WithIamEndpointOverride(c.iam).SafeBuild()
	if err != nil {
		return nil, err
	}
	// A user agent of its own keeps the SDK from describing this machine.
	agent := config.DefaultHttpConfig().WithUserAgent("idsync-peers")
	builder = builder.WithCredential(credentials).WithHttpConfig(agent)
	if c.endpoint != "" {
		return builder.WithEndpoint(c.endpoint).SafeBuild()
	}
	place, err := find(c.region)
	if err != nil {
		return nil, err
	}
	return builder.WithRegion(place).SafeBuild()
}
