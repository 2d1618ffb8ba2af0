// Program tailnet is a whole tailnet for the lab in one process: Tailscale's own test control server, a relay (DERP) and
// STUN, and Let's Encrypt's test authority (Pebble), which checks the DNS records that nodes have the control server publish.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"

	"github.com/letsencrypt/challtestsrv"
	"github.com/letsencrypt/pebble/v2/ca"
	"github.com/letsencrypt/pebble/v2/db"
	"github.com/letsencrypt/pebble/v2/va"
	"github.com/letsencrypt/pebble/v2/wfe"
	"tailscale.com/derp/derpserver"
	"tailscale.com/net/stunserver"
	"tailscale.com/tailcfg"
	"tailscale.com/tstest/integration/testcontrol"
	"tailscale.com/types/key"
)

const (
	controlPort = 8080
	acmePort    = 14000
	derpPort    = 8443
	stunPort    = 3478
	// Only the authority asks here.
	resolver = "127.0.0.1:5353"
)

func main() {
	address := flag.String("address", "127.0.0.1", "where nodes find all this")
	domain := flag.String("domain", "lab.ts.net", "names of nodes end so")
	cert := flag.String("cert", "/tls.crt", "certificate of the authority's own web server, which nodes trust")
	private := flag.String("key", "/tls.key", "its private key")
	flag.Parse()

	names, err := challtestsrv.New(challtestsrv.Config{DNSAddrs: []string{resolver}, Log: log.Default()})
	insist(err)
	go names.Run()
	authority := newAuthority()
	go func() { insist(http.ListenAndServeTLS(port(acmePort), *cert, *private, told(authority.Handler()))) }()
	relay(*address)

	control := &testcontrol.Server{
		DERPMap:         derpMap(*address),
		RequireAuth:     true,
		ExplicitBaseURL: fmt.Sprintf("http://%s:%d", *address, controlPort),
		MagicDNSDomain:  *domain,
		// Nodes are given names to have certificates for only beside some DNS configuration.
		DNSConfig:        &tailcfg.DNSConfig{},
		AllNodesSameUser: true,
		OnSetDNS: func(record *tailcfg.SetDNSRequest) error {
			names.AddDNSTXTRecord(record.Name+".", record.Value)
			return nil
		},
	}
	mux := http.NewServeMux()
	mux.Handle("/key", control)
	mux.Handle("/ts2021", control)
	mux.Handle("/machine/", control)
	mux.Handle("/c2n/", control)
	mux.Handle("/generate_204", control)
	mux.Handle("/roots/", authority.ManagementHandler())
	mux.HandleFunc("/auth/", func(w http.ResponseWriter, r *http.Request) { approve(control, w, r) })
	insist(http.ListenAndServe(port(controlPort), mux))
}

// approve is the page that a person is sent to; opening it is approving.
func approve(control *testcontrol.Server, w http.ResponseWriter, r *http.Request) {
	if !control.CompleteAuth(r.URL.Path) {
		http.Error(w, "nobody asked for this login", http.StatusNotFound)
		return
	}
	fmt.Fprintln(w, "the device is approved")
}

func newAuthority() wfe.WebFrontEndImpl {
	// Its delays and its refusals at random are for tests of ACME clients.
	insist(os.Setenv("PEBBLE_VA_NOSLEEP", "1"))
	insist(os.Setenv("PEBBLE_WFE_NONCEREJECT", "0"))
	insist(os.Setenv("PEBBLE_AUTHZREUSE", "0"))
	logger := log.New(os.Stderr, "acme: ", log.LstdFlags)
	store := db.NewMemoryStore()
	profiles := map[string]ca.Profile{"default": {Description: "the only one"}}
	issuer := ca.New(logger, store, "", "ecdsa", 0, 1, profiles)
	validator := va.New(logger, 80, 443, false, resolver, store)
	return wfe.New(logger, store, validator, issuer, []string{"lab.invalid"}, false, false, 1, 1)
}

// told adds what Let's Encrypt says and Pebble leaves out: where the order is that was just finalized. Go's ACME client
// waits there.
func told(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if id, ok := strings.CutPrefix(r.URL.Path, "/finalize-order/"); ok {
			w.Header().Set("Location", "https://"+r.Host+"/my-order/"+id)
		}
		next.ServeHTTP(w, r)
	})
}

func relay(address string) {
	server := derpserver.New(key.NewNode(), log.Printf)
	listener, err := net.Listen("tcp", port(derpPort))
	insist(err)
	https := &httptest.Server{Listener: listener, Config: &http.Server{Handler: derpserver.Handler(server)}}
	https.StartTLS()
	stun := stunserver.New(context.Background())
	insist(stun.Listen(fmt.Sprintf("%s:%d", address, stunPort)))
	go func() { insist(stun.Serve()) }()
}

func derpMap(address string) *tailcfg.DERPMap {
	node := &tailcfg.DERPNode{
		Name: "lab", RegionID: 1, HostName: address, IPv4: address, IPv6: "none",
		STUNPort: stunPort, DERPPort: derpPort, InsecureForTests: true,
	}
	region := &tailcfg.DERPRegion{RegionID: 1, RegionCode: "lab", Nodes: []*tailcfg.DERPNode{node}}
	return &tailcfg.DERPMap{Regions: map[int]*tailcfg.DERPRegion{1: region}, OmitDefaultRegions: true}
}

func port(number int) string { return fmt.Sprintf(":%d", number) }

func insist(err error) {
	if err != nil && !strings.Contains(err.Error(), "Server closed") {
		log.Fatal(err)
	}
}
