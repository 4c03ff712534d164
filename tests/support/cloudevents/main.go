// A receiver of CloudEvents over HTTP that knows nothing of reflexarc: the Go SDK decodes events, and they are printed.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"net"
	"os"

	cloudevents "github.com/cloudevents/sdk-go/v2"
)

// line is what is printed of one event.
type line struct {
	// Invalid is the SDK's verdict; empty when the event is valid.
	Invalid string `json:"invalid"`
	// Event is the event without its data in the SDK's own JSON.
	Event cloudevents.Event `json:"event"`
	// Data are the bytes that a function gets, in Base64.
	Data []byte `json:"data"`
}

func main() {
	address := flag.String("listen", "127.0.0.1:0", "where to listen; port 0 takes a free one")
	flag.Parse()
	if err := receive(*address); err != nil {
		log.Fatal(err)
	}
}

// receive prints the address it listens at, then one line for each event.
func receive(address string) error {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	client, err := cloudevents.NewClientHTTP(cloudevents.WithListener(listener))
	if err != nil {
		return err
	}
	fmt.Println(listener.Addr())
	output := json.NewEncoder(os.Stdout)
	return client.StartReceiver(context.Background(), func(event cloudevents.Event) error {
		said := line{Data: event.Data()}
		if err := event.Validate(); err != nil {
			said.Invalid = err.Error()
		}
		event.DataEncoded = nil // the SDK would write bytes into JSON as they are
		said.Event = event
		return output.Encode(said)
	})
}
