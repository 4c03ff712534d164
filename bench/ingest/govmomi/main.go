// Command govmomi decodes pages of vCenter events and marshals each event to JSON, as the VMware event router does.
//
// It reads the names of pages from standard input, one a line. For each it writes a line with the number of events and
// the nanoseconds of CPU time that decoding and marshalling took; with -print the events instead, a line each, and an
// empty line. A page that govmomi cannot decode has no events then.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"os"
	"syscall"

	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
	"github.com/vmware/govmomi/vim25/xml"
)

func main() {
	log.SetFlags(0)
	printed := flag.Bool("print", false, "write the events instead of how long they took")
	flag.Parse()
	names, out := bufio.NewScanner(os.Stdin), bufio.NewWriter(os.Stdout)
	for names.Scan() {
		page, err := os.ReadFile(names.Text())
		if err != nil {
			log.Fatal(err)
		}
		started := cpu()
		events, err := decode(page)
		if err != nil && !*printed {
			log.Fatal(err)
		}
		taken := cpu() - started
		if *printed {
			for _, event := range events {
				fmt.Fprintf(out, "%s\n", event)
			}
			fmt.Fprintln(out)
		} else {
			fmt.Fprintln(out, len(events), taken)
		}
		if err := out.Flush(); err != nil {
			log.Fatal(err)
		}
	}
}

// cpu returns the nanoseconds that all threads of the process have worked.
func cpu() int64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		log.Fatal(err)
	}
	return usage.Utime.Nano() + usage.Stime.Nano()
}

func decode(page []byte) (events [][]byte, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			events, err = nil, fmt.Errorf("%v", fault)
		}
	}()
	var body methods.ReadNextEventsBody
	decoder := xml.NewDecoder(bytes.NewReader(page))
	decoder.TypeFunc = types.TypeFunc()
	if err := decoder.Decode(&soap.Envelope{Body: &body}); err != nil {
		return nil, err
	}
	for _, event := range body.Res.Returnval {
		marshalled, err := json.Marshal(event)
		if err != nil {
			return nil, err
		}
		events = append(events, marshalled)
	}
	return events, nil
}
