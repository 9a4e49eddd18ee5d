package main

import (
	"context"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

const mostOutstanding = 2000

// Load sends numbers from 0 on, one every two milliseconds, until it is stopped; it keeps who was acknowledged and who failed.
type Load struct {
	mutex        sync.Mutex
	acknowledged []int
	failed       []int
	client       *kgo.Client
	stopping     chan struct{}
	stopped      chan struct{}
}

func startLoad(peer *Peer, topic string) (*Load, error) {
	client, err := peer.client(kgo.ProducerLinger(2*time.Millisecond), kgo.RecordDeliveryTimeout(limit))
	if err != nil {
		return nil, err
	}
	load := &Load{client: client, stopping: make(chan struct{}), stopped: make(chan struct{})}
	go load.run(topic)
	return load, nil
}

func (load *Load) settle(value int, err error) {
	load.mutex.Lock()
	defer load.mutex.Unlock()
	if err != nil {
		fmt.Fprintf(os.Stderr, "load: %d: %v\n", value, err)
		load.failed = append(load.failed, value)
	} else {
		load.acknowledged = append(load.acknowledged, value)
	}
}

func (load *Load) count() int {
	load.mutex.Lock()
	defer load.mutex.Unlock()
	return len(load.acknowledged)
}

func (load *Load) run(topic string) {
	defer close(load.stopped)
	ticker := time.NewTicker(2 * time.Millisecond)
	defer ticker.Stop()
	for sent := 0; ; {
		select {
		case <-load.stopping:
			_ = load.client.Flush(context.Background())
			load.client.Close()
			return
		case <-ticker.C:
			if load.client.BufferedProduceRecords() < mostOutstanding {
				value := sent
				sent++
				load.client.Produce(context.Background(), record(topic, value), func(_ *kgo.Record, err error) { load.settle(value, err) })
			}
		}
	}
}

func (load *Load) stop() string {
	close(load.stopping)
	<-load.stopped
	return listed(load.acknowledged) + " " + listed(load.failed)
}
