import { readFileSync } from 'node:fs';

const EXAMPLE = 'test/library/example';

function file(name: string): string {
  return `\`\`\`ts\n// ${name}\n${readFileSync(`${EXAMPLE}/${name}`, 'utf8').trimEnd()}\n\`\`\``;
}

/** docs/library.md, with the example as it is tested. */
export function withExample(page: string): string {
  const block = `<!-- example -->\n\n${file('invoices.ts')}\n\n${file('invoices.test.ts')}\n\n<!-- /example -->`;
  return page.replace(/<!-- example -->[\s\S]*<!-- \/example -->/, () => block);
}
