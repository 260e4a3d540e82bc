import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { actOptions, commonOptions } from '../src/cli/command.ts';
import { commands } from '../src/cli/commands.ts';
import { catalogue } from '../src/errors.ts';
import { faultMatrix } from './support/fault-matrix.ts';

/** `WHARF_UPDATE_DOCS=1 npx vitest run test/docs.test.ts` writes the tables anew: read the difference before it is committed. */
const update = process.env['WHARF_UPDATE_DOCS'] === '1';
const root = join(import.meta.dirname, '..');
const loaded = await Promise.all(Object.entries(commands).map(async ([name, load]) => ({ name, command: await load() })));

const table = (heads: readonly string[], rows: readonly (readonly string[])[]): string =>
  [heads, heads.map(() => '---'), ...rows]
    .map((row) => `|${row.map((cell, index) => (row[index] === '---' ? cell : ` ${cell.replaceAll('|', '\\|')} `)).join('|')}|\n`)
    .join('');

function commandTable(): string {
  return table(
    ['command', 'what it does'],
    loaded.map(({ name, command }) => [`\`wharf ${`${name} ${command.usage}`.trim()}\``, command.summary]),
  );
}

function optionTable(): string {
  const common = Object.entries(commonOptions).map(([option, kind]) => ['every command', option, kind] as const);
  const acting = Object.entries(actOptions).map(([option, kind]) => ['every command that acts', option, kind] as const);
  const own = loaded.flatMap(({ name, command }) => Object.entries(command.options ?? {}).map(([option, kind]) => [`\`${name}\``, option, kind] as const));
  return table(
    ['command', 'option', 'meaning'],
    [...common, ...acting, ...own].map(([name, option, kind]) => [name, `\`--${`${option} ${kind.value ?? ''}`.trim()}\``, kind.help]),
  );
}

function errorTable(): string {
  const rows = Object.entries(catalogue).map(([code, entry]) => [`\`${code}\`${'retryable' in entry ? ' ↻' : ''}`, entry.meaning, entry.remedy]);
  return table(['code', 'meaning', 'what to do'], rows);
}

/** The tests that have `fault/A1` in their names: the files that hold them, by fault. */
function testsOfFaults(): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  const files = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !/^(support|docs)\b/.test(file),
  );
  for (const file of files.toSorted()) {
    const ids = readFileSync(join(import.meta.dirname, file), 'utf8').matchAll(/fault\/([A-J]\d+)\b/g);
    for (const id of new Set([...ids].map((match) => match[1]!))) found.set(id, [...(found.get(id) ?? []), file]);
  }
  return found;
}

function faultTable(): string {
  const tests = testsOfFaults();
  const rows = faultMatrix.map(({ id, fault, stories = [], why = '' }) => {
    const files = (tests.get(id) ?? []).map((file) => `\`test/${file}\``);
    return [id, fault, [...files, ...stories.map((story) => `\`samples/${story}\``)].join(', ') || `no: ${why}`];
  });
  return table(['fault', 'what happens', 'shown by'], rows);
}

test('every fault has a test or a reason why not, and every test names one that is known', () => {
  const tests = testsOfFaults();
  const known = new Set(faultMatrix.map(({ id }) => id));
  for (const id of tests.keys()) expect(known, id).toContain(id);
  for (const { id, stories = [], why } of faultMatrix) {
    expect((tests.get(id) ?? []).length + stories.length > 0, id).toBe(why === undefined);
    for (const story of stories) expect(existsSync(join(root, 'samples', story)), story).toBe(true);
  }
});

describe('tables say what the code says', () => {
  test.each([
    ['docs/commands.md', 'commands', commandTable],
    ['docs/commands.md', 'options', optionTable],
    ['docs/errors.md', 'errors', errorTable],
    ['docs/reliability.md', 'faults', faultTable],
  ] as const)('%s: %s', (file, name, make) => {
    const path = join(root, file);
    const text = readFileSync(path, 'utf8');
    const block = new RegExp(`<!-- ${name} -->\n([\\s\\S]*?)<!-- end -->`);
    expect(text).toMatch(block);
    if (update)
      writeFileSync(
        path,
        text.replace(block, () => `<!-- ${name} -->\n${make()}<!-- end -->`),
      );
    expect(block.exec(readFileSync(path, 'utf8'))?.[1]).toBe(make());
  });
});

/** Pages that people read, by their path from the root. */
const pages = ['README.md', 'docs', 'partners', 'samples']
  .flatMap((name) => (name.endsWith('.md') ? [name] : readdirSync(join(root, name), { recursive: true, encoding: 'utf8' }).map((file) => join(name, file))))
  .filter((file) => file.endsWith('.md'));

/** The command that words after `wharf` name, if any. */
function commandOf(words: string): string | undefined {
  const [first = '', second = ''] = words.split(/\s+/);
  return Object.hasOwn(commands, `${first} ${second}`) ? `${first} ${second}` : Object.hasOwn(commands, first) ? first : undefined;
}

describe('every command that a text names is one', () => {
  test.each(Object.entries(catalogue))('remedy of %s', (_code, { remedy }) => {
    for (const [, words = ''] of remedy.matchAll(/`wharf ([^`]*)`/g)) expect(commandOf(words), words).toBeDefined();
  });

  test.each(pages)('%s', (file) => {
    const text = readFileSync(join(root, file), 'utf8');
    for (const [, words = ''] of text.matchAll(/`(?:npx )?wharf ([a-z][^`]*)`/g)) expect(commandOf(words), words).toBeDefined();
  });
});

test('every command and option has its words, and names are told apart by them', () => {
  for (const { name, command } of loaded) {
    expect(command.summary, name).toMatch(/^\w.*[^.]$/);
    for (const [option, { type, value }] of Object.entries(command.options ?? {})) expect(type === 'string', `${name} --${option}`).toBe(value !== undefined);
  }
  expect(new Set(loaded.map(({ command }) => command.summary)).size).toBe(loaded.length);
});
