/** What a controller answers on its port: Raft's requests, its brokers', and administrators', wrapped or direct. */
import type { Context } from '../../../kernel/api.ts';
import { Fetch } from '../../../protocol/apis/01-fetch.ts';
import { ApiVersions } from '../../../protocol/apis/18-api-versions.ts';
import { Vote } from '../../../protocol/apis/52-vote.ts';
import { BeginQuorumEpoch } from '../../../protocol/apis/53-begin-quorum-epoch.ts';
import { EndQuorumEpoch } from '../../../protocol/apis/54-end-quorum-epoch.ts';
import { Envelope, type EnvelopeRequest } from '../../../protocol/apis/58-envelope.ts';
import { BrokerHeartbeat, type BrokerHeartbeatRequest } from '../../../protocol/apis/63-broker-heartbeat.ts';
import { ErrorCode } from '../../../protocol/errors.ts';
import type { Api } from '../../../protocol/schema.ts';
import type { RpcService, ServerRequest } from '../../../rpc/api.ts';
import type { QuorumMember } from '../quorum/quorum-member.ts';
import { CONTROLLER_APIS, controllerApi } from './apis.ts';
import { unwrapRequest, wrapResponse } from './envelope.ts';
import type { QuorumController } from './quorum-controller.ts';

/** What one request costs the controller's processor. */
const SERVICE_US = 50;

const RAFT_APIS: readonly Api[] = [Fetch, Vote, BeginQuorumEpoch, EndQuorumEpoch];
const OTHER_APIS: readonly Api[] = [ApiVersions, Envelope];
const OFFERED = new Map<number, Api>();
for (const api of [...RAFT_APIS, ...OTHER_APIS, ...CONTROLLER_APIS.map((entry) => entry.api)])
  OFFERED.set(api.key, api);
const RAFT_KEYS = new Set(RAFT_APIS.map(({ key }) => key));

export class ControllerService implements RpcService {
  private readonly context: Context;
  private readonly member: QuorumMember;
  private readonly controller: QuorumController;

  constructor(context: Context, member: QuorumMember, controller: QuorumController) {
    this.context = context;
    this.member = member;
    this.controller = controller;
  }

  versionsOf(apiKey: number): { readonly min: number; readonly max: number } | undefined {
    return OFFERED.get(apiKey)?.offered['4.2'] ?? undefined;
  }

  handle(request: ServerRequest): void {
    if (RAFT_KEYS.has(request.api.key)) this.member.handle(request);
    else this.context.cpu.run(SERVICE_US, this.work, request);
  }

  private readonly work = (request: ServerRequest): void => {
    const { controller } = this;
    switch (request.api.key) {
      case ApiVersions.key:
        request.respond(describeApis());
        return;
      case Envelope.key:
        this.unwrap(request);
        return;
      case BrokerHeartbeat.key: {
        const { brokerId, brokerEpoch } = request.body as BrokerHeartbeatRequest;
        controller.touch(brokerId, brokerEpoch);
        break;
      }
    }
    const entry = controllerApi(request.api.key);
    if (entry === undefined) request.close();
    else controller.decide(entry, request.body, (response) => request.respond(response));
  };

  /** The envelope itself says NOT_CONTROLLER, so that the broker tries elsewhere. */
  private unwrap(request: ServerRequest): void {
    const forwarded = unwrapRequest((request.body as EnvelopeRequest).requestData);
    if (forwarded === undefined) {
      request.respond(Envelope.response.make({ errorCode: ErrorCode.INVALID_REQUEST }));
      return;
    }
    this.controller.decide(forwarded.entry, forwarded.body, (response, errorCode) => {
      const responseData = errorCode === ErrorCode.NONE ? wrapResponse(forwarded, response) : null;
      request.respond(Envelope.response.make({ errorCode, responseData }));
    });
  }
}

function describeApis(): unknown {
  const apiKeys: { apiKey: number; minVersion: number; maxVersion: number }[] = [];
  for (const api of [...OFFERED.values()].sort((a, b) => a.key - b.key)) {
    const range = api.offered['4.2'];
    if (range !== null) apiKeys.push({ apiKey: api.key, minVersion: range.min, maxVersion: range.max });
  }
  return ApiVersions.response.make({ apiKeys });
}
