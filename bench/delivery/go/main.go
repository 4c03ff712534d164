// An HTTP sink that takes its time and writes down what it got: 16 bytes per request, in the order of arrival:
// nanoseconds of the epoch, number of the key, number of the event (little-endian).
package main

import (
	"bufio"
	"encoding/binary"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
)

type journal struct {
	mutex sync.Mutex
	out   *bufio.Writer
}

func (j *journal) write(at int64, key, event uint32) {
	var entry [16]byte
	binary.LittleEndian.PutUint64(entry[:], uint64(at))
	binary.LittleEndian.PutUint32(entry[8:], key)
	binary.LittleEndian.PutUint32(entry[12:], event)
	j.mutex.Lock()
	_, err := j.out.Write(entry[:])
	j.mutex.Unlock()
	if err != nil {
		log.Fatal(err)
	}
}

func (j *journal) flush(every time.Duration) {
	for range time.Tick(every) {
		j.mutex.Lock()
		err := j.out.Flush()
		j.mutex.Unlock()
		if err != nil {
			log.Fatal(err)
		}
	}
}

// number is the digits at the end of a header.
func number(header string) uint32 {
	digits := header[len(strings.TrimRight(header, "0123456789")):]
	parsed, err := strconv.ParseUint(digits, 10, 32)
	if err != nil {
		log.Fatalf("%q does not end in a number", header)
	}
	return uint32(parsed)
}

func main() {
	path := flag.String("out", "", "file to append to")
	delay := flag.Duration("delay", 0, "time to take for each request")
	flag.Parse()
	file, err := os.OpenFile(*path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		log.Fatal(err)
	}
	kept := &journal{out: bufio.NewWriterSize(file, 1<<20)}
	go kept.flush(10 * time.Millisecond)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("http://%s\n", listener.Addr())
	log.Fatal(http.Serve(listener, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		kept.write(time.Now().UnixNano(), number(r.Header.Get("ce-partitionkey")), number(r.Header.Get("ce-id")))
		_, _ = io.Copy(io.Discard, r.Body)
		time.Sleep(*delay)
		w.WriteHeader(http.StatusAccepted)
	})))
}
