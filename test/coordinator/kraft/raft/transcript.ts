/**
 * Transcripts: files of stanzas (`#` prose, a command line, `----`, what was seen). The file is its own snapshot: it is
 * parsed, executed, and rendered anew with what really happened.
 */
export function renderTranscript(text: string, execute: (command: string) => readonly string[]): string {
  const lines: string[] = [];
  let seen = false;
  for (const line of text.split('\n')) {
    if (line === '----') {
      seen = true;
    } else if (line === '') {
      if (lines.at(-1) !== '') lines.push('');
      seen = false;
    } else if (!seen) {
      lines.push(line);
      if (!line.startsWith('#')) lines.push('----', ...execute(line));
    }
  }
  while (lines.at(-1) === '') lines.pop();
  return `${lines.join('\n')}\n`;
}
