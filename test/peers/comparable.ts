/** What must be equal of what a real tool and the prompt print: everything but times, addresses, and what is of one process. */

/** A stack trace, and the exception in front of it. */
const STACK =
  /^\s+at |^Caused by: |^\s*Suppressed: |^\s*\.\.\. \d+ more$|^(java|joptsimple|scala|org\.apache\.kafka|net\.sourceforge)\S*(Exception|Error)(: |$)/;
const LOG = /^log4j:WARN|^Option --\S+ is deprecated/;
/** What kzsim says below the words of a tool. */
const OURS = /^`[\w-]+ --help` lists what it takes$|^did you mean .*\?$/;

/** Java's sets have no order: `[[to-latest], [shift-by]]`, `[group], [all-groups]`, `Valid states are: Empty, Stable`. */
const SETS = /(?<=: |combination ")\[\[.*?\]\]|(?:\[[\w-]+\](?:, )?){2,}$|(?<=states are: ).*$/;

export function comparable(lines: readonly string[], version: string): readonly string[] {
  const older = version.startsWith('3.');
  const kept = withoutUsage(lines.filter((text) => !STACK.test(text) && !LOG.test(text))).map((text) =>
    text
      .trimEnd()
      .replaceAll(/\b1[67]\d{11}\b/g, 'TIME')
      .replaceAll(/--bootstrap-server \S+ /g, '')
      .replaceAll(/\/\S*kzsim-plans-\w+(\/disk)?/g, '')
      .replaceAll(/\b(localhost:)\d+\b/g, '$1PORT')
      .replaceAll(/\b(made\.|plain|ass|[bcgt]|web)[ab]\b|\b[ab](-group)\b/g, '$1$2')
      .replace(/(?<=to update the config for broker |for broker |--broker )[12]\b/, 'N')
      .replace(/^(HighWatermark|MaxFollowerLagTimeMs): .*/, '$1')
      .replace(SETS, (set) => (set.match(/[\w-]+/g) ?? []).sort().join(' ')),
  );
  const timed = kept.map((text) => (/\tTIME/.test(text) ? text.replaceAll(/\t\d+ +\t/g, '\t') : text));
  while (timed.at(-1) === '') timed.pop();
  // The tables of some tools of 3.9 have lost their line ends; at the prompt they have them.
  return older ? [timed.join(' ').replaceAll(/\s+/g, ' ').trim()] : timed;
}

/** Without the options of the tool, which stand behind a mistake in the line, or our pointer to them. */
function withoutUsage(lines: readonly string[]): readonly string[] {
  const table = lines.findIndex((text) => /^Option .*Description/.test(text));
  if (table >= 0) return lines.slice(0, table);
  const error = lines.findIndex((text) => /^[\w.-]+: +error: /.test(text));
  // It is wrapped to the width of a terminal, words and all.
  if (error >= 0 && !OURS.test(lines[error]!))
    return [
      lines
        .slice(error)
        .filter((text) => !OURS.test(text))
        .join(' ')
        .replaceAll(/\s+/g, '')
        .replace(/Didyoumean:.*$/, ''),
    ];
  return lines.filter((text) => !OURS.test(text));
}
