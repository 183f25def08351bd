// Command peer calls the emulator with the official Go SDK: calls come as JSON lines on stdin, outcomes go to stdout.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/sdkerr"
)

// call is one line of the input.
type call struct {
	Operation     string            `json:"operation"`
	Endpoint      string            `json:"endpoint"`
	IAMEndpoint   string            `json:"iam_endpoint"`
	Region        string            `json:"region"`
	ProjectID     string            `json:"project_id"`
	AK            string            `json:"ak"`
	SK            string            `json:"sk"`
	SecurityToken string            `json:"security_token"`
	Headers       map[string]string `json:"headers"`
	Parameters    json.RawMessage   `json:"parameters"`
}

// failure is what the SDK's error carries.
type failure struct {
	Class     string `json:"class"`
	Status    int    `json:"status"`
	Code      string `json:"code"`
	Message   string `json:"message"`
	RequestID string `json:"request_id"`
}

// outcome is one line of the output.
type outcome struct {
	Status int      `json:"status,omitempty"`
	Body   any      `json:"body,omitempty"`
	Error  *failure `json:"error,omitempty"`
}

func main() {
	calls := bufio.NewScanner(os.Stdin)
	calls.Buffer(nil, 1<<20)
	outcomes := json.NewEncoder(os.Stdout)
	for calls.Scan() {
		if err := outcomes.Encode(answer(calls.Bytes())); err != nil {
			fmt.Fprintln(os.Stderr, "the outcome cannot be told:", err)
			os.Exit(1)
		}
	}
}

func answer(line []byte) outcome {
	var asked call
	if err := json.Unmarshal(line, &asked); err != nil {
		return refused(err)
	}
	status, body, err := asked.send()
	if err != nil {
		return refused(err)
	}
	return outcome{Status: status, Body: body}
}

func refused(err error) outcome {
	told := failure{Class: fmt.Sprintf("%T", err), Message: err.Error()}
	var service *sdkerr.ServiceResponseError
	if errors.As(err, &service) {
		told.Status = service.StatusCode
		told.Code = service.ErrorCode
		told.Message = service.ErrorMessage
		told.RequestID = service.RequestId
	}
	return outcome{Error: &told}
}
