package interop

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"reflect"
	"testing"
)

var operations = []string{"tasks", "records", "syncing"}

// ready is the ready line of the emulator.
var ready struct {
	URL       string `json:"url"`
	ProjectID string `json:"project_id"`
	Workspace string `json:"workspace"`
	Token     string `json:"token"`
	Clusters  struct {
		DWS []string `json:"dws"`
		MRS []string `json:"mrs"`
	} `json:"clusters"`
}

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
	os.Exit(withEmulator(m.Run))
}

func withEmulator(run func() int) int {
	program := cmp.Or(os.Getenv("IDSYNC_BIN"), "../../../target/debug/idsync")
	emulator := exec.Command(program, "emulator", "--quiet")
	output, err := emulator.StdoutPipe()
	if err == nil {
		err = emulator.Start()
	}
	if err == nil {
		defer emulator.Process.Kill()
		err = json.NewDecoder(output).Decode(&ready)
	}
	if err == nil {
		err = readTable()
	}
	if err != nil {
		fmt.Println("the suite cannot start:", err)
		return 1
	}
	return run()
}

func readTable() error {
	text, err := os.ReadFile("../cases.json")
	if err != nil {
		return err
	}
	return json.Unmarshal(text, &table)
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

// parsed gives a JSON text without its nulls, with numbers as they are written.
func parsed(t *testing.T, text string) any {
	decoder := json.NewDecoder(bytes.NewReader([]byte(text)))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		t.Fatal(err)
	}
	return withoutNulls(value)
}

func withoutNulls(value any) any {
	switch value := value.(type) {
	case map[string]any:
		for name, field := range value {
			if value[name] = withoutNulls(field); field == nil {
				delete(value, name)
			}
		}
	case []any:
		for index, item := range value {
			value[index] = withoutNulls(item)
		}
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
		for _, operation := range operations {
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
		for _, operation := range operations {
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
	for _, operation := range operations {
		for _, token := range []string{ready.Token, issued} {
			answer(t, operation, 0, "", "")
			if read, err := call(t, operation, token); err != nil {
				t.Error(operation, read, err)
			}
		}
	}
}

func TestAWrongTokenIsRefusedWithTheCodeOfTheGateway(t *testing.T) {
	for _, operation := range operations {
		answer(t, operation, 0, "", "")
		_, err := call(t, operation, "not-a-token")
		expectFailure(t, err, 401, new("APIGW.0307"))
	}
}
