import { spawnSync } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { WharfError } from '../errors.ts';

const MOST = 512 * 1024 * 1024;

/**
 * The YAML files of the repository around a folder as a revision has them, by the absolute path they have in the work tree.
 * @throws WharfError NOT_FOUND when there is no repository or no such revision.
 */
export function filesAtRevision(folder: string, revision: string): ReadonlyMap<string, Uint8Array> {
  const top = git(folder, ['rev-parse', '--show-toplevel']).toString('utf8').trim();
  const wanted = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`];
  const commit = git(top, wanted, `there is no revision ${revision} in ${top}`).toString('utf8').trim();
  const entries = git(top, ['ls-tree', '-r', '-z', commit])
    .toString('utf8')
    .split('\0')
    .flatMap((line) => {
      const match = /^\d+ blob ([0-9a-f]+)\t(.*\.yaml)$/s.exec(line);
      return match ? [{ id: match[1]!, name: match[2]! }] : [];
    });
  const blobs = git(top, ['cat-file', '--batch'], undefined, entries.map(({ id }) => `${id}\n`).join(''));
  // The folder may be reached by a link, and its files go by the path that was given.
  const root = resolve(folder, relative(realpathSync(folder), realpathSync(top)));
  const files = new Map<string, Uint8Array>();
  let at = 0;
  for (const { name } of entries) {
    const begin = blobs.indexOf('\n', at) + 1;
    const size = Number(blobs.toString('latin1', at, begin).split(' ')[2]);
    files.set(join(root, name), blobs.subarray(begin, begin + size));
    at = begin + size + 1;
  }
  return files;
}

function git(folder: string, args: readonly string[], otherwise?: string, input?: string): Buffer {
  const run = spawnSync('git', ['-C', folder, ...args], { input: input ?? '', maxBuffer: MOST });
  if (run.error) throw new WharfError('NOT_FOUND', `git cannot be run: ${run.error.message}`, { cause: run.error });
  if (run.status !== 0) throw new WharfError('NOT_FOUND', otherwise ?? `git: ${run.stderr.toString('utf8').trim()}`, { value: args.join(' ') });
  return run.stdout;
}
