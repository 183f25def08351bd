package main

import (
	"context"
	"fmt"
	"net/http"
	"time"
)

// transport is shared by the clients of the three services, so that they share its limits and its connections.
var transport = &http.Client{Timeout: 10 * time.Second}

// ServiceFailure is any answer that is not the one asked for.
type ServiceFailure struct {
	Status int
	// Code is nil if the answer was no error of the service, such as a page of a proxy.
	Code *string
	// Cause is why the body could not be read, if it could not.
	Cause error
}

func (f *ServiceFailure) Error() string {
	if f.Cause != nil {
		return fmt.Sprintf("status %d with an unreadable body: %v", f.Status, f.Cause)
	}
	if f.Code == nil {
		return fmt.Sprintf("status %d without an error code", f.Status)
	}
	return fmt.Sprintf("status %d, error code %s", f.Status, *f.Code)
}

func (f *ServiceFailure) Unwrap() error { return f.Cause }

// withToken puts the token into a header of its own, as it is.
func withToken(token string) func(context.Context, *http.Request) error {
	return func(_ context.Context, request *http.Request) error {
		request.Header.Set("X-Auth-Token", token)
		return nil
	}
}
