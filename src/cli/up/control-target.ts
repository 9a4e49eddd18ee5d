/** What a running cluster answers to other processes. */
import type { ControlAnswer, ControlTarget } from '../../gateway/control/messages.ts';
import type { LiveCluster } from '../../gateway/live-cluster.ts';
import { statusLines } from '../../tools/questions/status.ts';
import { replyObject } from '../../tools/reply-object.ts';
import { healthOf, nodesOf, partitionsOf } from '../../tools/view-cluster.ts';

export function controlTarget(live: LiveCluster, end: () => void): ControlTarget {
  return {
    async run(line) {
      const reply = await live.execute(line);
      const { ok, lines } = reply;
      return { ok, lines, data: replyObject(line, reply, live.cluster.timeUs) };
    },
    status: () => statusOf(live),
    env() {
      const servers = live.bootstrapServers.join(',');
      const lines = servers === '' ? [] : [`KAFKA_BOOTSTRAP_SERVERS=${servers}`];
      return { ok: true, lines, data: { bootstrapServers: live.bootstrapServers } };
    },
    down() {
      const violations = live.session.checker?.violations() ?? [];
      const lines = violations.map(
        ({ invariant, atUs, message }) =>
          `${invariant} was violated at ${((atUs - (live.cluster.zeroUs ?? 0)) / 1e6).toFixed(3)}s: ${message}`,
      );
      return { ok: violations.length === 0, lines: lines.length === 0 ? ['ended; no invariant was violated'] : lines };
    },
    end,
  };
}

/** Healthy: every broker and replica online, one controller, nothing under-replicated or offline. */
function statusOf({ cluster, session, bootstrapServers }: LiveCluster): ControlAnswer {
  const { model, options } = cluster;
  const health = healthOf(model, options);
  const ok = health.every(({ tone }) => tone === 'good' || tone === 'plain');
  const data = {
    healthy: ok,
    mode: cluster.mode,
    timeMs: Math.round(cluster.timeUs / 1000),
    bootstrapServers,
    health: Object.fromEntries(health.map(({ label, value }) => [label, value])),
    nodes: nodesOf(model, options).map(({ name, state, role }) => ({ name, state, role })),
    partitions: partitionsOf(model),
  };
  return { ok, lines: [ok ? 'healthy' : 'not healthy', ...statusLines(session)], data };
}
