import { api } from '../api.ts';
import { array, bool, float64, int16, int32, string, struct, type Value } from '../schema.ts';

/** Sets or removes the quotas of users, client ids and addresses. */
export const AlterClientQuotas = api({
  key: 49,
  name: 'AlterClientQuotas',
  versions: '0-1',
  flexible: 1,
  offered: { '3.9': '0-1', '4.0': '0-1', '4.1': '0-1', '4.2': '0-1' },
  listeners: ['zkBroker', 'broker', 'controller'],
  request: struct({
    entries: array(
      struct({
        entity: array(
          struct({
            entityType: string(),
            entityName: string({ nullable: '0+' }),
          }),
        ),
        ops: array(
          struct({
            key: string(),
            value: float64(),
            remove: bool(),
          }),
        ),
      }),
    ),
    validateOnly: bool(),
  }),
  response: struct({
    throttleTimeMs: int32(),
    entries: array(
      struct({
        errorCode: int16(),
        errorMessage: string({ nullable: '0+' }),
        entity: array(
          struct({
            entityType: string(),
            entityName: string({ nullable: '0+' }),
          }),
        ),
      }),
    ),
  }),
});

export type AlterClientQuotasRequest = Value<typeof AlterClientQuotas.request>;
export type AlterClientQuotasRequestEntryData = AlterClientQuotasRequest['entries'][number];
export type AlterClientQuotasRequestEntityData = AlterClientQuotasRequestEntryData['entity'][number];
export type AlterClientQuotasRequestOpData = AlterClientQuotasRequestEntryData['ops'][number];

export type AlterClientQuotasResponse = Value<typeof AlterClientQuotas.response>;
export type AlterClientQuotasResponseEntryData = AlterClientQuotasResponse['entries'][number];
export type AlterClientQuotasResponseEntityData = AlterClientQuotasResponseEntryData['entity'][number];
