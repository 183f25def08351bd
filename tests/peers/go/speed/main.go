// Command speed does the work of the speed comparison with the official Go SDK; see the package idsync-speed for the job.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/auth/basic"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/config"
	dws "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/dws/v2"
	dwsmodel "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/dws/v2/model"
	mrs "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/mrs/v2"
	mrsmodel "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/mrs/v2/model"
)

const (
	page   = 1000
	atOnce = 16
)

type job struct {
	workload, url, projectID, clusterID, ak, sk string
	count                                       int
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	if len(os.Args) != 8 {
		return errors.New("usage: speed WORKLOAD URL PROJECT_ID CLUSTER_ID AK SK COUNT")
	}
	a := os.Args[1:]
	count, err := strconv.Atoi(a[6])
	if err != nil {
		return err
	}
	j := job{a[0], a[1], a[2], a[3], a[4], a[5], count}
	started := time.Now()
	items, err := j.do()
	if err != nil {
		return err
	}
	told := map[string]any{"items": items, "seconds": time.Since(started).Seconds()}
	if err := json.NewEncoder(os.Stdout).Encode(told); err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, os.Stdin)
	return err
}

func (j *job) do() (int, error) {
	switch j.workload {
	case "records":
		return j.records()
	case "syncing":
		return j.syncing(1)
	case "syncing-at-once":
		return j.syncing(atOnce)
	}
	return 0, fmt.Errorf("there is no workload %q", j.workload)
}

func (j *job) client(builder *core.HcHttpClientBuilder) (*core.HcHttpClient, error) {
	credentials, err := basic.NewCredentialsBuilder().WithAk(j.ak).WithSk(j.sk).WithProjectId(j.projectID).SafeBuild()
	if err != nil {
		return nil, err
	}
	agent := config.DefaultHttpConfig().WithUserAgent("idsync-speed")
	return builder.WithCredential(credentials).WithHttpConfig(agent).WithEndpoint(j.url).SafeBuild()
}

func (j *job) records() (int, error) {
	inner, err := j.client(dws.DwsClientBuilder())
	if err != nil {
		return 0, err
	}
	client := dws.NewDwsClient(inner)
	items, limit := 0, int32(page)
	for number := int32(0); ; number++ {
		request := &dwsmodel.ListSyncRecordsRequest{ClusterId: j.clusterID, Limit: &limit, Offset: &number}
		answer, err := client.ListSyncRecords(request)
		if err != nil {
			return 0, err
		}
		for _, record := range *answer.SyncRecords {
			if record.StartTime != nil {
				items++
			}
		}
		if len(*answer.SyncRecords) == 0 || (number+1)*page >= *answer.Count {
			return items, nil
		}
	}
}

func (j *job) syncing(workers int) (int, error) {
	inner, err := j.client(mrs.MrsClientBuilder())
	if err != nil {
		return 0, err
	}
	client := mrs.NewMrsClient(inner)
	var left, items atomic.Int64
	left.Store(int64(j.count))
	failures := make(chan error, workers)
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			for left.Add(-1) >= 0 {
				answer, err := client.ListSyncStatus(&mrsmodel.ListSyncStatusRequest{ClusterId: j.clusterID})
				if err != nil {
					failures <- err
					return
				}
				if answer.IsSynchronizing != nil {
					items.Add(1)
				}
			}
		})
	}
	group.Wait()
	close(failures)
	return int(items.Load()), <-failures
}
