import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fingerprint, linkNew, makeDirectory, openForReading, removeFile, syncDirectory, systemCode, writeNewFile } from '../../src/transports/durable-file.ts';
import { sha256 } from './conformance.ts';

const systemCodeOf = (work: Promise<unknown>): Promise<string | undefined> => work.then(() => undefined, systemCode);

describe('durable files', () => {
  let directory: string;
  const path = (name: string): string => join(directory, name);
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'wharf-durable-'));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  it('writes a new file with its permissions, and never over another or through a link', async () => {
    await writeNewFile(path('a'), Buffer.from('content'), 0o640);
    expect(readFileSync(path('a'), 'utf8')).toBe('content');
    expect(statSync(path('a')).mode & 0o777 & ~0o640).toBe(0);
    expect(await systemCodeOf(writeNewFile(path('a'), Buffer.from('other'), 0o640))).toBe('EEXIST');
    expect(readFileSync(path('a'), 'utf8')).toBe('content');
    symlinkSync(path('elsewhere'), path('link'));
    expect(await systemCodeOf(writeNewFile(path('link'), Buffer.from('x'), 0o640))).toBe('EEXIST');
    expect(readdirSync(directory).toSorted()).toEqual(['a', 'link']);
  });

  it('leaves nothing of a file whose bytes failed half way', async () => {
    const failing = (async function* () {
      yield Buffer.from('half');
      throw new Error('the source broke');
    })();
    await expect(writeNewFile(path('a'), failing, 0o640)).rejects.toThrow('the source broke');
    expect(readdirSync(directory)).toEqual([]);
  });

  it('links only to a free name', async () => {
    writeFileSync(path('temporary'), 'new');
    writeFileSync(path('final'), 'old');
    expect(await linkNew(path('temporary'), path('final'))).toBe(false);
    expect(readFileSync(path('final'), 'utf8')).toBe('old');
    expect(await linkNew(path('temporary'), path('free'))).toBe(true);
    expect(readdirSync(directory).toSorted()).toEqual(['final', 'free']);
  });

  it('of many linking to one name at once, one wins', async () => {
    const sources = Array.from({ length: 20 }, (_, at) => path(`s${at}`));
    for (const source of sources) writeFileSync(source, source);
    const won = await Promise.all(sources.map((source) => linkNew(source, path('final'))));
    expect(won.filter(Boolean)).toHaveLength(1);
    expect(readFileSync(path('final'), 'utf8')).toBe(sources[won.indexOf(true)]);
  });

  it('does not wait for a pipe and does not follow a link', async () => {
    execFileSync('mkfifo', [path('pipe')]);
    await (await openForReading(path('pipe'))).close();
    symlinkSync('/etc/passwd', path('link'));
    expect(await systemCodeOf(openForReading(path('link')))).toBe('ELOOP');
  });

  it('knows a file by size and hash', async () => {
    const content = Buffer.alloc(700_001, 'wharf');
    writeFileSync(path('a'), content);
    expect(await fingerprint(path('a'))).toEqual({ size: content.length, sha256: sha256(content) });
    expect(await fingerprint(path('none'))).toBeUndefined();
  });

  it('removing what is not there is no error', async () => {
    writeFileSync(path('a'), '');
    expect([await removeFile(path('a')), await removeFile(path('a'))]).toEqual([true, false]);
  });

  it('makes folders within folders, also where they exist', async () => {
    await makeDirectory(path('one/two/three'));
    await makeDirectory(path('one/two/three'));
    expect(statSync(path('one/two/three')).isDirectory()).toBe(true);
  });

  it('syncs asked for at once share their work, and a later one is a new one', async () => {
    const first = syncDirectory(directory);
    const second = syncDirectory(directory);
    expect(syncDirectory(directory)).toBe(second);
    expect(second).not.toBe(first);
    await Promise.all([first, second]);
    const later = syncDirectory(directory);
    expect(later).not.toBe(second);
    await later;
    expect(await systemCodeOf(syncDirectory(path('none')))).toBe('ENOENT');
    expect(await systemCodeOf(syncDirectory(path('none')))).toBe('ENOENT');
  });
});
