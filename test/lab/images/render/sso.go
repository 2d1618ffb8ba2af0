// A stand-in for caddy-security, where its module cannot be had: it knows the words that its Caddyfile blocks may hold
// and the directives that it brings, and does nothing with them. `caddy adapt` reads a configuration with it.
package main

import (
	"net/http"
	"slices"
	"strings"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/caddyconfig/caddyfile"
	"github.com/caddyserver/caddy/v2/caddyconfig/httpcaddyfile"
	caddycmd "github.com/caddyserver/caddy/v2/cmd"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp"
	_ "github.com/caddyserver/caddy/v2/modules/standard"
)

// What may begin a line, by the block that the line stands in; each as its leading words.
var known = map[string][]string{
	"security":                {"oauth identity provider", "authentication portal", "authorization policy"},
	"oauth identity provider": {"realm", "driver", "client_id", "client_secret", "scopes", "base_auth_url", "metadata_url"},
	"authentication portal":   {"crypto default token lifetime", "enable identity provider", "cookie domain", "transform user"},
	"transform user":          {"match realm", "exact match", "regex match", "action add role"},
	"authorization policy":    {"set auth url", "allow roles", "deny roles"},
}

func block(d *caddyfile.Dispenser, name string) error {
	for nesting := d.Nesting(); d.NextBlock(nesting); {
		line := strings.Join(append([]string{d.Val()}, d.RemainingArgs()...), " ")
		at := slices.IndexFunc(known[name], func(words string) bool { return line == words || strings.HasPrefix(line, words+" ") })
		if at < 0 {
			return d.Errf("unknown words in %s: %s", name, line)
		}
		if err := block(d, known[name][at]); err != nil {
			return err
		}
	}
	return nil
}

type with struct{ Name string }

func (with) CaddyModule() caddy.ModuleInfo {
	return caddy.ModuleInfo{ID: "http.handlers.sso_stand_in", New: func() caddy.Module { return new(with) }}
}

func (with) ServeHTTP(_ http.ResponseWriter, _ *http.Request, _ caddyhttp.Handler) error {
	return caddyhttp.Error(501, nil)
}

// `authenticate with NAME`, `authorize with NAME`.
func directive(h httpcaddyfile.Helper) (caddyhttp.MiddlewareHandler, error) {
	h.Next()
	args := h.RemainingArgs()
	if len(args) != 2 || args[0] != "with" {
		return nil, h.Errf("it takes: with <name>")
	}
	return with{args[1]}, nil
}

func main() {
	caddy.RegisterModule(with{})
	httpcaddyfile.RegisterGlobalOption("security", func(d *caddyfile.Dispenser, _ any) (any, error) {
		d.Next()
		return nil, block(d, "security")
	})
	httpcaddyfile.RegisterHandlerDirective("authenticate", directive)
	httpcaddyfile.RegisterHandlerDirective("authorize", directive)
	caddycmd.Main()
}
