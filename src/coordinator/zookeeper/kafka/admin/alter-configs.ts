/** IncrementalAlterConfigs (44) and AlterConfigs (33): any broker writes the settings, then a notification for all brokers. */
import {
  AlterConfigs,
  type AlterConfigsRequest,
  type AlterConfigsResponse,
} from '../../../../protocol/apis/33-alter-configs.ts';
import {
  type IncrementalAlterConfigsRequestAlterableConfig as Alteration,
  IncrementalAlterConfigs,
  type IncrementalAlterConfigsRequest,
  type IncrementalAlterConfigsResponse,
} from '../../../../protocol/apis/44-incremental-alter-configs.ts';
import { ErrorCode } from '../../../../protocol/errors.ts';
import { ZkCode } from '../../ensemble/codes.ts';
import { CreateFlag } from '../../ensemble/messages.ts';
import type { Task } from '../task.ts';
import {
  CONFIG_CHANGES_PATH,
  configPath,
  decodeConfig,
  encodeConfig,
  encodeConfigChange,
  entityPath,
} from '../znodes.ts';
import { type Admin, type Refusal, refuse } from './admin.ts';

const TOPIC = 2;
const BROKER = 4;
const SET = 0;
const DELETE = 1;
const APPEND = 2;
const SUBTRACT = 3;

interface Change {
  readonly resourceType: number;
  readonly resourceName: string;
  readonly names: readonly string[];
  /** The settings that a resource is to have, made from those that it has. */
  readonly alter: (type: 'topic' | 'broker', before: ReadonlyMap<string, string>) => Map<string, string> | Refusal;
}

export function* incrementalAlterConfigs(
  admin: Admin,
  { resources, validateOnly }: IncrementalAlterConfigsRequest,
): Task<IncrementalAlterConfigsResponse> {
  const responses = [];
  for (const { resourceType, resourceName, configs } of resources) {
    const alter: Change['alter'] = (type, before) => {
      const after = new Map(before);
      for (const alteration of configs) {
        const refusal = alterOne(admin, type, after, alteration);
        if (refusal !== null) return refusal;
      }
      return after;
    };
    responses.push(
      yield* alterResource(
        admin,
        { resourceType, resourceName, names: configs.map(({ name }) => name), alter },
        validateOnly ? 'check' : 'write',
      ),
    );
  }
  return IncrementalAlterConfigs.response.make({ responses });
}

/** The older form says all settings that a resource is to have. */
export function* alterConfigs(
  admin: Admin,
  { resources, validateOnly }: AlterConfigsRequest,
): Task<AlterConfigsResponse> {
  const responses = [];
  for (const { resourceType, resourceName, configs } of resources) {
    const alter: Change['alter'] = (type) => {
      const after = new Map<string, string>();
      for (const { name, value } of configs) {
        const refusal = alterOne(admin, type, after, { name, value, configOperation: SET });
        if (refusal !== null) return refusal;
      }
      return after;
    };
    responses.push(
      yield* alterResource(
        admin,
        { resourceType, resourceName, names: configs.map(({ name }) => name), alter },
        validateOnly ? 'check' : 'write',
      ),
    );
  }
  return AlterConfigs.response.make({ responses });
}

function* alterResource(
  admin: Admin,
  { resourceType, resourceName, names, alter }: Change,
  mode: 'check' | 'write',
): Task<{ resourceType: number; resourceName: string; errorCode: number; errorMessage: string | null }> {
  const answer = (refusal: Refusal | null) => ({
    resourceType,
    resourceName,
    ...(refusal ?? { errorCode: ErrorCode.NONE, errorMessage: null }),
  });
  const type = resourceType === TOPIC ? 'topic' : resourceType === BROKER ? 'broker' : null;
  if (type === null) {
    return answer(refuse(ErrorCode.INVALID_REQUEST, `resources of type ${resourceType} have no settings here`));
  }
  if (type === 'topic' && !admin.image().topics.has(resourceName)) {
    return answer(refuse(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, `there is no topic ${resourceName}`));
  }
  const of = resourceName === '' ? 'all-brokers' : 'one-broker';
  const fixed = type === 'topic' ? [] : names.flatMap((name) => admin.settings.checkDynamic(name, of) ?? []);
  if (fixed.length > 0) return answer(refuse(ErrorCode.INVALID_REQUEST, fixed[0]!));
  const { zk } = admin;
  const path = configPath(type, resourceName);
  const { data } = yield* zk.getData(path);
  const after = alter(type, decodeConfig(data));
  if ('errorCode' in after) return answer(after);
  if (mode === 'check') return answer(null);
  const written = yield* zk.setData(path, encodeConfig(after), -1);
  if (written.err === ZkCode.NO_NODE) yield* zk.create(path, encodeConfig(after));
  const notification = encodeConfigChange(entityPath(type, resourceName));
  yield* zk.create(`${CONFIG_CHANGES_PATH}/config_change_`, notification, CreateFlag.sequential);
  return answer(null);
}

/** Changes one of `settings`, or says why not. */
function alterOne(
  { settings: { listDefault, checkTopicConfig, checkBrokerConfig } }: Admin,
  type: 'topic' | 'broker',
  settings: Map<string, string>,
  { name, value, configOperation }: Alteration,
): Refusal | null {
  if (configOperation === DELETE) {
    settings.delete(name);
    return null;
  }
  if (value === null) return refuse(ErrorCode.INVALID_CONFIG, `${name} is null`);
  let wanted = value;
  if (configOperation === APPEND || configOperation === SUBTRACT) {
    const initial = listDefault(name);
    if (initial === undefined) return refuse(ErrorCode.INVALID_CONFIG, `${name} is not a list`);
    const present = (settings.get(name) ?? initial).split(',').filter((item) => item !== '');
    const given = value.split(',');
    const kept =
      configOperation === APPEND
        ? [...present, ...given.filter((item) => !present.includes(item))]
        : present.filter((item) => !given.includes(item));
    wanted = kept.join(',');
  } else if (configOperation !== SET) {
    return refuse(ErrorCode.INVALID_REQUEST, `there is no operation ${configOperation}`);
  }
  const reason = type === 'topic' ? checkTopicConfig(name, wanted) : checkBrokerConfig(name, wanted);
  if (reason !== null) return refuse(ErrorCode.INVALID_CONFIG, reason);
  settings.set(name, wanted);
  return null;
}
