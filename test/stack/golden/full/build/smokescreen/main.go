// Smokescreen with one role for whoever asks: clients of a plain proxy show no certificate to tell them apart by.
package main

import (
	"log"
	"net/http"

	"github.com/sirupsen/logrus"
	"github.com/stripe/smokescreen/cmd"
	"github.com/stripe/smokescreen/pkg/smokescreen"
)

func main() {
	config, err := cmd.NewConfiguration(nil, nil)
	if err != nil {
		log.Fatalf("smokescreen: %v", err)
	}
	if config == nil { // --help and --version have been answered
		return
	}
	config.RoleFromRequest = func(*http.Request) (string, error) { return "default", nil }
	config.Log.Formatter = &logrus.JSONFormatter{}
	smokescreen.StartWithConfig(config, nil)
}
