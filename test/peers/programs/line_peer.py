"""Answers the lines of the flow (see ../line-driver.ts) for a Python client, which the two drivers beside this file bring.

A client is an object with: create, describe, topics, delete, produce, committed, read, transact, relay (one call, one answer), and
make_load(topic), make_member(group, topic), which give objects with step() and close(); each of them is run by a thread of its own.
"""

import sys
import threading
import time
import traceback

PAD = "x" * 80
LOAD_PERIOD_S = 0.002
MOST_OUTSTANDING = 2000
QUIET_S = 0.5
SILENCE_S = 8.0


def key_of(number):
    return b"k%d" % (number % 10)


def value_of(number):
    return b"%d-%s" % (number, PAD.encode())


def number_of(value):
    return int(value.split(b"-", 1)[0])


def listed(numbers):
    return ",".join(map(str, numbers)) or "-"


class Load(threading.Thread):
    """Sends numbers from 0 on, one every two milliseconds, until it is stopped; keeps who was acknowledged and who failed."""

    def __init__(self, client, topic):
        super().__init__(daemon=True)
        self.acknowledged, self.failed = [], []
        self.sent = 0
        self.stopping = False
        self.client, self.topic = client, topic

    def settle(self, number, error):
        (self.failed if error else self.acknowledged).append(number)
        if error:
            print(f"load: {number}: {error}", file=sys.stderr)

    def run(self):
        sender = self.client.make_load(self.topic, self.settle)
        next_s = time.monotonic()
        while not self.stopping:
            if self.sent - len(self.acknowledged) - len(self.failed) < MOST_OUTSTANDING:
                sender.send(self.sent)
                self.sent += 1
            next_s = max(next_s + LOAD_PERIOD_S, time.monotonic() - 0.05)
            sender.wait(max(0.0, next_s - time.monotonic()))
        sender.close()

    def stop(self):
        self.stopping = True
        self.join()


class Member(threading.Thread):
    """One consumer of the group: reads, remembers, commits what it read."""

    def __init__(self, client, group, topic, name):
        super().__init__(daemon=True)
        self.received = []
        self.stopping = False
        self.make = lambda: client.make_member(group, topic, name)

    def run(self):
        member = self.make()
        while not self.stopping:
            try:
                self.received.extend(number_of(value) for value in member.step())
            except Exception:
                traceback.print_exc()
                time.sleep(0.1)
        member.close()

    def stop(self):
        self.stopping = True
        self.join()


def read_to_end(poll, at_least):
    """Reads until `at_least` records came and half a second brought no more, or nothing comes. `poll` gives (partition, value) pairs."""
    found = {}
    count = 0
    last_s = time.monotonic()
    while time.monotonic() - last_s < (QUIET_S if count >= at_least else SILENCE_S):
        for partition, value in poll():
            found.setdefault(partition, []).append(number_of(value))
            count += 1
            last_s = time.monotonic()
    return ";".join(f"{partition}:{listed(numbers)}" for partition, numbers in sorted(found.items())) or "-"


class Peer:
    def __init__(self, client):
        self.client = client
        self.load = None
        self.members = []

    def answer(self, verb, words):
        if verb == "load":
            self.load = Load(self.client, words[0])
            self.load.start()
        elif verb == "loaded":
            return str(len(self.load.acknowledged))
        elif verb == "unload":
            self.load.stop()
            return f"{listed(self.load.acknowledged)} {listed(self.load.failed)}"
        elif verb == "group":
            self.members = [Member(self.client, words[0], words[2], str(index)) for index in range(int(words[1]))]
            for member in self.members:
                member.start()
        elif verb == "grouped":
            return str(len({number for member in self.members for number in list(member.received)}))
        elif verb == "ungroup":
            for member in self.members:
                member.stop()
            return listed([number for member in self.members for number in member.received])
        else:
            result = getattr(self.client, verb)(*[int(word) if word.isdigit() else word for word in words])
            return "" if result is None else str(result)
        return ""


def serve(client):
    peer = Peer(client)
    for line in sys.stdin:
        verb, *words = line.split()
        if verb == "quit":
            break
        try:
            print("ok", peer.answer(verb, words), flush=True)
        except Exception as error:
            traceback.print_exc()
            print("error", type(error).__name__, str(error).replace("\n", " "), flush=True)
