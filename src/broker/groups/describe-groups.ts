/**
 * DescribeGroups, versions 0–6: state and members of classic groups. Who is not there is Dead; from version 6 on that is an error.
 * Kafka's `GroupMetadataManager.describeGroups`.
 */
import { DescribeGroups, type DescribeGroupsResponseDescribedGroup } from '../../protocol/apis/15-describe-groups.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import type { ClassicGroup, Member } from './classic-group.ts';
import { NO_ASSIGNMENT } from './classic-group.ts';
import { metadataOf } from './protocol-choice.ts';

type Described = DescribeGroupsResponseDescribedGroup;

const FIRST_WITH_NOT_FOUND = 6;
/** Read, delete, describe, and describe and alter configs: what an ACL can allow on a group. */
const ALL_GROUP_OPERATIONS = (1 << 3) | (1 << 6) | (1 << 8) | (1 << 10) | (1 << 11);

/** The operations that the caller may do, if it asked for them. */
export function authorizedOperations(asked: boolean): { readonly authorizedOperations?: number } {
  return asked ? { authorizedOperations: ALL_GROUP_OPERATIONS } : {};
}

const described = (init: Parameters<typeof DescribeGroups.response.make>[0]): Described =>
  DescribeGroups.response.make(init).groups[0]!;

export function refuseDescription(groupId: string, errorCode: number): Described {
  return described({ groups: [{ groupId, errorCode }] });
}

export function describeGroup(group: ClassicGroup | undefined, groupId: string, version: number): Described {
  if (group === undefined) {
    if (version < FIRST_WITH_NOT_FOUND) return described({ groups: [{ groupId, groupState: 'Dead' }] });
    return described({
      groups: [
        {
          groupId,
          groupState: 'Dead',
          errorCode: ErrorCode.GROUP_ID_NOT_FOUND,
          errorMessage: `Group ${groupId} not found.`,
        },
      ],
    });
  }
  const { state, protocolType, members } = group;
  // A protocol that is being chosen anew says nothing about the members' metadata.
  const protocol = state === 'Stable' ? group.protocol : null;
  return described({
    groups: [
      {
        groupId,
        groupState: state,
        protocolType: protocolType ?? '',
        protocolData: protocol ?? '',
        members: [...members.values()].map((member) => describeMember(member, protocol)),
      },
    ],
  });
}

function describeMember(member: Member, protocol: string | null): Described['members'][number] {
  return {
    memberId: member.memberId,
    groupInstanceId: member.instanceId,
    clientId: member.clientId,
    clientHost: member.clientHost,
    memberMetadata: protocol === null ? NO_ASSIGNMENT : metadataOf(member, protocol),
    memberAssignment: member.assignment,
  };
}
