// Made from src/cluster/verbs/ by `npx vitest run test/library -u`; not written by hand.
// biome-ignore-all format: generated

/** A node, a client, a selector (`leader(orders-0)`), `$name`, or a list of them. A number is a broker. */
export type Target = string | number | readonly (string | number)[];

/** What a verb came to. */
export interface VerbResult {
  /** Nodes, topics or partitions that it met. */
  readonly resolved: readonly string[];
  /** What the prompt would print. */
  readonly lines: readonly string[];
  /** What `as` would bind: of `produce` the offset, of `consume` the values. */
  readonly value: unknown;
  /** False: nothing changed its state, or nothing matched. */
  readonly effect: boolean;
}

/** What every verb takes beside its own arguments. */
export interface StepKeys {
  /** A name for what it resolved to, for `$name` in later calls. */
  readonly as?: string;
  /** How long a selector or the verb itself may wait: `60s`. */
  readonly timeout?: string;
}

/** What a fault takes, too. */
export interface FaultKeys extends StepKeys {
  /** Undone after this long: `20s`. */
  readonly during?: string;
}

/** Every verb as a method: its subject, then its options. */
export interface VerbMethods {
  /** Ends a process at once, as SIGKILL does. Its sockets close at once; what it had sent still arrives. The page cache survives, so nothing that was written is lost. Nobody is told: brokers are noticed by their session, consumers by theirs. At the prompt: `kill leader(orders-0)`. */
  kill(target: Target, options?: FaultKeys): Promise<VerbResult>;
  /** Asks a process to end, as SIGTERM does, and waits until it has. A broker does a controlled shutdown: it hands over its leaderships first. A client leaves its group and flushes. At the prompt: `stop broker-2`. */
  stop(target: Target, options?: FaultKeys): Promise<VerbResult>;
  /** Starts a node that does not run. Ends when the process runs, not when it serves. Started before its old session has ended, a broker does what the real one does: in ZooKeeper mode it exits, because its znode is still there; in KRaft mode its registration is refused and retried. At the prompt: `start broker-2`. */
  start(target: Target, options?: StepKeys): Promise<VerbResult>;
  /** Stops a node and starts it again. With `clean: false` it is killed instead of stopped. Ends when the new process runs. At the prompt: `restart broker-2 --clean false`. */
  restart(target: Target, options?: { readonly clean?: boolean } & FaultKeys): Promise<VerbResult>;
  /** Stops a process where it stands, as SIGSTOP or a long garbage collection does. Its sockets stay open and silent, its clock runs on. Resumed, it does all that came due meanwhile, and believes what it believed. At the prompt: `pause broker-2 --during 20s`. */
  pause(target: Target, options?: FaultKeys): Promise<VerbResult>;
  /** Lets a paused process go on, as SIGCONT does. At the prompt: `resume broker-2`. */
  resume(target: Target, options?: StepKeys): Promise<VerbResult>;
  /** Cuts the power of a machine. Its peers see silence, not closed sockets. What was not fsynced is lost: Kafka acknowledges records before it syncs them, and leaves their survival to the other replicas. At the prompt: `powerOff all(brokers)`. */
  powerOff(target: Target, options?: FaultKeys): Promise<VerbResult>;
  /** Empties the disks of a node that does not run. It comes back with no records and, in KRaft mode, with a new directory id. At the prompt: `wipe broker-2`. */
  wipe(target: Target, options?: StepKeys): Promise<VerbResult>;
  /** Multiplies a node's service times. Every request costs its processors that much more: it answers late, and its queue grows. At the prompt: `slowDown broker-1 --factor 10`. */
  slowDown(target: Target, options: { readonly factor: number } & FaultKeys): Promise<VerbResult>;
  /** Stops and starts brokers one after another, waiting in between until every ISR is full. The active controller comes last. `pause` waits that much more between two brokers; `noWait: true` does not wait for the ISRs. At the prompt: `rollingRestart brokers --pause 10s`. */
  rollingRestart(target?: Target, options?: { readonly pause?: string | number; readonly noWait?: boolean } & FaultKeys): Promise<VerbResult>;
  /** Parts the network into groups that cannot reach each other. Who is not named stays reachable by all, the quorum too. At the prompt: `partition 1,2 | 3`. */
  partition(groups: readonly (Target)[] | string, options?: FaultKeys): Promise<VerbResult>;
  /** Cuts a node off from everything. Clients and the quorum too. Several targets are cut off from each other as well. At the prompt: `isolate leader(orders-0)`. */
  isolate(target: Target, options?: FaultKeys): Promise<VerbResult>;
  /** Cuts a link: both ways with `between`, one way with `from` and `to`. Connections stay open and silent; what is sent is retransmitted, and arrives after healing unless somebody gave up first. At the prompt: `cut --from broker-1 --to controller`. */
  cut(options?: { readonly between?: readonly [Target, Target]; readonly from?: Target; readonly to?: Target } & FaultKeys): Promise<VerbResult>;
  /** Ends the faults of links, disks, clocks and requests: all of them, or those of a node. Processes come back by `start` and `resume`, not by this. At the prompt: `heal all`. */
  heal(target: Target, options?: StepKeys): Promise<VerbResult>;
  /** Adds latency to a link. Added to what there is, in each direction that is named. At the prompt: `delay --between 1,2 --latency 200ms --jitter 50ms`. */
  delay(options: { readonly between?: readonly [Target, Target]; readonly from?: Target; readonly to?: Target; readonly latency: string | number; readonly jitter?: string | number } & FaultKeys): Promise<VerbResult>;
  /** Loses a share of the packets of a link. Kafka speaks TCP: nothing is lost for good; it is seen as retransmission delay. At the prompt: `loss --between 1,2 --rate 5%`. */
  loss(options: { readonly between?: readonly [Target, Target]; readonly from?: Target; readonly to?: Target; readonly rate: string | number } & FaultKeys): Promise<VerbResult>;
  /** Limits how much a link carries. At the prompt: `bandwidth --between 1,all(brokers) --limit 1MiB/s`. */
  bandwidth(options: { readonly between?: readonly [Target, Target]; readonly from?: Target; readonly to?: Target; readonly limit: string | number } & FaultKeys): Promise<VerbResult>;
  /** Breaks the connections between two nodes, as a RST does. Both sides see it at once and may connect again; what was in flight is lost. At the prompt: `reset --between web,broker-1`. */
  reset(options?: { readonly between?: readonly [Target, Target] } & FaultKeys): Promise<VerbResult>;
  /** Keeps back the messages of a link, in order, until they are released. `release`, `heal` or the end of `during` delivers them all at once. At the prompt: `hold --from broker-2 --to broker-1`. */
  hold(options?: { readonly between?: readonly [Target, Target]; readonly from?: Target; readonly to?: Target } & FaultKeys): Promise<VerbResult>;
  /** Delivers all messages that `hold` keeps back. At the prompt: `release`. */
  release(options?: StepKeys): Promise<VerbResult>;
  /** Breaks a disk of a node: it fails, is full, slow, read-only, tears its last write, or flips a bit. `fail` is EIO: the log directory goes offline, and the broker lives on if it has another. `slow` is added to every fsync. `tear` waits for the next power loss. `corrupt` flips one bit of a stored batch; nobody notices before it is read. At the prompt: `disk broker-1 --fail`. */
  disk(target: Target, options?: { readonly dir?: number; readonly fail?: true; readonly full?: true; readonly readOnly?: true; readonly slow?: string | number; readonly tear?: true; readonly corrupt?: string } & FaultKeys): Promise<VerbResult>;
  /** Mends the disks of a node. A broker whose log directory had gone offline takes it back only when it is restarted, as the real one does. At the prompt: `repair broker-1`. */
  repair(target: Target, options?: StepKeys): Promise<VerbResult>;
  /** Moves a node's wall clock, or lets it drift. Only what reads the wall clock cares: time-based lag of followers, retention, timestamps. Sessions and heartbeats do not. At the prompt: `clock broker-1 --skew +5m`. */
  clock(target: Target, options?: { readonly skew?: string | number; readonly drift?: string | number } & FaultKeys): Promise<VerbResult>;
  /** Has a broker answer requests of one API with an error, late, never, or by closing the connection. The request is not handled; with `handled: true` it is, and then answered so: a lost acknowledgement. `count`, `onCall` or `probability` say which requests it meets, all of them if none does; all partitions of a request that it meets share its fate. At the prompt: `inject Produce --error NOT_LEADER_OR_FOLLOWER --broker 1 --topic orders --count 3`. */
  inject(api: string, options?: { readonly error?: string; readonly latency?: string | number; readonly disconnect?: true; readonly hang?: true; readonly handled?: boolean; readonly broker?: number; readonly topic?: string; readonly client?: string; readonly count?: number; readonly onCall?: number; readonly probability?: string | number } & FaultKeys): Promise<VerbResult>;
  /** Has a broker name the wrong leader of a topic in its Metadata answers. Clients that believe it go to a broker that does not lead, are refused, and ask again. Ends with `heal`. At the prompt: `staleMetadata orders --leader 2 --broker 1`. */
  staleMetadata(topic: string, options: { readonly leader: number; readonly broker?: number } & FaultKeys): Promise<VerbResult>;
  /** Ends a broker's session, as if it had been silent for too long. The process runs on. ZooKeeper mode: its znode goes, it learns so when it next hears from the ensemble, and registers anew with a new epoch. KRaft mode: it is fenced, and its next heartbeat unfences it. `session` names a session of ZooKeeper that is no broker’s, such as that of `zk` at the prompt. At the prompt: `expireSession broker-1`. */
  expireSession(target?: Target, options?: { readonly session?: string | number } & FaultKeys): Promise<VerbResult>;
  /** Has the controller elect leaders: the preferred ones, or any replica that lives. An unclean election brings a partition back whose ISR is gone, and may lose what only the ISR had. At the prompt: `electLeaders orders-0`. */
  electLeaders(partitions: string | readonly string[], options?: { readonly type?: 'preferred' | 'unclean' } & StepKeys): Promise<VerbResult>;
  /** Has the active controller resign, and waits until another one is active. KRaft: the leader of the quorum resigns, and the voters elect. ZooKeeper: its znode goes, and every broker tries to create it. At the prompt: `moveController`. */
  moveController(options?: FaultKeys): Promise<VerbResult>;
  /** Creates a topic, and waits until its partitions have leaders. Without `replicationFactor` it gets 3 (or as many as there are brokers); `assignment` lists the replicas of each partition. At the prompt: `createTopic payments --partitions 6 --replicationFactor 3`. */
  createTopic(topic: string | number, options?: { readonly partitions?: number; readonly replicationFactor?: number; readonly assignment?: readonly (readonly number[])[]; readonly config?: Readonly<Record<string, string | number | boolean>> } & StepKeys): Promise<VerbResult>;
  /** Deletes a topic, and waits until the authority has forgotten it. At the prompt: `deleteTopic payments`. */
  deleteTopic(topic: string, options?: StepKeys): Promise<VerbResult>;
  /** Raises the number of partitions of a topic. Keys hash to other partitions from then on; records that are there stay where they are. At the prompt: `addPartitions orders --partitions 6`. */
  addPartitions(topic: string, options: { readonly partitions: number } & StepKeys): Promise<VerbResult>;
  /** Sets or removes dynamic settings of a topic, of a broker, or of all brokers. At the prompt: `alterConfig --topic orders --set min.insync.replicas=1`. */
  alterConfig(options?: { readonly topic?: string; readonly broker?: number | 'default'; readonly set?: Readonly<Record<string, string | number | boolean>>; readonly remove?: readonly string[] } & StepKeys): Promise<VerbResult>;
  /** Moves the committed offsets of a group that has no members. As `kafka-consumer-groups --reset-offsets --execute` does; a number is an offset of every partition. At the prompt: `resetOffsets --group billing --topic orders --to earliest`. */
  resetOffsets(options: { readonly group: string; readonly topic: string; readonly to: 'earliest' | 'latest' | number } & StepKeys): Promise<VerbResult>;
  /** Deletes a group that has no members, and its committed offsets. As `kafka-consumer-groups --delete` does. At the prompt: `deleteGroup billing`. */
  deleteGroup(group: string, options?: StepKeys): Promise<VerbResult>;
  /** Allows a client something, or denies it. Brokers ask ACLs where `authorizer.class.name` is set. A client is `User:` and its name, and `*` is everybody. `topic`, `group` and `transactionalId` take a name, `*`, or with `prefixed` the beginning of names; `cluster` is the cluster itself. `remove` takes the ACL back. At the prompt: `acl --allow web --operation Write --topic orders`. */
  acl(options?: { readonly allow?: string | number; readonly deny?: string | number; readonly operation?: string | number; readonly topic?: string | number; readonly group?: string | number; readonly transactionalId?: string | number; readonly cluster?: true; readonly prefixed?: true; readonly host?: string | number; readonly remove?: true } & StepKeys): Promise<VerbResult>;
  /** Limits how much a client may ask of each broker. A client is the user of its name, all its members together; `default` is every user without a quota of its own. `requests` is a share of one handler thread in percent, `mutations` counts partitions created or deleted a second. `remove` takes all of them back. At the prompt: `quota --client web --produce 1MiB/s`. */
  quota(options: { readonly client: string | number; readonly produce?: string | number; readonly consume?: string | number; readonly requests?: number; readonly mutations?: number; readonly remove?: true } & StepKeys): Promise<VerbResult>;
  /** Adds a client that goes on by itself, and starts it: a producer, the consumers of a group, or a transformer. It is what stands under `clients:` in a scenario. `stopClient` ends it in an orderly way, `kill` at once; `set` changes the rate of a producer. At the prompt: `addClient web --produce orders --rate 100/s --config acks=all`. */
  addClient(name: string | number, options?: { readonly produce?: string; readonly consume?: string | readonly string[]; readonly transform?: Readonly<Record<string, unknown>>; readonly rate?: string | number; readonly keys?: number; readonly valueSize?: string | number; readonly members?: number; readonly group?: string; readonly transaction?: Readonly<Record<string, unknown>>; readonly process?: string | number; readonly commit?: 'before' | 'after' | 'auto'; readonly config?: Readonly<Record<string, string | number | boolean>>; readonly start?: boolean } & StepKeys): Promise<VerbResult>;
  /** Starts a client that does not run: one that `start: false` held back, or that ended. At the prompt: `startClient web`. */
  startClient(client: string, options?: StepKeys): Promise<VerbResult>;
  /** Closes a client in an orderly way, and waits until it has ended. A producer flushes what it was given; a consumer commits and leaves its group. At the prompt: `stopClient billing`. */
  stopClient(client: string, options?: StepKeys): Promise<VerbResult>;
  /** Sends one record with a producer made for it, and waits for its outcome. The producer has the defaults of its release, and `linger.ms` 0. With `as:` the offset is kept. At the prompt: `produce orders --key k --value v --acks all`. */
  produce(topic: string, options: { readonly partition?: number; readonly key?: string | number; readonly value: string | number; readonly acks?: 'all' | 0 | 1 } & StepKeys): Promise<VerbResult>;
  /** Reads records of a topic with a consumer made for it, without a group. From the earliest record or an offset it ends at the present end of the log; from the latest it waits for what comes. With `as:` the values are kept. At the prompt: `consume orders --from earliest --max 10`. */
  consume(topic: string, options?: { readonly from?: 'earliest' | 'latest' | number; readonly max?: number } & StepKeys): Promise<VerbResult>;
  /** Commits a client's open transaction, and waits until its coordinator has said so. The client begins the next one at once. Readers of committed records may see the records a moment later. At the prompt: `commit etl`. */
  commit(client: string, options?: StepKeys): Promise<VerbResult>;
  /** Aborts a client's open transaction, and waits until its coordinator has said so. What was sent in it stays in the logs, and readers of committed records pass over it. At the prompt: `abort etl`. */
  abort(client: string, options?: StepKeys): Promise<VerbResult>;
  /** Changes the rate at which a client produces. Its members share the rate evenly. At the prompt: `set web --rate 500/s`. */
  set(client: string, options: { readonly rate: string | number } & StepKeys): Promise<VerbResult>;
  /** Says what must be true: now, within a time, or for a time. A failed expectation fails the run and skips the steps after it; what stands under `finally` is judged all the same. At the prompt: `expect orders-0.isr.size == 3 within 30s`. */
  expect(expression: string | boolean, options?: StepKeys): Promise<VerbResult>;
  /** Lets virtual time pass. At the prompt: `wait 3s`. */
  wait(duration: string | number, options?: StepKeys): Promise<VerbResult>;
  /** Waits until an expression is true, up to its `within` or the timeout of the step (60s). Like `expect`, but a run in which it does not come true is inconclusive, not failed: the situation never arose. At the prompt: `waitFor billing.state == Stable`. */
  waitFor(expression: string | boolean, options?: StepKeys): Promise<VerbResult>;
  /** Gives a name to the present value of an expression, for $name later. At the prompt: `let before = orders-0.leo`. */
  let(options?: Readonly<Record<string, string | number | boolean | readonly (string | number)[]>> & StepKeys): Promise<VerbResult>;
  /** Runs any line that the prompt takes: a tool of Kafka’s, a question, another verb. A line that fails fails its step. In a scenario it cannot move in time. At the prompt: `run kafka-topics --describe --topic orders`. */
  run(line: string | number, options?: StepKeys): Promise<VerbResult>;
  /** Keeps the state of the cluster at this moment under a name. It goes into the report of a scenario (`--json`): nodes, partitions and groups. At the prompt, `time goto NAME` comes back to this moment. At the prompt: `snapshot before`. */
  snapshot(name: string | number, options?: StepKeys): Promise<VerbResult>;
  /** Tells the people who watch something. At the prompt: `say Now the leader dies.`. */
  say(text: string | number, options?: StepKeys): Promise<VerbResult>;
}
