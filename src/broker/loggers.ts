/**
 * The loggers that a broker of the release names, all at their initial levels (log4j.properties and log4j2.yaml of the distribution).
 * kzsim writes no such logs: the trace stands in their place.
 */
export const LOGGERS: readonly (readonly [string, string])[] = [
  ['kafka', 'INFO'],
  ['kafka.authorizer.logger', 'INFO'],
  ['kafka.controller', 'INFO'],
  ['kafka.log.LogCleaner', 'INFO'],
  ['kafka.network.RequestChannel$', 'WARN'],
  ['kafka.request.logger', 'WARN'],
  ['org.apache.kafka', 'INFO'],
  ['root', 'INFO'],
  ['state.change.logger', 'INFO'],
];
