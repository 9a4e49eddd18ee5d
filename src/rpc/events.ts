import { defineEvents } from '../kernel/api.ts';

/** Requests and responses, as their receivers see them. */
export const rpcEvents = defineEvents({
  'request-received': {
    fields: ['api', 'version', 'correlation', 'from', 'connection', 'sentAtUs'],
    level: 'message',
    about: 'A request arrived at a server.',
  },
  'response-received': {
    fields: ['api', 'correlation', 'from', 'connection', 'sentAtUs', 'error'],
    level: 'message',
    about: 'A response arrived at the client. `error` is the code at its top, if its version has one.',
  },
  'request-rejected': {
    fields: ['apiKey', 'version', 'from', 'connection', 'reason'],
    level: 'detail',
    about: 'A server closed a connection over a request that it cannot parse or does not offer; `reason` says which.',
  },
  'connection-idled': {
    fields: ['from', 'connection', 'maxIdleUs'],
    level: 'detail',
    about: 'A server closed a connection that nobody had used for so long (connections.max.idle.ms).',
  },
  'response-unsendable': {
    fields: ['api', 'version', 'from', 'connection', 'problem'],
    level: 'notable',
    about:
      'The answer to a real client does not fit the version that it asked in (a bug of kzsim): its connection is closed.',
  },
  'request-timed-out': {
    fields: ['api', 'correlation', 'to', 'sent'],
    level: 'detail',
    about: 'A client gave up waiting for a response; if the request was sent, it drops the connection.',
  },
  'connection-attempt-timed-out': {
    fields: ['to', 'port'],
    level: 'detail',
    about: 'A client gave up waiting for a connection to stand.',
  },
  'request-intercepted': {
    fields: ['api', 'correlation', 'from', 'with', 'handled'],
    level: 'detail',
    about: 'An injected fault decided what happens to a request.',
  },
});
