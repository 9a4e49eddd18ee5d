import { api } from '../api.ts';
import { array, bool, float64, int8, int16, int32, string, struct, type Value } from '../schema.ts';

/** Asks for the quotas of users, client ids and addresses. */
export const DescribeClientQuotas = api({
  key: 48,
  name: 'DescribeClientQuotas',
  versions: '0-1',
  flexible: 1,
  offered: { '3.9': '0-1', '4.0': '0-1', '4.1': '0-1', '4.2': '0-1' },
  listeners: ['zkBroker', 'broker'],
  request: struct({
    components: array(
      struct({
        entityType: string(),
        matchType: int8(),
        match: string({ nullable: '0+' }),
      }),
    ),
    strict: bool(),
  }),
  response: struct({
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string({ nullable: '0+' }),
    entries: array(
      struct({
        entity: array(
          struct({
            entityType: string(),
            entityName: string({ nullable: '0+' }),
          }),
        ),
        values: array(
          struct({
            key: string(),
            value: float64(),
          }),
        ),
      }),
      { nullable: '0+' },
    ),
  }),
});

export type DescribeClientQuotasRequest = Value<typeof DescribeClientQuotas.request>;
export type ComponentData = DescribeClientQuotasRequest['components'][number];

export type DescribeClientQuotasResponse = Value<typeof DescribeClientQuotas.response>;
export type DescribeClientQuotasResponseEntryData = NonNullable<DescribeClientQuotasResponse['entries']>[number];
export type DescribeClientQuotasResponseEntityData = DescribeClientQuotasResponseEntryData['entity'][number];
export type ValueData = DescribeClientQuotasResponseEntryData['values'][number];
