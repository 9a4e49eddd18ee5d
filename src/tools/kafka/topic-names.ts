/** Which topics a tool means. */
import { Metadata } from '../../protocol/apis/03-metadata.ts';
import { ToolError } from './failure.ts';

/** Asks for these topics, `null` for all. No topic comes to be by being asked for. */
export function metadataRequest(names: readonly string[] | null) {
  return Metadata.request.make({ topics: names?.map((name) => ({ name })) ?? null, allowAutoTopicCreation: false });
}

/** A list of names and regular expressions, as `--topic` and `--include` take it (TopicFilter). Throws. */
export function topicFilter(text: string): RegExp {
  const expression = text
    .trim()
    .replaceAll(',', '|')
    .replaceAll(' ', '')
    .replace(/^["']+|["']+$/g, '');
  try {
    return new RegExp(`^(?:${expression})$`);
  } catch {
    throw new ToolError('RuntimeException', `${expression} is an invalid regex.`);
  }
}
