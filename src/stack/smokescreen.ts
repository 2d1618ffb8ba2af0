// The egress proxy's image, built from a pinned commit: nobody publishes one, and a copy of somebody's could do anything.
import type { Server } from '../model.js';
import { partOf } from './part.js';
import { commented } from './yaml-text.js';

type Parts = Pick<Server, 'stack'>;

/** Another recipe is another image: its hash is a part of the tag. */
export const EGRESS_IMAGE = (server: Parts): string =>
  `clincher/smokescreen:${server.stack.egress.commit.slice(0, 12)}-${partOf({}, [dockerfile(server), mainGo()]).slice(0, 12)}`;

const HEADING = `Smokescreen from its source. Written by clincher; the commit is stack.egress.commit of clincher.yaml.`;

/** Only a whole commit can be asked for by name; a short one is looked up in the whole history. */
const fetchWords = (commit: string): string =>
  commit.length === 40
    ? `git init -q . && git fetch -q --depth 1 https://github.com/stripe/smokescreen.git ${commit} && git checkout -q FETCH_HEAD`
    : `git clone -q https://github.com/stripe/smokescreen.git . && git checkout -q ${commit}`;

export const dockerfile = ({ stack: { egress } }: Parts): string => `${commented(HEADING)}
FROM golang:1.26.8-trixie AS build
WORKDIR /src
RUN ${fetchWords(egress.commit)} && git rev-parse HEAD | grep -q '^${egress.commit}'
COPY main.go .
# Everything it needs is in its own repository: nothing else is fetched.
RUN CGO_ENABLED=0 GOFLAGS=-mod=vendor GOPROXY=off GOTOOLCHAIN=local go build -trimpath -ldflags='-s -w' -o /smokescreen .

# busybox has the \`nc\` of the health check.
FROM alpine:3.22
COPY --from=build /smokescreen /usr/local/bin/smokescreen
USER 65532:65532
ENTRYPOINT ["smokescreen"]
`;

/** Upstream's own wants a TLS certificate of each client and takes its role from there; ours asks nobody who it is. */
export const mainGo =
  (): string => `// Smokescreen with one role for whoever asks: clients of a plain proxy show no certificate to tell them apart by.
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
`;
