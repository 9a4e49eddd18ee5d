import { defineEvents } from './api.ts';

/** What happens to machines, processes, disks and the network by themselves; nothing here knows Kafka. */
export const kernelEvents = defineEvents({
  'process-started': { fields: ['incarnation'], level: 'notable', about: 'A program was started in a fresh process.' },
  'process-killed': { fields: ['incarnation'], level: 'notable', about: 'A process ended at once, as by SIGKILL.' },
  'termination-requested': {
    fields: ['incarnation'],
    level: 'notable',
    about: 'A process was asked to end, as by SIGTERM.',
  },
  'process-stopped': {
    fields: ['incarnation', 'code', 'reason'],
    level: 'notable',
    about: 'A process ended by itself.',
  },
  'process-paused': { fields: ['incarnation'], level: 'notable', about: 'A process stands still, as by SIGSTOP.' },
  'process-resumed': { fields: ['incarnation'], level: 'notable', about: 'A process that stood still runs again.' },
  'process-slowed': { fields: ['factor'], level: 'notable', about: "A machine's service times were multiplied." },
  'machine-powered-off': {
    fields: ['lostFiles', 'lostBytes'],
    level: 'notable',
    about: 'A machine lost its power, and with it every byte and file name that was not durable.',
  },
  'link-rule-installed': {
    fields: ['rule', 'effect', 'nodes'],
    level: 'notable',
    about: 'The network began to misbehave; `nodes` are those that it was told to part, empty where nobody named any.',
  },
  'link-rule-removed': { fields: ['rule', 'hits'], level: 'notable', about: 'A rule over the network was lifted.' },
  'connection-opened': {
    fields: ['connection', 'to', 'port'],
    level: 'detail',
    about: 'A connection stands, as its connecting side sees it.',
  },
  'connection-refused': {
    fields: ['connection', 'to', 'port'],
    level: 'detail',
    about: 'Nobody listened where a connection was tried.',
  },
  'connection-closed': {
    fields: ['connection', 'remote', 'port', 'reason'],
    level: 'detail',
    about: 'A process saw its connection end.',
  },
  'disk-failed': { fields: ['disk', 'fault'], level: 'notable', about: 'Operations of a disk began to fail.' },
  'disk-mended': { fields: ['disk', 'hits'], level: 'notable', about: 'A failing disk works again.' },
  'disk-slowed': { fields: ['disk', 'extraUs'], level: 'notable', about: 'Syncs of a disk take longer.' },
  'disk-torn': {
    fields: ['disk', 'path', 'size'],
    level: 'notable',
    about: 'A power loss left half of the last write that was not synced.',
  },
  'disk-corrupted': { fields: ['disk', 'path', 'position'], level: 'notable', about: 'One bit of a file was flipped.' },
  'disk-wiped': { fields: ['disk', 'files'], level: 'notable', about: 'A disk was emptied.' },
  'clock-skewed': { fields: ['deltaMs'], level: 'notable', about: 'A wall clock was moved.' },
  'clock-drifted': { fields: ['ppm'], level: 'notable', about: 'A wall clock began to run fast or slow.' },
});
