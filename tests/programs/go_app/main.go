// A shop's inventory in Go: the standard log package, whose date and time stand in front of one JSON object a line.
//
//	go_app -requests 50 -rate 10 -seed demo -output inventory.log
package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"runtime/debug"
	"time"
)

// identifier gives 32 hexadecimal digits that the programs in the other languages compute alike.
func identifier(seed string, request int, kind string) string {
	sum := sha256.Sum256([]byte(fmt.Sprintf("%s:%d:%s", seed, request, kind)))
	return hex.EncodeToString(sum[:])[:32]
}

func dashed(id string) string {
	return id[:8] + "-" + id[8:12] + "-" + id[12:16] + "-" + id[16:20] + "-" + id[20:]
}

type request struct {
	number             int
	correlation, trace string
}

func (r request) line(level, message string, more map[string]any) string {
	fields := map[string]any{
		"level": level, "service": "inventory", "msg": message, "request": r.number,
		"correlationId": r.correlation, "trace_id": r.trace,
	}
	for key, value := range more {
		fields[key] = value
	}
	text, err := json.Marshal(fields)
	if err != nil {
		panic(err)
	}
	return string(text)
}

func reserve(stock map[string][]int, number int) int {
	shelves := stock[fmt.Sprint("sku-", number%7)]
	return shelves[number%3]
}

func (r request) serve(stock map[string][]int) {
	started := time.Now()
	log.Print(r.line("info", "reserve started", nil))
	defer func() {
		if cause := recover(); cause != nil {
			text := r.line("error", "reserve failed", map[string]any{"error": fmt.Sprint(cause)})
			log.Printf("%s\npanic: %v\n\n%s", text, cause, debug.Stack())
		}
	}()
	shelf := reserve(stock, r.number)
	took := float64(time.Since(started).Microseconds()) / 1000
	log.Print(r.line("info", "reserve completed", map[string]any{"shelf": shelf, "duration_ms": took}))
}

func main() {
	requests := flag.Int("requests", 20, "how many")
	rate := flag.Float64("rate", 10, "requests per second; 0 is as fast as possible")
	seed := flag.String("seed", "demo", "the same seed gives the same ids in all programs")
	output := flag.String("output", "-", "a file to append to, or - for standard output")
	flag.Parse()

	var sink io.Writer = os.Stdout
	if *output != "-" {
		file, err := os.OpenFile(*output, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
		if err != nil {
			log.Fatal(err)
		}
		defer file.Close()
		sink = file
	}
	log.SetOutput(sink)

	// Every seventh article has no shelf, which nobody checks.
	stock := map[string][]int{}
	for article := 1; article < 7; article++ {
		stock[fmt.Sprint("sku-", article)] = []int{3, 5, 8}
	}
	for number := 1; number <= *requests; number++ {
		correlation := dashed(identifier(*seed, number, "correlation"))
		request{number, correlation, identifier(*seed, number, "trace")}.serve(stock)
		if *rate > 0 {
			time.Sleep(time.Duration(float64(time.Second) / *rate))
		}
	}
}
