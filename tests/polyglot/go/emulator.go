package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
)

type object = map[string]any

// identity is the emulator's only user. The password opens nothing else.
var identity = object{
	"methods": []string{"password"},
	"password": object{
		"user": object{"name": "demo-operator", "password": "Emulator-Passw0rd", "domain": object{"name": "demo-company"}},
	},
}

// obtainToken gets a token for the project, as IAM issues it: in a header of the answer.
func obtainToken(url, projectID string) (string, error) {
	scope := object{"project": object{"id": projectID}}
	header, err := send(http.MethodPost, url+"/v3/auth/tokens", object{"auth": object{"identity": identity, "scope": scope}})
	return header.Get("X-Subject-Token"), err
}

// script lets the next calls meet with this fault, and with none that was set before.
func script(url string, fault json.RawMessage) error {
	if _, err := send(http.MethodDelete, url+"/_emulator/faults", nil); err != nil {
		return err
	}
	if string(fault) == "null" {
		return nil
	}
	_, err := send(http.MethodPost, url+"/_emulator/faults", fault)
	return err
}

func send(method, url string, body any) (http.Header, error) {
	text, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequest(method, url, bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	response, err := transport.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	said, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode >= 300 {
		err = fmt.Errorf("%s %s: %s: %s", method, url, response.Status, said)
	}
	return response.Header, err
}
