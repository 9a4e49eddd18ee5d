package main

import (
	"context"
	"strconv"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

// Transactions is a transactional producer: rows of numbers that are committed or aborted.
type Transactions struct {
	client *kgo.Client
}

func (peer *Peer) transactions(transactionalID string) (*Transactions, error) {
	if found := peer.sessions[transactionalID]; found != nil {
		return found, nil
	}
	client, err := peer.client(kgo.TransactionalID(transactionalID))
	if err != nil {
		return nil, err
	}
	peer.sessions[transactionalID] = &Transactions{client: client}
	return peer.sessions[transactionalID], nil
}

func (peer *Peer) transact(topic, transactionalID string, first, count int, commit bool) error {
	transactions, err := peer.transactions(transactionalID)
	if err != nil {
		return err
	}
	within, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	if err := transactions.client.BeginTransaction(); err != nil {
		return err
	}
	records := make([]*kgo.Record, count)
	for index := range records {
		records[index] = record(topic, first+index)
	}
	if err := transactions.client.ProduceSync(within, records...).FirstErr(); err != nil {
		return err
	}
	return transactions.client.EndTransaction(within, kgo.TransactionEndTry(commit))
}

// relay copies count records from topic to topic, exactly once: the offsets it read are part of the transactions it wrote in.
func (peer *Peer) relay(source, target, group, transactionalID string, count int) (string, error) {
	options := append(peer.memberOptions(group, source), kgo.TransactionalID(transactionalID), kgo.RequireStableFetchOffsets())
	session, err := kgo.NewGroupTransactSession(options...)
	if err != nil {
		return "", err
	}
	defer session.Close()
	relayed := 0
	for begin := time.Now(); relayed < count && time.Since(begin) < limit; {
		within, cancel := context.WithTimeout(context.Background(), time.Second)
		fetches := session.PollFetches(within)
		cancel()
		if fetches.NumRecords() == 0 {
			continue
		}
		if err := session.Begin(); err != nil {
			return "", err
		}
		fetches.EachRecord(func(one *kgo.Record) { session.Produce(context.Background(), record(target, valueOf(one)), nil) })
		committed, err := session.End(context.Background(), kgo.TryCommit)
		if err != nil {
			return "", err
		}
		if committed {
			relayed += fetches.NumRecords()
		}
	}
	return strconv.Itoa(relayed), nil
}
