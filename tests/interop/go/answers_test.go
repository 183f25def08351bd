package interop

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"reflect"
	"testing"

	"emulator"
)

var ready emulator.Ready

// table is the content of ../cases.json.
var table struct {
	Successes []map[string]json.RawMessage `json:"successes"`
	Failures  []struct {
		Name        string  `json:"name"`
		Status      int     `json:"status"`
		ContentType string  `json:"content_type"`
		Body        string  `json:"body"`
		Code        *string `json:"code"`
	} `json:"failures"`
}

func TestMain(m *testing.M) {
	os.Exit(emulator.Run(&ready, "../cases.json", &table, m.Run))
}

func call(t *testing.T, operation, token string) (any, error) {
	switch operation {
	case "tasks":
		return listTasks(t.Context(), ready.URL, token, ready.ProjectID, ready.Workspace)
	case "records":
		return listRecords(t.Context(), ready.URL, token, ready.ProjectID, ready.Clusters.DWS[0])
	default:
		return readStatus(t.Context(), ready.URL, token, ready.ProjectID, ready.Clusters.MRS[0])
	}
}

// answer makes the emulator answer each call of the operation like this; with status 0, as it is.
func answer(t *testing.T, operation string, status int, contentType, body string) {
	send(t, http.MethodDelete, "/_emulator/faults", nil)
	if status != 0 {
		send(t, http.MethodPost, "/_emulator/faults", map[string]any{
			"operation": operation, "kind": "status", "status": status, "body": body,
			"content_type": cmp.Or(contentType, "application/json"),
		})
	}
}

func send(t *testing.T, method, path string, body any) http.Header {
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequest(method, ready.URL+path, bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	response, err := transport.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode >= 300 {
		t.Fatal(method, path, response.Status)
	}
	return response.Header
}

// text gives a string of the table as its content, and any other value as it is written.
func text(value json.RawMessage) string {
	var content string
	if json.Unmarshal(value, &content) == nil {
		return content
	}
	return string(value)
}

func parsed(t *testing.T, text string) any {
	value, err := emulator.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return value
}

func TestEveryFieldOfASuccessIsRead(t *testing.T) {
	for _, row := range table.Successes {
		expected := row
		if typed, ok := row["typed"]; ok {
			if err := json.Unmarshal(typed, &expected); err != nil {
				t.Fatal(err)
			}
		}
		for _, operation := range emulator.Operations {
			if body, ok := row[operation]; ok {
				t.Run(text(row["name"])+"/"+operation, func(t *testing.T) {
					answer(t, operation, 200, text(row["content_type"]), text(body))
					read, err := call(t, operation, ready.Token)
					if err != nil {
						t.Fatal(err)
					}
					model, err := json.Marshal(read)
					if err != nil {
						t.Fatal(err)
					}
					if want := parsed(t, text(expected[operation])); !reflect.DeepEqual(parsed(t, string(model)), want) {
						t.Errorf("read %s, want %v", model, want)
					}
				})
			}
		}
	}
}

func TestAFailureHasItsStatusAndCode(t *testing.T) {
	for _, row := range table.Failures {
		for _, operation := range emulator.Operations {
			t.Run(row.Name+"/"+operation, func(t *testing.T) {
				answer(t, operation, row.Status, row.ContentType, row.Body)
				_, err := call(t, operation, ready.Token)
				expectFailure(t, err, row.Status, row.Code)
			})
		}
	}
}

func expectFailure(t *testing.T, err error, status int, code *string) {
	var failure *ServiceError
	if !errors.As(err, &failure) {
		t.Fatalf("not a failure: %v", err)
	}
	if failure.Status != status || !reflect.DeepEqual(failure.Code, code) {
		t.Errorf("%v, want status %d and code %v", failure, status, code)
	}
}

func TestTokensOfTheReadyLineAndOfALoginGetAnswers(t *testing.T) {
	user := map[string]any{
		"name": "demo-operator", "password": "Emulator-Passw0rd", "domain": map[string]any{"name": "demo-company"},
	}
	login := map[string]any{"auth": map[string]any{
		"identity": map[string]any{"methods": []string{"password"}, "password": map[string]any{"user": user}},
		"scope":    map[string]any{"project": map[string]any{"id": ready.ProjectID}},
	}}
	issued := send(t, http.MethodPost, "/v3/auth/tokens", login).Get("X-Subject-Token")
	for _, operation := range emulator.Operations {
		for _, token := range []string{ready.Token, issued} {
			answer(t, operation, 0, "", "")
			if read, err := call(t, operation, token); err != nil {
				t.Error(operation, read, err)
			}
		}
	}
}

func TestAWrongTokenIsRefusedWithTheCodeOfTheGateway(t *testing.T) {
	for _, operation := range emulator.Operations {
		answer(t, operation, 0, "", "")
		_, err := call(t, operation, "not-a-token")
		expectFailure(t, err, 401, new("APIGW.0307"))
	}
}
