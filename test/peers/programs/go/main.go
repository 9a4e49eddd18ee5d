// Answers the lines of the flow (see ../../line-driver.ts) with franz-go: flow-peer BOOTSTRAP
package main

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
	"strings"
)

// Peer holds what outlives one line: the load, the members of the group, and the transactional producers.
type Peer struct {
	bootstrap []string
	load      *Load
	members   []*Member
	sessions  map[string]*Transactions
}

func main() {
	peer := &Peer{bootstrap: strings.Split(os.Args[1], ","), sessions: map[string]*Transactions{}}
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() && lines.Text() != "quit" {
		answer, err := peer.answer(strings.Fields(lines.Text()))
		if err != nil {
			fmt.Println("error", strings.ReplaceAll(err.Error(), "\n", " "))
		} else {
			fmt.Println("ok", answer)
		}
	}
}

func number(word string) int {
	value, err := strconv.Atoi(word)
	if err != nil {
		panic(err)
	}
	return value
}

func (peer *Peer) answer(words []string) (string, error) {
	arguments := words[1:]
	switch words[0] {
	case "create":
		return "", peer.create(arguments[0], number(arguments[1]), number(arguments[2]))
	case "describe":
		return peer.describe(arguments[0])
	case "topics":
		return peer.topics()
	case "delete":
		return "", peer.delete(arguments[0])
	case "produce":
		return "", peer.produce(arguments[0], arguments[1], number(arguments[2]), number(arguments[3]))
	case "read":
		return peer.read(arguments[0], arguments[1], number(arguments[2]))
	case "committed":
		return peer.committed(arguments[0], arguments[1])
	case "load":
		load, err := startLoad(peer, arguments[0])
		peer.load = load
		return "", err
	case "loaded":
		return strconv.Itoa(peer.load.count()), nil
	case "unload":
		return peer.load.stop(), nil
	case "group":
		return "", peer.startGroup(arguments[0], number(arguments[1]), arguments[2])
	case "grouped":
		return strconv.Itoa(peer.grouped()), nil
	case "ungroup":
		return peer.stopGroup(), nil
	case "transact":
		return "", peer.transact(arguments[0], arguments[1], number(arguments[2]), number(arguments[3]), arguments[4] == "commit")
	case "relay":
		return peer.relay(arguments[0], arguments[1], arguments[2], arguments[3], number(arguments[4]))
	}
	return "", fmt.Errorf("no such verb: %s", words[0])
}
