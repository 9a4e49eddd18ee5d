import { z } from 'zod';
import { parseDuration } from '../units.ts';
import * as argument from './arguments.ts';
import type { Verb } from './verb.ts';

/** `+5m`, `-30s`: in milliseconds. */
function parseSkew(text: string): number | undefined {
  const match = /^([+-]?)(.+)$/.exec(text);
  const us = match && parseDuration(match[2]!);
  return us === null || us === undefined ? undefined : Math.round(us / 1000) * (match![1] === '-' ? -1 : 1);
}

/** `200ppm`, `-50ppm`. */
function parseDrift(text: string): number | undefined {
  const match = /^([+-]?\d+)ppm$/.exec(text);
  return match ? Number(match[1]) : undefined;
}

const args = z
  .strictObject({ target: argument.target(), skew: argument.text().optional(), drift: argument.text().optional() })
  .superRefine(({ skew, drift }, context) => {
    if ((skew === undefined) === (drift === undefined))
      context.addIssue({ code: 'custom', message: 'say either skew: +5m or drift: 200ppm' });
    if (skew !== undefined && parseSkew(skew) === undefined)
      context.addIssue({ code: 'custom', path: ['skew'], message: `"${skew}" is not a skew such as +5m or -30s` });
    if (drift !== undefined && parseDrift(drift) === undefined)
      context.addIssue({ code: 'custom', path: ['drift'], message: `"${drift}" is not a drift such as 200ppm` });
  });

export const clock: Verb<typeof args> = {
  name: 'clock',
  family: 'clock',
  summary: "moves a node's wall clock, or lets it drift",
  details:
    'Only what reads the wall clock cares: time-based lag of followers, retention, timestamps. Sessions and heartbeats do not.',
  examples: [
    { yaml: 'clock: broker-1\n  skew: +5m', prompt: 'clock broker-1 --skew +5m' },
    { yaml: 'clock: broker-1\n  drift: 200ppm', prompt: 'clock broker-1 --drift 200ppm' },
  ],
  subject: 'target',
  args,
  fault: true,
  apply(run, { target, skew, drift }) {
    run.targets(
      target,
      (nodes) => {
        const clocks = nodes.map((node) => run.cluster.nodes.get(node)!.control.clock);
        const skewMs = skew === undefined ? 0 : parseSkew(skew)!;
        for (const wall of clocks) {
          if (skew !== undefined) wall.skew(skewMs);
          else wall.drift(parseDrift(drift!)!);
        }
        const undo = () => {
          for (const wall of clocks) {
            if (skew !== undefined) wall.skew(-skewMs);
            else wall.drift(0);
          }
        };
        run.done({ resolved: nodes, effect: { name: 'clock', nodes, healable: true, undo } });
      },
      () => true,
    );
  },
};
