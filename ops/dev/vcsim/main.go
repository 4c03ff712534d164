// Command vcsim is one simulated vCenter of the local stack: govmomi's simulator with a small inventory, TLS by a
// certificate of its own that clients can verify, enforced credentials and the tagging REST interface.
//
// It prints one JSON line {"url": …} when it serves, and ends on SIGTERM or SIGINT.
//
// The event history is the simulator's own ring of 1,000: its size is not an option of govmomi.
package main

import (
	"crypto/tls"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"net/url"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/vmware/govmomi/simulator"
	_ "github.com/vmware/govmomi/vapi/simulator" // the tagging REST interface registers itself
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/types"
)

const (
	// apiVersion makes clients speak a current protocol; the simulator alone says 6.5.
	apiVersion = "8.0.2.0"

	// maxCollectors: the simulator never frees a dead session's collectors, which a real vCenter does, and would
	// refuse the 33rd. Clients that are killed and restarted in tests must not run out.
	maxCollectors = 1000
)

type options struct {
	listen       string
	names        string
	username     string
	passwordFile string
	certFile     string
	keyFile      string
	instanceUUID string
	hosts        int
	machines     int
	datastores   int
	taskMillis   int
}

func main() {
	var o options
	flag.StringVar(&o.listen, "listen", "127.0.0.1:0", "address to serve on")
	flag.StringVar(&o.names, "names", "", "host names beside localhost to certify, comma-separated")
	flag.StringVar(&o.username, "username", "reflexarc", "the only user that may log in; without @")
	flag.StringVar(&o.passwordFile, "password-file", "", "file with that user's password")
	flag.StringVar(&o.certFile, "cert-file", "", "certificate, made when the file is missing")
	flag.StringVar(&o.keyFile, "key-file", "", "its private key, made with it")
	flag.StringVar(&o.instanceUUID, "instance-uuid", "", "about.instanceUuid; the simulator's constant when empty")
	flag.IntVar(&o.hosts, "hosts", 2, "hosts of the one cluster")
	flag.IntVar(&o.machines, "vms", 20, "virtual machines")
	flag.IntVar(&o.datastores, "datastores", 2, "datastores")
	flag.IntVar(&o.taskMillis, "task-ms", 0, "milliseconds that every task takes at least")
	flag.Parse()
	if err := run(o); err != nil {
		log.Fatalf("vcsim: %v", err)
	}
}

func run(o options) error {
	certificate, err := loadOrCreateCertificate(o.certFile, o.keyFile, hostNames(o.names))
	if err != nil {
		return err
	}
	password, err := os.ReadFile(o.passwordFile)
	if err != nil {
		return err
	}

	model := inventory(o)
	if err := model.Create(); err != nil {
		return err
	}
	defer model.Remove()
	model.Map().EventManager().MaxCollector = maxCollectors
	model.Map().AddHandler(initiator{o.username})
	model.Map().Handler = configured
	if o.taskMillis > 0 {
		// Without the hand-over of its lock: while a task goes on its object can be read, as on a vCenter.
		simulator.TaskDelay.Delay = o.taskMillis
		simulator.TaskDelay.MethodDelay = map[string]int{"LockHandoff": 0}
	}

	model.Service.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}
	model.Service.RegisterEndpoints = true
	model.Service.Listen = &url.URL{
		Host: o.listen,
		User: url.UserPassword(o.username, strings.TrimRight(string(password), "\n")),
	}

	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM, syscall.SIGINT)
	server := model.Service.NewServer()
	if err := announce(server.URL); err != nil {
		return err
	}
	<-stop
	server.CloseClientConnections() // Close alone would wait for every client's kept-alive connection.
	server.Close()
	return nil
}

// initiator names the one user that may log in as whoever has begun a task: the simulator calls everybody vcsim.
type initiator struct{ username string }

func (initiator) Reference() types.ManagedObjectReference {
	return types.ManagedObjectReference{Type: "Initiator", Value: "initiator"}
}

func (i initiator) PutObject(_ *simulator.Context, object mo.Reference) {
	if task, ok := object.(*simulator.Task); ok {
		task.Info.Reason = &types.TaskReasonUser{UserName: i.username}
	}
}

func (initiator) UpdateObject(*simulator.Context, mo.Reference, []types.PropertyChange) {}

func (initiator) RemoveObject(*simulator.Context, types.ManagedObjectReference) {}

// inventory is one datacenter with one cluster; small, because every object costs start-up time.
func inventory(o options) *simulator.Model {
	model := simulator.VPX()
	model.Host = 0
	model.ClusterHost = o.hosts
	model.Machine = o.machines
	model.Datastore = o.datastores
	about := &model.ServiceContent.About
	about.ApiVersion = apiVersion
	about.Version = strings.TrimSuffix(apiVersion, ".0")
	if o.instanceUUID != "" {
		about.InstanceUuid = o.instanceUUID
	}
	return model
}

func hostNames(list string) []string {
	names := []string{"localhost"}
	for _, name := range strings.Split(list, ",") {
		if name != "" {
			names = append(names, name)
		}
	}
	return names
}

// announce tells the reader of stdout that the server serves; the URL carries no credentials.
func announce(served *url.URL) error {
	public := *served
	public.User = nil
	line, err := json.Marshal(map[string]string{"url": public.String()})
	if err != nil {
		return err
	}
	_, err = fmt.Println(string(line))
	return err
}
