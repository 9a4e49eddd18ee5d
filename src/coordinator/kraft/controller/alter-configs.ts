/**
 * IncrementalAlterConfigs (44) and the older AlterConfigs (33): dynamic settings of topics, brokers, groups and subscriptions of client metrics
 * (ConfigurationControlManager). The settings of subscriptions are kept, and nobody acts on them.
 */
import {
  AlterConfigs,
  type AlterConfigsRequest,
  type AlterConfigsResponse,
} from '../../../protocol/apis/33-alter-configs.ts';
import {
  type IncrementalAlterConfigsRequestAlterableConfig as Alteration,
  type IncrementalAlterConfigsRequestAlterConfigsResource as AlteredResource,
  IncrementalAlterConfigs,
  type IncrementalAlterConfigsRequest,
  type IncrementalAlterConfigsResponse,
} from '../../../protocol/apis/44-incremental-alter-configs.ts';
import { RESOURCE } from '../../../protocol/config-resource.ts';
import { ErrorCode } from '../../../protocol/errors.ts';
import { configKey } from '../metadata/apply.ts';
import { CONFIG_BROKER, CONFIG_TOPIC, type MetadataRecord } from '../metadata/records.ts';
import { clientMetricsProblem } from './client-metrics-configs.ts';
import type { Refusal } from './create-topics.ts';
import { type ControllerState, type Decision, elrEnabled } from './state.ts';

const SET = 0;
const DELETE = 1;
const APPEND = 2;
const SUBTRACT = 3;

const MIN_ISR = 'min.insync.replicas';

export function decideAlterConfigs(
  state: ControllerState,
  request: IncrementalAlterConfigsRequest,
): Decision<IncrementalAlterConfigsResponse> {
  const records: MetadataRecord[] = [];
  const responses = request.resources.map((resource) => {
    const { resourceType, resourceName } = resource;
    const altered = alter(state, resource);
    if ('errorCode' in altered) return { resourceType, resourceName, ...altered };
    records.push(...altered);
    return { resourceType, resourceName, errorMessage: null };
  });
  const response = IncrementalAlterConfigs.response.make({ responses });
  return { records: request.validateOnly ? [] : records, reason: 'config-changed', response };
}

/** The older form says all settings that a resource is to have: whatever it leaves out is taken back. */
export function decideReplaceConfigs(
  state: ControllerState,
  request: AlterConfigsRequest,
): Decision<AlterConfigsResponse> {
  const { validateOnly } = request;
  const resources = request.resources.map(({ resourceType, resourceName, configs }) => {
    const present = state.metadata.configs.get(configKey({ resourceType, resourceName })) ?? new Map<string, string>();
    const left = [...present.keys()].filter((name) => !configs.some((config) => config.name === name));
    return {
      resourceType,
      resourceName,
      configs: [
        ...configs.map(({ name, value }) => ({ name, value, configOperation: SET })),
        ...left.map((name) => ({ name, value: null, configOperation: DELETE })),
      ],
    };
  });
  const { response, ...decision } = decideAlterConfigs(state, { resources, validateOnly });
  return { ...decision, response: AlterConfigs.response.make(response) };
}

const refuse = (errorCode: number, errorMessage: string): Refusal => ({ errorCode, errorMessage });

function alter(state: ControllerState, resource: AlteredResource): MetadataRecord[] | Refusal {
  const unknown = checkResource(state, resource);
  if (unknown !== null) return unknown;
  const { resourceType, resourceName } = resource;
  const records: MetadataRecord[] = [];
  for (const alteration of resource.configs) {
    const { name } = alteration;
    const outcome = newValue(state, resource, alteration);
    if (outcome !== null && typeof outcome === 'object') return outcome;
    const before = state.metadata.config(configKey(resource), name) ?? null;
    // A broker acts on its settings each time they are written, so those are written even if unchanged.
    if (outcome === before && resourceType !== CONFIG_BROKER) continue;
    records.push({ kind: 'config', resourceType, resourceName, name, value: outcome });
    if (name === MIN_ISR && elrEnabled(state)) {
      if (resourceType === CONFIG_BROKER && (resourceName !== '' || outcome === null)) {
        return refuse(ErrorCode.INVALID_CONFIG, `${MIN_ISR} of brokers is set for the whole cluster while ELR is on`);
      }
      records.push({ kind: 'clear-elr', topicName: resourceType === CONFIG_TOPIC ? resourceName : '' });
    }
  }
  return records;
}

function checkResource(state: ControllerState, { resourceType, resourceName }: AlteredResource): Refusal | null {
  switch (resourceType) {
    case CONFIG_TOPIC:
      if (state.metadata.topics.has(resourceName)) return null;
      return refuse(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, `there is no topic ${resourceName}`);
    case CONFIG_BROKER: {
      const id = Number(resourceName);
      if (resourceName === '' || state.metadata.brokers.has(id) || state.config.voters.includes(id)) return null;
      return refuse(ErrorCode.BROKER_ID_NOT_REGISTERED, `no broker ${resourceName} is registered`);
    }
    case RESOURCE.group:
      return resourceName === '' ? refuse(ErrorCode.INVALID_REQUEST, 'a group has a name') : null;
    case RESOURCE.clientMetrics:
      return resourceName === ''
        ? refuse(ErrorCode.INVALID_REQUEST, 'a subscription of client metrics has a name')
        : null;
    default:
      return refuse(ErrorCode.INVALID_REQUEST, `resources of type ${resourceType} have no settings here`);
  }
}

/** The value that a setting gets, null to take it away, or why not. */
function newValue(state: ControllerState, resource: AlteredResource, alteration: Alteration): string | null | Refusal {
  const { name, value, configOperation } = alteration;
  if (resource.resourceType === CONFIG_BROKER) {
    const fixed = state.config.checkDynamic(name, resource.resourceName === '' ? 'all-brokers' : 'one-broker');
    if (fixed !== null) return refuse(ErrorCode.INVALID_REQUEST, fixed);
  }
  if (configOperation === DELETE) return null;
  if (value === null) return refuse(ErrorCode.INVALID_CONFIG, `${name} is null`);
  let wanted = value;
  if (configOperation === APPEND || configOperation === SUBTRACT) {
    const initial = state.config.listDefault(name);
    if (initial === undefined) return refuse(ErrorCode.INVALID_CONFIG, `${name} is not a list`);
    const set = state.metadata.config(configKey(resource), name) ?? initial;
    const present = set.split(',').filter((item) => item !== '');
    const given = value.split(',');
    const kept =
      configOperation === APPEND
        ? [...present, ...given.filter((item) => !present.includes(item))]
        : present.filter((item) => !given.includes(item));
    wanted = kept.join(',');
  } else if (configOperation !== SET) {
    return refuse(ErrorCode.INVALID_REQUEST, `there is no operation ${configOperation}`);
  }
  const reason = valueProblem(state, resource.resourceType, name, wanted);
  return reason === null ? wanted : refuse(ErrorCode.INVALID_CONFIG, reason);
}

function valueProblem({ config }: ControllerState, resourceType: number, name: string, value: string): string | null {
  switch (resourceType) {
    case CONFIG_TOPIC:
      return config.checkTopicConfig(name, value);
    case RESOURCE.group:
      return config.checkGroupConfig(name, value);
    case RESOURCE.clientMetrics:
      return clientMetricsProblem(name, value);
    default:
      return config.checkBrokerConfig(name, value);
  }
}
