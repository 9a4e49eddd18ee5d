/**
 * Authorisation stands in front of the handlers, and they know nothing of it (Kafka has it inside `KafkaApis`). A guard takes what is
 * not allowed out of a request, lets the handler answer the rest, and puts the refusals into that answer. Where no authorizer is
 * configured there are no guards.
 */
import { CLUSTER_NAME, ResourceType } from '../../protocol/acl.ts';
import type { Api, RequestOf, ResponseOf } from '../../protocol/schema.ts';
import type { Peer, ServerRequest } from '../../rpc/api.ts';
import type { BrokerServices } from '../services.ts';
import type { Authorizer, Subject } from './authorizer.ts';

export type Next = (request: ServerRequest) => void;

export interface Guard {
  readonly api: Api;
  pass(asker: Asker, request: ServerRequest, next: Next): void;
}

/** Who asks, with everything that a guard looks at. */
export class Asker {
  readonly services: BrokerServices;
  private readonly authorizer: Authorizer;
  private readonly subject: Subject;

  constructor(services: BrokerServices, authorizer: Authorizer, peer: Peer) {
    this.services = services;
    this.authorizer = authorizer;
    this.subject = peer.identity;
  }

  may(operation: number, resourceType: number, name: string): boolean {
    return this.authorizer.allows(this.subject, operation, resourceType, name);
  }

  mayOnTopic(operation: number, topic: string): boolean {
    return this.authorizer.allows(this.subject, operation, ResourceType.topic, topic);
  }

  mayOnCluster(operation: number): boolean {
    return this.authorizer.allows(this.subject, operation, ResourceType.cluster, CLUSTER_NAME);
  }

  maySomewhere(operation: number, resourceType: number): boolean {
    return this.authorizer.allowsSomewhere(this.subject, operation, resourceType);
  }

  operationsOn(resourceType: number, name: string): number {
    return this.authorizer.operationsOn(this.subject, resourceType, name);
  }

  topicName(topicId: string): string | undefined {
    return this.services.coordination.image.topicById(topicId)?.name;
  }
}

/** How a guard lets a request go on: with this body, and with the answer completed. */
type GoOn<A extends Api> = (body: RequestOf<A>, complete?: (response: ResponseOf<A>) => ResponseOf<A>) => void;

/** A guard of one API. The only place where a body, which the codec has checked, gets its type. */
export function guard<A extends Api>(
  api: A,
  check: (asker: Asker, request: ServerRequest<RequestOf<A>>, goOn: GoOn<A>) => void,
): Guard {
  return {
    api,
    pass(asker, request, next) {
      const goOn: GoOn<A> = (body, complete) => {
        if (complete === undefined) next(request);
        else next(new GuardedRequest(request, body, complete as (response: unknown) => unknown));
      };
      check(asker, request as ServerRequest<RequestOf<A>>, goOn);
    },
  };
}

/** A guard that lets a request pass whole, or answers it with a refusal. */
export function gate<A extends Api>(
  api: A,
  mayPass: (asker: Asker, body: RequestOf<A>) => boolean,
  refusal: (body: RequestOf<A>) => ResponseOf<A>,
): Guard {
  return guard(api, (asker, request, goOn) => {
    if (mayPass(asker, request.body)) goOn(request.body);
    else request.respond(refusal(request.body));
  });
}

/** What is allowed, and what is not, each in its order. */
export function part<T>(items: readonly T[], allowed: (item: T) => boolean): { kept: T[]; refused: T[] } {
  const kept: T[] = [];
  const refused: T[] = [];
  for (const item of items) (allowed(item) ? kept : refused).push(item);
  return { kept, refused };
}

/** The allowed part of a request. */
class GuardedRequest implements ServerRequest {
  readonly api: Api;
  readonly version: number;
  readonly correlationId: number;
  readonly body: unknown;
  readonly exclusive: boolean;
  readonly peer: Peer;
  private readonly whole: ServerRequest;
  private readonly complete: (response: unknown) => unknown;

  constructor(whole: ServerRequest, body: unknown, complete: (response: unknown) => unknown) {
    this.api = whole.api;
    this.version = whole.version;
    this.correlationId = whole.correlationId;
    this.body = body;
    this.exclusive = whole.exclusive;
    this.peer = whole.peer;
    this.whole = whole;
    this.complete = complete;
  }

  respond(body: unknown): void {
    this.whole.respond(this.complete(body));
  }

  /** Of acks=0 alone; there a refusal closes the connection, as every error does. */
  noResponse(): void {
    this.whole.close();
  }

  close(): void {
    this.whole.close();
  }
}
