// Command polyglot makes the calls that it reads from standard input, and prints what each client gave.
//
// The first line is what the emulator printed when it was ready; each further line is one call, answered with one line.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
)

type ready struct {
	URL       string `json:"url"`
	ProjectID string `json:"project_id"`
	Workspace string `json:"workspace"`
	Token     string `json:"token"`
	Clusters  struct {
		DWS []string `json:"dws"`
		MRS []string `json:"mrs"`
	} `json:"clusters"`
}

type call struct {
	Operation string          `json:"operation"`
	Token     string          `json:"token"`
	Fault     json.RawMessage `json:"fault"`
}

func main() {
	if err := drive(json.NewDecoder(os.Stdin), json.NewEncoder(os.Stdout)); err != nil {
		log.Fatal(err)
	}
}

func drive(input *json.Decoder, output *json.Encoder) error {
	var place ready
	if err := input.Decode(&place); err != nil {
		return err
	}
	issued, err := obtainToken(place.URL, place.ProjectID)
	if err != nil {
		return err
	}
	tokens := map[string]string{"ready": place.Token, "issued": issued, "wrong": "not-a-token"}
	for {
		var next call
		if err := input.Decode(&next); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		if err := script(place.URL, next.Fault); err != nil {
			return err
		}
		if err := output.Encode(outcomeOf(next.Operation, place, tokens[next.Token])); err != nil {
			return err
		}
	}
}

func outcomeOf(operation string, place ready, token string) object {
	answer, err := answerOf(operation, place, token)
	var failure *ServiceFailure
	switch {
	case errors.As(err, &failure):
		return object{"failure": object{"status": failure.Status, "code": failure.Code}}
	case err != nil:
		return object{"crash": err.Error()}
	default:
		return object{"answer": answer}
	}
}

func answerOf(operation string, place ready, token string) (object, error) {
	ctx := context.Background()
	switch operation {
	case "listSecurityMemberSyncTasks":
		page, err := listTasks(ctx, place.URL, token, place.ProjectID, place.Workspace)
		return fieldsOf(page, taskPageFields), err
	case "listSyncRecords":
		page, err := listRecords(ctx, place.URL, token, place.ProjectID, place.Clusters.DWS[0])
		return fieldsOf(page, recordPageFields), err
	case "listClusterSyncTaskStatus":
		status, err := readStatus(ctx, place.URL, token, place.ProjectID, place.Clusters.MRS[0])
		return fieldsOf(status, statusFields), err
	default:
		return nil, fmt.Errorf("no such operation: %s", operation)
	}
}

// fieldsOf is empty where a call failed.
func fieldsOf[Answer any](answer *Answer, fields func(*Answer) object) object {
	if answer == nil {
		return nil
	}
	return fields(answer)
}

// each keeps a list that is absent apart from one that is empty.
func each[Item any](items *[]Item, fields func(Item) object) []object {
	if items == nil {
		return nil
	}
	all := make([]object, 0, len(*items))
	for _, item := range *items {
		all = append(all, fields(item))
	}
	return all
}
