package main

import (
	"context"
	"fmt"
	"os"
	"sync"

	"github.com/twmb/franz-go/pkg/kgo"
)

// Member is one consumer of the group: it reads, remembers, and commits what it read.
type Member struct {
	mutex    sync.Mutex
	received []int
	client   *kgo.Client
	stopping chan struct{}
	stopped  chan struct{}
}

func (peer *Peer) memberOptions(group, topic string) []kgo.Opt {
	return []kgo.Opt{
		kgo.ConsumerGroup(group), kgo.ConsumeTopics(topic), kgo.DisableAutoCommit(),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()), kgo.FetchIsolationLevel(kgo.ReadCommitted()),
		kgo.SeedBrokers(peer.bootstrap...),
	}
}

func (peer *Peer) startGroup(group string, count int, topic string) error {
	peer.members = nil
	for index := 0; index < count; index++ {
		client, err := kgo.NewClient(peer.memberOptions(group, topic)...)
		if err != nil {
			return err
		}
		member := &Member{client: client, stopping: make(chan struct{}), stopped: make(chan struct{})}
		peer.members = append(peer.members, member)
		go member.run()
	}
	return nil
}

func (member *Member) run() {
	defer close(member.stopped)
	for {
		select {
		case <-member.stopping:
			member.client.Close()
			return
		default:
			read := 0
			pollOnce(member.client, func(one *kgo.Record) {
				member.mutex.Lock()
				defer member.mutex.Unlock()
				member.received = append(member.received, valueOf(one))
				read++
			})
			if read == 0 {
				continue
			}
			if err := member.client.CommitUncommittedOffsets(context.Background()); err != nil {
				fmt.Fprintln(os.Stderr, "commit:", err)
			}
		}
	}
}

// grouped counts the different numbers that the members have read.
func (peer *Peer) grouped() int {
	different := map[int]bool{}
	for _, member := range peer.members {
		member.mutex.Lock()
		for _, value := range member.received {
			different[value] = true
		}
		member.mutex.Unlock()
	}
	return len(different)
}

func (peer *Peer) stopGroup() string {
	received := []int{}
	for _, member := range peer.members {
		close(member.stopping)
		<-member.stopped
		received = append(received, member.received...)
	}
	return listed(received)
}
