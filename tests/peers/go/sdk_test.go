package peers

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"emulator"

	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/sdkerr"
)

var ready emulator.Ready

// cases is the content of ../cases.json.
var cases struct {
	Answers  map[string][]map[string]any `json:"answers"`
	Refusals map[string][]struct {
		Parameters map[string]any `json:"parameters"`
		Code       string         `json:"code"`
		Message    string         `json:"message"`
	} `json:"refusals"`
}

// TestMain stops the clock of the emulator, so that its data stays.
func TestMain(m *testing.M) {
	os.Exit(emulator.Run(&ready, "../cases.json", &cases, func() int {
		if _, err := ask(http.MethodPut, "/_emulator/clock", nil, `{"running": false}`); err != nil {
			fmt.Println(err)
			return 1
		}
		return m.Run()
	}))
}

// ask sends a plain request and gives the body of its success.
func ask(method, target string, headers map[string]string, body string) ([]byte, error) {
	request, err := http.NewRequest(method, ready.URL+target, strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	for name, value := range headers {
		request.Header.Set(name, value)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode >= 300 {
		err = fmt.Errorf("%s %s: %s: %s", method, target, response.Status, answer)
	}
	return answer, err
}

func ordinary(operation string) call {
	c := call{operation: operation, endpoint: ready.URL, ak: ready.AK, sk: ready.SK, project: ready.ProjectID}
	switch operation {
	case "tasks":
		c.parameters = map[string]any{"workspace": ready.Workspace}
	case "records":
		c.parameters = map[string]any{"cluster_id": ready.Clusters.DWS[0]}
	default:
		c.parameters = map[string]any{"cluster_id": ready.Clusters.MRS[0]}
	}
	return c
}

func with(c call, parameters map[string]any) call {
	for name, value := range parameters {
		c.parameters[name] = value
	}
	return c
}

// expectAnswer holds the answer of the SDK against that of a plain request with a token.
func expectAnswer(t *testing.T, c call, parameters map[string]any) {
	t.Helper()
	answer, err := with(c, parameters).send()
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(answer)
	if err != nil {
		t.Fatal(err)
	}
	query := url.Values{}
	for name, value := range parameters {
		query.Set(name, fmt.Sprint(value))
	}
	target := map[string]string{
		"tasks":   "/v1/%s/security/member-sync-tasks?",
		"records": "/v1/%s/clusters/" + ready.Clusters.DWS[0] + "/db-manager/sync-records?",
		"syncing": "/v2/%s/clusters/" + ready.Clusters.MRS[0] + "/iam-sync?",
	}[c.operation]
	headers := map[string]string{"X-Auth-Token": ready.Token, "workspace": ready.Workspace}
	plain, err := ask(http.MethodGet, fmt.Sprintf(target, ready.ProjectID)+query.Encode(), headers, "")
	if err != nil {
		t.Fatal(err)
	}
	got, err := emulator.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	want, err := emulator.Parse(plain)
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%v with the SDK, %v with a token: %v", got, want, err)
	}
}

func expectRefusal(t *testing.T, c call, status int, code, message string) {
	t.Helper()
	_, err := c.send()
	var refusal *sdkerr.ServiceResponseError
	if !errors.As(err, &refusal) {
		t.Fatalf("not refused by the service: %v", err)
	}
	hasID := regexp.MustCompile("^[0-9a-f]{32}$").MatchString(refusal.RequestId)
	if refusal.StatusCode != status || refusal.ErrorCode != code || !hasID ||
		!strings.Contains(refusal.ErrorMessage, message) {
		t.Errorf("refused with %v, want status %d, code %s and %q", refusal, status, code, message)
	}
}

func TestTheSDKGetsWhatAPlainRequestGets(t *testing.T) {
	for _, operation := range emulator.Operations {
		for _, parameters := range cases.Answers[operation] {
			t.Run(fmt.Sprint(operation, parameters), func(t *testing.T) {
				expectAnswer(t, ordinary(operation), parameters)
			})
		}
	}
}

func TestARefusalOfTheServiceComesWithItsCode(t *testing.T) {
	for _, operation := range emulator.Operations {
		for _, row := range cases.Refusals[operation] {
			t.Run(fmt.Sprint(operation, row.Parameters), func(t *testing.T) {
				expectRefusal(t, with(ordinary(operation), row.Parameters), 400, row.Code, row.Message)
			})
		}
	}
}

func TestAWrongKeyIsRefused(t *testing.T) {
	for _, operation := range emulator.Operations {
		wrong, unknown, foreign := ordinary(operation), ordinary(operation), ordinary(operation)
		wrong.sk, unknown.ak, foreign.project = "wrong", "NOBODY", strings.Repeat("0", 32)
		expectRefusal(t, wrong, 401, "APIGW.0301", "verify aksk signature fail")
		expectRefusal(t, unknown, 401, "APIGW.0301", "ak not exist")
		expectRefusal(t, foreign, 403, "APIGW.0302", "project")
	}
}

func TestASignatureIsGoodForFifteenMinutes(t *testing.T) {
	for _, operation := range emulator.Operations {
		for _, minutes := range []int{-16, -14, 14, 16} {
			c := ordinary(operation)
			date := time.Now().UTC().Add(time.Duration(minutes) * time.Minute).Format("20060102T150405Z")
			c.headers = map[string]string{"X-Sdk-Date": date}
			if minutes*minutes > 15*15 {
				expectRefusal(t, c, 401, "APIGW.0301", "signature expired")
			} else {
				expectAnswer(t, c, nil)
			}
		}
	}
}

func TestATemporaryKeyNeedsItsSecurityToken(t *testing.T) {
	ttl := map[string]string{"X-Metadata-Token-Ttl-Seconds": "60"}
	token, err := ask(http.MethodPut, "/meta-data/latest/api/token", ttl, "")
	if err != nil {
		t.Fatal(err)
	}
	proof := map[string]string{"X-Metadata-Token": string(token)}
	answer, err := ask(http.MethodGet, "/openstack/latest/securitykey", proof, "")
	if err != nil {
		t.Fatal(err)
	}
	var key struct {
		Credential struct{ Access, Secret, Securitytoken string }
	}
	if err := json.Unmarshal(answer, &key); err != nil {
		t.Fatal(err)
	}
	for _, operation := range emulator.Operations {
		c := ordinary(operation)
		c.ak, c.sk = key.Credential.Access, key.Credential.Secret
		expectRefusal(t, c, 401, "APIGW.0301", "X-Security-Token")
		c.security = "another"
		expectRefusal(t, c, 401, "APIGW.0301", "X-Security-Token")
		c.security = key.Credential.Securitytoken
		expectAnswer(t, c, nil)
	}
}

func TestTheSDKFindsEndpointAndProjectByTheRegion(t *testing.T) {
	for _, service := range []string{"DATAARTSSTUDIO", "DWS", "MRS"} {
		region := strings.ReplaceAll(strings.ToUpper(ready.Region), "-", "_")
		t.Setenv("HUAWEICLOUD_SDK_REGION_"+service+"_"+region, ready.URL)
	}
	for _, operation := range emulator.Operations {
		c := ordinary(operation)
		c.endpoint, c.project, c.region, c.iam = "", "", ready.Region, ready.URL
		expectAnswer(t, c, nil)
	}
}
