// Package kubernetes decodes the objects of deploy/kubernetes as the API server does, and checks what it cannot see: that
// they refer to each other.
package kubernetes

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer/json"
	"k8s.io/apimachinery/pkg/util/yaml"
)

const folder = "../../deploy/kubernetes"

func decoder(t *testing.T) runtime.Decoder {
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{
		corev1.AddToScheme, appsv1.AddToScheme, batchv1.AddToScheme, networkingv1.AddToScheme,
	} {
		if err := add(scheme); err != nil {
			t.Fatal(err)
		}
	}
	return json.NewSerializerWithOptions(json.DefaultMetaFactory, scheme, scheme, json.SerializerOptions{Yaml: true, Strict: true})
}

// decode reads the objects of a file. A field that a kind does not have, or that comes twice, is an error.
func decode(t *testing.T, text []byte) ([]runtime.Object, error) {
	strict := decoder(t)
	documents := yaml.NewDocumentDecoder(io.NopCloser(bytes.NewReader(text)))
	defer documents.Close()
	var objects []runtime.Object
	buffer := make([]byte, len(text)+1)
	for {
		length, err := documents.Read(buffer)
		if err == io.EOF {
			return objects, nil
		}
		if err != nil {
			return nil, err
		}
		object, _, err := strict.Decode(buffer[:length], nil, nil)
		if err != nil {
			return nil, err
		}
		objects = append(objects, object)
	}
}

func files(t *testing.T) map[string][]byte {
	paths, err := filepath.Glob(filepath.Join(folder, "*.yaml"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no files: %v", err)
	}
	texts := map[string][]byte{}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		texts[filepath.Base(path)] = text
	}
	return texts
}

// pods has the template of the pods of each workload, by the name of the workload.
func pods(objects []runtime.Object) map[string]corev1.PodTemplateSpec {
	templates := map[string]corev1.PodTemplateSpec{}
	for _, object := range objects {
		switch workload := object.(type) {
		case *appsv1.Deployment:
			templates[workload.Name] = workload.Spec.Template
		case *batchv1.CronJob:
			templates[workload.Name] = workload.Spec.JobTemplate.Spec.Template
		}
	}
	return templates
}

func TestEveryObjectIsAsTheAPIDefinesIt(t *testing.T) {
	for name, text := range files(t) {
		objects, err := decode(t, text)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, object := range objects {
			if _, ok := object.(*corev1.Secret); ok {
				t.Errorf("%s has a secret", name)
			}
		}
	}
}

func TestAMisspelledFieldIsRefused(t *testing.T) {
	for name, text := range files(t) {
		for _, change := range [][2]string{
			{"readOnlyRootFilesystem:", "readonlyRootFilesystem:"},
			{"policyTypes:", "policies:"},
			{"app: idsync}", "app: idsync, app: idsync}"},
		} {
			wrong := strings.Replace(string(text), change[0], change[1], 1)
			if wrong == string(text) {
				t.Fatalf("%s lacks %q", name, change[0])
			}
			if _, err := decode(t, []byte(wrong)); err == nil {
				t.Errorf("%s: %q is accepted", name, change[1])
			}
		}
	}
}

func TestObjectsReferToEachOther(t *testing.T) {
	for name, text := range files(t) {
		objects, err := decode(t, text)
		if err != nil {
			t.Fatal(err)
		}
		templates := pods(objects)
		configs, claims := map[string]bool{}, map[string]bool{}
		isSelected := func(selector map[string]string) bool {
			for _, template := range templates {
				if labels.SelectorFromSet(selector).Matches(labels.Set(template.Labels)) {
					return true
				}
			}
			return false
		}
		for _, object := range objects {
			switch object := object.(type) {
			case *corev1.ConfigMap:
				configs[object.Name] = true
			case *corev1.PersistentVolumeClaim:
				claims[object.Name] = true
			case *corev1.Service:
				if !isSelected(object.Spec.Selector) {
					t.Errorf("%s: service %s selects no pod", name, object.Name)
				}
			case *networkingv1.NetworkPolicy:
				if !isSelected(object.Spec.PodSelector.MatchLabels) {
					t.Errorf("%s: policy %s selects no pod", name, object.Name)
				}
			case *appsv1.Deployment:
				if !reflect.DeepEqual(object.Spec.Selector.MatchLabels, object.Spec.Template.Labels) {
					t.Errorf("%s: deployment %s does not select its pods", name, object.Name)
				}
			}
		}
		for workload, template := range templates {
			checkVolumes(t, name+": "+workload, template.Spec, configs, claims)
			checkHardening(t, name+": "+workload, template.Spec)
		}
	}
}

func checkVolumes(t *testing.T, where string, pod corev1.PodSpec, configs, claims map[string]bool) {
	volumes := map[string]bool{}
	for _, volume := range pod.Volumes {
		volumes[volume.Name] = true
		if volume.ConfigMap != nil && !configs[volume.ConfigMap.Name] {
			t.Errorf("%s: there is no config map %s", where, volume.ConfigMap.Name)
		}
		if claim := volume.PersistentVolumeClaim; claim != nil && !claims[claim.ClaimName] {
			t.Errorf("%s: there is no claim %s", where, claim.ClaimName)
		}
	}
	for _, mount := range pod.Containers[0].VolumeMounts {
		if !volumes[mount.Name] {
			t.Errorf("%s: there is no volume %s", where, mount.Name)
		}
	}
	for _, variable := range pod.Containers[0].Env {
		if variable.Value != "" {
			t.Errorf("%s: %s has its value in the file", where, variable.Name)
		}
	}
}

// checkHardening checks what the level "restricted" of the pod security standards asks for, and a root file system that
// cannot be written.
func checkHardening(t *testing.T, where string, pod corev1.PodSpec) {
	security, container := pod.SecurityContext, pod.Containers[0].SecurityContext
	for what, holds := range map[string]bool{
		"runs as root":                       *security.RunAsNonRoot && *security.RunAsUser > 0,
		"has no profile of seccomp":          security.SeccompProfile.Type == corev1.SeccompProfileTypeRuntimeDefault,
		"can gain privileges":                !*container.AllowPrivilegeEscalation,
		"keeps capabilities":                 reflect.DeepEqual(container.Capabilities.Drop, []corev1.Capability{"ALL"}),
		"can write its root file system":     *container.ReadOnlyRootFilesystem,
		"has a token of the service account": !*pod.AutomountServiceAccountToken,
	} {
		if !holds {
			t.Errorf("%s %s", where, what)
		}
	}
}

func TestEachIndexSweepsItsShard(t *testing.T) {
	found := 0
	for name, text := range files(t) {
		objects, err := decode(t, text)
		if err != nil {
			t.Fatal(err)
		}
		for _, object := range objects {
			job, ok := object.(*batchv1.CronJob)
			if !ok {
				continue
			}
			found++
			spec := job.Spec.JobTemplate.Spec
			if spec.CompletionMode == nil || *spec.CompletionMode != batchv1.IndexedCompletion {
				t.Errorf("%s: the completion is not indexed", name)
			}
			arguments := strings.Join(spec.Template.Spec.Containers[0].Args, " ")
			shard := fmt.Sprintf("--shard=$(JOB_COMPLETION_INDEX)/%d", *spec.Completions)
			if !strings.HasPrefix(arguments, "sweep ") || !strings.Contains(arguments, shard) {
				t.Errorf("%s: %q lacks %q", name, arguments, shard)
			}
		}
	}
	if found != 1 {
		t.Errorf("%d jobs", found)
	}
}
