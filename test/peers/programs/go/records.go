package main

import (
	"context"
	"fmt"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
)

const (
	limit   = 60 * time.Second
	quiet   = 500 * time.Millisecond
	silence = 8 * time.Second
	poll    = 100 * time.Millisecond
)

var pad = strings.Repeat("x", 80)

func record(topic string, value int) *kgo.Record {
	return &kgo.Record{Topic: topic, Key: []byte(fmt.Sprintf("k%d", value%10)), Value: []byte(fmt.Sprintf("%d-%s", value, pad))}
}

func valueOf(record *kgo.Record) int {
	return number(strings.SplitN(string(record.Value), "-", 2)[0])
}

func listed(numbers []int) string {
	if len(numbers) == 0 {
		return "-"
	}
	words := make([]string, len(numbers))
	for index, value := range numbers {
		words[index] = strconv.Itoa(value)
	}
	return strings.Join(words, ",")
}

func (peer *Peer) client(options ...kgo.Opt) (*kgo.Client, error) {
	return kgo.NewClient(append([]kgo.Opt{kgo.SeedBrokers(peer.bootstrap...)}, options...)...)
}

// admin runs work with an admin client, a limit of time, and an end.
func (peer *Peer) admin(work func(context.Context, *kadm.Client) error) error {
	client, err := peer.client()
	if err != nil {
		return err
	}
	defer client.Close()
	within, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	return work(within, kadm.NewClient(client))
}

func (peer *Peer) create(topic string, partitions, replicationFactor int) error {
	return peer.admin(func(within context.Context, admin *kadm.Client) error {
		_, err := admin.CreateTopic(within, int32(partitions), int16(replicationFactor), nil, topic)
		return err
	})
}

func (peer *Peer) describe(topic string) (answer string, err error) {
	err = peer.admin(func(within context.Context, admin *kadm.Client) error {
		found, err := admin.ListTopics(within, topic)
		if err != nil {
			return err
		}
		detail := found[topic]
		answer = fmt.Sprintf("%d %d", len(detail.Partitions), len(detail.Partitions[0].Replicas))
		return detail.Err
	})
	return answer, err
}

func (peer *Peer) topics() (answer string, err error) {
	err = peer.admin(func(within context.Context, admin *kadm.Client) error {
		found, err := admin.ListTopics(within)
		answer = strings.Join(append(found.Names(), "-"), ",")
		return err
	})
	return answer, err
}

func (peer *Peer) delete(topic string) error {
	return peer.admin(func(within context.Context, admin *kadm.Client) error {
		_, err := admin.DeleteTopic(within, topic)
		return err
	})
}

func (peer *Peer) committed(group, topic string) (answer string, err error) {
	err = peer.admin(func(within context.Context, admin *kadm.Client) error {
		found, err := admin.FetchOffsets(within, group)
		sum := int64(0)
		found.Each(func(offset kadm.OffsetResponse) {
			if offset.Topic == topic {
				sum += offset.At
			}
		})
		answer = strconv.FormatInt(sum, 10)
		return err
	})
	return answer, err
}

var codecs = map[string]kgo.CompressionCodec{
	"none": kgo.NoCompression(), "gzip": kgo.GzipCompression(), "snappy": kgo.SnappyCompression(),
	"lz4": kgo.Lz4Compression(), "zstd": kgo.ZstdCompression(),
}

func (peer *Peer) produce(topic, codec string, first, count int) error {
	client, err := peer.client(kgo.ProducerBatchCompression(codecs[codec]), kgo.ProducerLinger(50*time.Millisecond))
	if err != nil {
		return err
	}
	defer client.Close()
	records := make([]*kgo.Record, count)
	for index := range records {
		records[index] = record(topic, first+index)
	}
	within, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	return client.ProduceSync(within, records...).FirstErr()
}

func isolationOf(word string) kgo.Opt {
	if word == "read_committed" {
		return kgo.FetchIsolationLevel(kgo.ReadCommitted())
	}
	return kgo.FetchIsolationLevel(kgo.ReadUncommitted())
}

func patience(count, atLeast int) time.Duration {
	if count >= atLeast {
		return quiet
	}
	return silence
}

// read reads until atLeast records came and half a second brought no more, or nothing comes at all.
func (peer *Peer) read(topic, isolation string, atLeast int) (string, error) {
	client, err := peer.client(kgo.ConsumeTopics(topic), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()), isolationOf(isolation))
	if err != nil {
		return "", err
	}
	defer client.Close()
	found := map[int32][]int{}
	count := 0
	for last := time.Now(); time.Since(last) < patience(count, atLeast); {
		pollOnce(client, func(one *kgo.Record) {
			found[one.Partition] = append(found[one.Partition], valueOf(one))
			count++
			last = time.Now()
		})
	}
	parts := []string{}
	for partition, numbers := range found {
		parts = append(parts, fmt.Sprintf("%d:%s", partition, listed(numbers)))
	}
	sort.Strings(parts)
	if len(parts) == 0 {
		return "-", nil
	}
	return strings.Join(parts, ";"), nil
}

func pollOnce(client *kgo.Client, each func(*kgo.Record)) {
	within, cancel := context.WithTimeout(context.Background(), poll)
	defer cancel()
	client.PollFetches(within).EachRecord(each)
}
