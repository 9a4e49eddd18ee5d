/** The settings of a subscription of client metrics (KIP-714), as `ClientMetricsConfigs` checks them. */

const MIN_INTERVAL_MS = 100;
const MAX_INTERVAL_MS = 3_600_000;
const MATCHED = [
  'client_instance_id',
  'client_id',
  'client_software_name',
  'client_software_version',
  'client_source_address',
  'client_source_port',
];

/** Why a subscription cannot have this, or null. */
export function clientMetricsProblem(name: string, value: string): string | null {
  switch (name) {
    case 'metrics':
      return null;
    case 'interval.ms': {
      const ms = Number(value);
      const fits = Number.isInteger(ms) && ms >= MIN_INTERVAL_MS && ms <= MAX_INTERVAL_MS;
      return fits ? null : `interval.ms is a whole number from ${MIN_INTERVAL_MS} to ${MAX_INTERVAL_MS}, not ${value}`;
    }
    case 'match': {
      const wrong = value.split(',').find((pattern) => !MATCHED.includes(pattern.split('=')[0]!.trim()));
      return wrong === undefined || value === ''
        ? null
        : `match names ${wrong}, which is none of ${MATCHED.join(', ')}`;
    }
    default:
      return `${name} is no configuration of a client metrics subscription`;
  }
}
