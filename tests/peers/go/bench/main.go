// Command bench calls one operation with the official Go SDK again and again: bench flag|records|tasks URL CALLS.
package main

import (
	"fmt"
	"os"
	"strconv"

	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/auth/basic"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/config"
	studio "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/dataartsstudio/v1"
	studiomodel "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/dataartsstudio/v1/model"
	dws "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/dws/v2"
	dwsmodel "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/dws/v2/model"
	mrs "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/mrs/v2"
	mrsmodel "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/mrs/v2/model"
)

const (
	cluster   = "5f6a7b8c-9d0e-4f1a-8b2c-3d4e5f6a7b8c"
	workspace = "f7bc8f2a0a1b2c3d4e5f60718293a4b5"
	project   = "0a1b2c3d4e5f60718293a4b5c6d7e8f9"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(arguments []string) error {
	if len(arguments) != 3 {
		return fmt.Errorf("usage: bench flag|records|tasks URL CALLS")
	}
	calls, err := strconv.Atoi(arguments[2])
	if err != nil {
		return err
	}
	call, err := operation(arguments[0], arguments[1])
	if err != nil {
		return err
	}
	for range calls {
		if err := call(); err != nil {
			return err
		}
	}
	return nil
}

func operation(name, url string) (func() error, error) {
	client := func(builder *core.HcHttpClientBuilder) (*core.HcHttpClient, error) {
		key, err := basic.NewCredentialsBuilder().WithAk("AKEXAMPLE00000000001").
			WithSk("skexample0000000000000000000000000000001").WithProjectId(project).SafeBuild()
		if err != nil {
			return nil, err
		}
		agent := config.DefaultHttpConfig().WithUserAgent("idsync-peers")
		return builder.WithEndpoint(url).WithCredential(key).WithHttpConfig(agent).SafeBuild()
	}
	switch name {
	case "flag":
		http, err := client(mrs.MrsClientBuilder())
		return func() error {
			_, err := mrs.NewMrsClient(http).ListSyncStatus(&mrsmodel.ListSyncStatusRequest{ClusterId: cluster})
			return err
		}, err
	case "records":
		http, err := client(dws.DwsClientBuilder())
		limit := int32(1000)
		return func() error {
			_, err := dws.NewDwsClient(http).ListSyncRecords(&dwsmodel.ListSyncRecordsRequest{ClusterId: cluster, Limit: &limit})
			return err
		}, err
	case "tasks":
		http, err := client(studio.DataArtsStudioClientBuilder())
		limit := int32(100)
		return func() error {
			request := &studiomodel.ListSecurityMemberSyncTasksRequest{Workspace: workspace, Limit: &limit}
			_, err := studio.NewDataArtsStudioClient(http).ListSecurityMemberSyncTasks(request)
			return err
		}, err
	}
	return nil, fmt.Errorf("there is no operation %q", name)
}
