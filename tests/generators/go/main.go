// Command generators makes one call of each operation with the clients of ogen and of openapi-generator, with default
// settings and a plain token.
package main

import (
	"context"
	"log"
	"os"
)

var (
	ctx                          = context.Background()
	url, secret                  = os.Getenv("ENDPOINT"), os.Getenv("TOKEN")
	project, workspace, dws, mrs = os.Getenv("PROJECT_ID"), os.Getenv("WORKSPACE"), os.Getenv("DWS"), os.Getenv("MRS")
)

func main() {
	calls := map[string]func() (bool, error){
		"ogen: tasks": ogenTasks, "ogen: records": ogenRecords, "ogen: status": ogenStatus,
		"go: tasks": openapiTasks, "go: records": openapiRecords, "go: status": openapiStatus,
	}
	for name, call := range calls {
		if answered, err := call(); err != nil || !answered {
			log.Fatalf("%s: answered %t: %v", name, answered, err)
		}
	}
}
