// Package emulator starts the emulator for suites in Go.
package emulator

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
)

// Operations are the names of the three operations in lists of faults.
var Operations = []string{"tasks", "records", "syncing"}

// Ready is the ready line of the emulator.
type Ready struct {
	URL       string `json:"url"`
	Region    string `json:"region"`
	ProjectID string `json:"project_id"`
	Workspace string `json:"workspace"`
	Token     string `json:"token"`
	AK        string `json:"ak"`
	SK        string `json:"sk"`
	Clusters  struct {
		DWS []string `json:"dws"`
		MRS []string `json:"mrs"`
	} `json:"clusters"`
}

// Run starts an emulator, reads the file of cases, and gives what run gives. It fills ready and cases before.
func Run(ready *Ready, file string, cases any, run func() int) int {
	text, err := os.ReadFile(file)
	if err == nil {
		err = json.Unmarshal(text, cases)
	}
	program := cmp.Or(os.Getenv("IDSYNC_BIN"), "../../../target/debug/idsync")
	process := exec.Command(program, "emulator", "--quiet")
	output, pipe := process.StdoutPipe()
	if err = cmp.Or(err, pipe); err == nil {
		err = process.Start()
	}
	if err == nil {
		defer process.Process.Kill()
		err = json.NewDecoder(output).Decode(ready)
	}
	if err != nil {
		fmt.Println("the suite cannot start:", err)
		return 1
	}
	return run()
}

// Parse gives a JSON text without its nulls, with numbers as they are written.
func Parse(text []byte) (any, error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var value any
	err := decoder.Decode(&value)
	return withoutNulls(value), err
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
