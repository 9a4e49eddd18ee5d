import { z } from 'zod';
import { DeleteTopics } from '../../protocol/apis/20-delete-topics.ts';
import { administer } from './administration.ts';
import * as argument from './arguments.ts';
import type { Verb } from './verb.ts';

const args = z.strictObject({ topic: argument.topic() });

export const deleteTopic: Verb<typeof args> = {
  name: 'deleteTopic',
  family: 'administration',
  summary: 'deletes a topic, and waits until the authority has forgotten it',
  examples: [{ yaml: 'deleteTopic: payments', prompt: 'deleteTopic payments' }],
  subject: 'topic',
  args,
  fault: false,
  apply(run, { topic }) {
    const body = DeleteTopics.request.make({ topics: [{ name: topic }], topicNames: [topic], timeoutMs: 30_000 });
    administer(
      run,
      DeleteTopics,
      body,
      topic,
      (response) => response.responses,
      () =>
        run.until(
          () => !run.cluster.model.authority.topics.has(topic),
          (inTime) => (inTime ? run.done({ resolved: [topic] }) : run.fail('it was still there when the time was up')),
        ),
    );
  },
};
