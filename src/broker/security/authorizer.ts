/** Who may do what on this broker (KIP-11): the ACLs of its metadata, super users, and what holds where no ACL speaks (`authorizer.class.name`). */
import type { Config } from '../../config/config.ts';
import type { MetadataImage } from '../../coordinator/index.ts';
import { CLUSTER_NAME, ResourceType } from '../../protocol/acl.ts';

/** Who asks, and from where. */
export interface Subject {
  /** `User:alice`. */
  readonly principal: string;
  readonly host: string;
}

/** What can be done to each type of resource, as `authorizedOperations` fields count it. */
const OPERATIONS: Readonly<Record<number, readonly number[]>> = {
  [ResourceType.topic]: [3, 4, 5, 6, 7, 8, 10, 11],
  [ResourceType.group]: [3, 6, 8, 10, 11],
  [ResourceType.cluster]: [5, 7, 8, 9, 10, 11, 12],
};

export class Authorizer {
  private readonly image: () => MetadataImage;
  private readonly superUsers: ReadonlySet<string>;
  private readonly allowsWithoutRules: boolean;

  constructor(config: Config, image: () => MetadataImage) {
    this.image = image;
    this.superUsers = new Set(
      config
        .string('super.users')
        .split(';')
        .map((user) => user.trim()),
    );
    this.allowsWithoutRules = config.boolean('allow.everyone.if.no.acl.found');
  }

  allows({ principal, host }: Subject, operation: number, resourceType: number, resourceName: string): boolean {
    if (this.superUsers.has(principal)) return true;
    const decision = this.image().security.acls.decide({ principal, host, operation, resourceType, resourceName });
    return decision === 'no-rules' ? this.allowsWithoutRules : decision === 'allowed';
  }

  allowsOnCluster(subject: Subject, operation: number): boolean {
    return this.allows(subject, operation, ResourceType.cluster, CLUSTER_NAME);
  }

  /** Whether there is any resource of the type to which it may be done. */
  allowsSomewhere({ principal, host }: Subject, operation: number, resourceType: number): boolean {
    // A name that no ACL knows stands for all that no ACL speaks of.
    if (this.allows({ principal, host }, operation, resourceType, 'hardcode')) return true;
    return this.image().security.acls.allowsSomewhere({ principal, host, operation, resourceType });
  }

  /** One bit for each operation that is allowed. */
  operationsOn(subject: Subject, resourceType: number, resourceName: string): number {
    let bits = 0;
    for (const operation of OPERATIONS[resourceType] ?? []) {
      if (this.allows(subject, operation, resourceType, resourceName)) bits |= 1 << operation;
    }
    return bits;
  }
}

/** Null: everything is allowed, and nobody asks. */
export function authorizerOf(config: Config, image: () => MetadataImage): Authorizer | null {
  return config.string('authorizer.class.name') === '' ? null : new Authorizer(config, image);
}
