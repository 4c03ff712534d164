// So many connections that each send an event, wait for the answer and send the next. It writes its own HTTP/1.1, so
// that it takes as little as can be of the machine that is measured. Prints one line of JSON.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"slices"
	"sync"
	"time"
)

type result struct {
	Requests int            `json:"requests"`
	Seconds  float64        `json:"seconds"`
	P50      float64        `json:"p50"`
	P99      float64        `json:"p99"`
	Statuses map[string]int `json:"statuses"`
}

type sender struct {
	times    []time.Duration
	statuses map[string]int
}

// request is one event in binary mode; its id is as long for every number.
func request(out *bytes.Buffer, host, run string, connection, number int, body []byte) {
	out.Reset()
	fmt.Fprintf(out, "POST /events HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\n"+
		"ce-specversion: 1.0\r\nce-id: %s-%04d-%08d\r\nce-source: /bench/%d\r\nce-type: com.example.bench\r\n"+
		"Content-Length: %d\r\n\r\n", host, run, connection, number, connection, len(body))
	out.Write(body)
}

func (s *sender) run(address, name string, index int, body []byte, from, until time.Time) {
	connection, err := net.Dial("tcp", address)
	if err != nil {
		log.Fatal(err)
	}
	defer connection.Close()
	reader := bufio.NewReader(connection)
	var out bytes.Buffer
	for number := 0; ; number++ {
		began := time.Now()
		if began.After(until) {
			return
		}
		request(&out, address, name, index, number, body)
		if _, err := connection.Write(out.Bytes()); err != nil {
			log.Fatal(err)
		}
		answer, err := http.ReadResponse(reader, nil)
		if err != nil {
			log.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, answer.Body); err != nil {
			log.Fatal(err)
		}
		answer.Body.Close()
		s.statuses[fmt.Sprint(answer.StatusCode)]++
		if ended := time.Now(); began.After(from) && ended.Before(until) {
			s.times = append(s.times, ended.Sub(began))
		}
	}
}

func main() {
	address := flag.String("address", "127.0.0.1:8080", "host and port")
	name := flag.String("run", "run", "beginning of every id")
	connections := flag.Int("connections", 32, "senders at a time")
	size := flag.Int("size", 1200, "bytes of a body")
	seconds := flag.Float64("seconds", 5, "how long it is measured")
	warm := flag.Float64("warm", 1, "seconds before that")
	flag.Parse()
	body := append([]byte(`{"text":"`), bytes.Repeat([]byte("x"), *size-11)...)
	body = append(body, `"}`...)
	from := time.Now().Add(time.Duration(*warm * float64(time.Second)))
	until := from.Add(time.Duration(*seconds * float64(time.Second)))
	senders := make([]sender, *connections)
	var group sync.WaitGroup
	for index := range senders {
		senders[index].statuses = map[string]int{}
		group.Add(1)
		go func() {
			defer group.Done()
			senders[index].run(*address, *name, index, body, from, until)
		}()
	}
	group.Wait()
	var times []time.Duration
	found := result{Seconds: *seconds, Statuses: map[string]int{}}
	for _, each := range senders {
		times = append(times, each.times...)
		for status, count := range each.statuses {
			found.Statuses[status] += count
		}
	}
	if len(times) == 0 {
		log.Fatal("no request was answered")
	}
	slices.Sort(times)
	found.Requests = len(times)
	found.P50 = times[len(times)/2].Seconds() * 1000
	found.P99 = times[len(times)*99/100].Seconds() * 1000
	if err := json.NewEncoder(os.Stdout).Encode(found); err != nil {
		log.Fatal(err)
	}
}
