// A sender of CloudEvents over HTTP that knows nothing of reflexarc: the Go SDK encodes events, and says what it heard.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"

	cloudevents "github.com/cloudevents/sdk-go/v2"
	cehttp "github.com/cloudevents/sdk-go/v2/protocol/http"
)

// line is what is read of one event.
type line struct {
	// Event is the event without its data in JSON.
	Event cloudevents.Event `json:"event"`
	// Data are its bytes, in Base64; null when there are none.
	Data []byte `json:"data"`
	// Document says that the data are a JSON document and not just bytes.
	Document bool `json:"document"`
}

func main() {
	target := flag.String("to", "", "URL to post to")
	mode := flag.String("mode", "binary", "binary, structured or batch")
	flag.Parse()
	events, err := read(os.Stdin)
	if err != nil {
		log.Fatal(err)
	}
	if err := send(context.Background(), *target, *mode, events); err != nil {
		log.Fatal(err)
	}
}

// read takes one event from each line.
func read(input io.Reader) ([]cloudevents.Event, error) {
	var events []cloudevents.Event
	for decoder := json.NewDecoder(input); ; {
		var said line
		if err := decoder.Decode(&said); errors.Is(err, io.EOF) {
			return events, nil
		} else if err != nil {
			return nil, err
		}
		if err := fill(&said.Event, said.Data, said.Document); err != nil {
			return nil, err
		}
		events = append(events, said.Event)
	}
}

// fill gives an event its data as a program would that has bytes, or a value.
func fill(event *cloudevents.Event, data []byte, document bool) error {
	if data == nil {
		return nil
	}
	if document {
		return event.SetData(event.DataContentType(), json.RawMessage(data))
	}
	return event.SetData(event.DataContentType(), data)
}

// send prints the status of every answer.
func send(ctx context.Context, target, mode string, events []cloudevents.Event) error {
	switch mode {
	case "binary":
		return each(cloudevents.WithEncodingBinary(ctx), target, events)
	case "structured":
		return each(cloudevents.WithEncodingStructured(ctx), target, events)
	case "batch":
		return together(ctx, target, events)
	}
	return fmt.Errorf("there is no mode %q", mode)
}

// each sends one after the other, by the SDK's client; a client without defaults adds nothing to an event.
func each(ctx context.Context, target string, events []cloudevents.Event) error {
	protocol, err := cloudevents.NewHTTP(cloudevents.WithTarget(target))
	if err != nil {
		return err
	}
	client, err := cloudevents.NewClient(protocol)
	if err != nil {
		return err
	}
	for _, event := range events {
		result := client.Send(ctx, event)
		var heard *cehttp.Result
		if !cloudevents.ResultAs(result, &heard) {
			return result
		}
		fmt.Println(heard.StatusCode)
	}
	return nil
}

// together sends all in one request, which the SDK makes and any client posts.
func together(ctx context.Context, target string, events []cloudevents.Event) error {
	request, err := cloudevents.NewHTTPRequestFromEvents(ctx, target, events)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	fmt.Println(response.StatusCode)
	return nil
}
