// Command generators makes one call of each operation with ogen's client, with default settings and a plain token.
package main

import (
	"context"
	"log"
	"os"

	studio "generators/clients/dataarts_studio"
	"generators/clients/dws"
	"generators/clients/mrs"
)

type token string

func (t token) IamToken(context.Context, studio.OperationName) (studio.IamToken, error) {
	return studio.IamToken{APIKey: string(t)}, nil
}

type dwsToken string

func (t dwsToken) IamToken(context.Context, dws.OperationName) (dws.IamToken, error) {
	return dws.IamToken{APIKey: string(t)}, nil
}

type mrsToken string

func (t mrsToken) IamToken(context.Context, mrs.OperationName) (mrs.IamToken, error) {
	return mrs.IamToken{APIKey: string(t)}, nil
}

func main() {
	url, secret, project := os.Getenv("URL"), os.Getenv("TOKEN"), os.Getenv("PROJECT_ID")
	if err := tasks(url, secret, project); err != nil {
		log.Fatal(err)
	}
	if err := records(url, secret, project); err != nil {
		log.Fatal(err)
	}
	if err := status(url, secret, project); err != nil {
		log.Fatal(err)
	}
}

func tasks(url, secret, project string) error {
	client, err := studio.NewClient(url, token(secret))
	if err != nil {
		return err
	}
	parameters := studio.ListSecurityMemberSyncTasksParams{ProjectID: project, Workspace: os.Getenv("WORKSPACE")}
	answer, err := client.ListSecurityMemberSyncTasks(context.Background(), parameters)
	if page, ok := answer.(*studio.MemberSyncTaskPageHeaders); err == nil && (!ok || len(page.Response.Tasks.Value) == 0) {
		log.Fatalf("no tasks: %v", answer)
	}
	return err
}

func records(url, secret, project string) error {
	client, err := dws.NewClient(url, dwsToken(secret))
	if err != nil {
		return err
	}
	parameters := dws.ListSyncRecordsParams{ProjectID: project, ClusterID: os.Getenv("DWS")}
	answer, err := client.ListSyncRecords(context.Background(), parameters)
	if page, ok := answer.(*dws.SyncRecordPageHeaders); err == nil && (!ok || len(page.Response.SyncRecords.Value) == 0) {
		log.Fatalf("no records: %v", answer)
	}
	return err
}

func status(url, secret, project string) error {
	client, err := mrs.NewClient(url, mrsToken(secret))
	if err != nil {
		return err
	}
	parameters := mrs.ListClusterSyncTaskStatusParams{ProjectID: project, ClusterID: os.Getenv("MRS")}
	answer, err := client.ListClusterSyncTaskStatus(context.Background(), parameters)
	if flag, ok := answer.(*mrs.IamSyncStatusHeaders); err == nil && (!ok || !flag.Response.IsSynchronizing.IsSet()) {
		log.Fatalf("no flag: %v", answer)
	}
	return err
}
