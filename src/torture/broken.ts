import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FailOrder } from '../fail-point.ts';
import { readFailOrder } from '../fail-point.ts';
import type { Build } from './daemon.ts';
import { ownBuild } from './daemon.ts';
import type { standstills } from './zombies.ts';

/** A text of the program and what stands there in its place. */
type Change = { readonly file: string; readonly from: string; readonly to: string };
/** What finds it out: power cuts, a daemon that fails at one place, or one that freezes there and is taken over. */
type FoundBy =
  | { readonly rig: 'power' }
  | { readonly rig: 'strike'; readonly order: FailOrder }
  | { readonly rig: 'zombie'; readonly at: (typeof standstills)[number] };

/** A program with one promise broken. */
export type BrokenBuild = { readonly name: string; readonly changes: readonly Change[]; readonly foundBy: FoundBy };

const struck = (text: string): FoundBy => ({ rig: 'strike', order: readFailOrder(text) });

/** Ten programs that lose, double or show in part. A rig that does not find each of them out would not find the real fault either. */
export const brokenBuilds: readonly BrokenBuild[] = [
  {
    name: 'commits are not synced',
    changes: [
      { file: 'store/sqlite-client.ts', from: 'pragma synchronous = full; pragma wal', to: 'pragma synchronous = off; pragma wal' },
      { file: 'store/sqlite-client.ts', from: '    requireDurable(database, file);\n', to: '' },
    ],
    foundBy: { rig: 'power' },
  },
  {
    name: 'outgoing bytes are not synced',
    changes: [{ file: 'transports/durable-file.ts', from: "failPoint('folder.written');\n      await handle.sync();", to: "failPoint('folder.written');" }],
    foundBy: { rig: 'power' },
  },
  {
    name: 'names in folders are not synced',
    changes: [{ file: 'transports/durable-file.ts', from: '  try {\n    await handle.sync();\n  } finally', to: '  try {\n  } finally' }],
    foundBy: { rig: 'power' },
  },
  {
    name: 'files are removed before they are stored',
    changes: [
      {
        file: 'pipeline/receive/channel.ts',
        from: "failPoint('receive.read');",
        to: 'await Promise.all(read.map(({ entry }) => channel.transport.dispose(entry, undefined)));',
      },
    ],
    foundBy: struck('receive.storing:kill:1'),
  },
  {
    name: 'files are known only to the process that stored them',
    changes: [{ file: 'pipeline/receive/earlier.ts', from: 'if (!alike || alike.length === 0)', to: 'if (alike !== null)' }],
    foundBy: struck('receive.stored:kill:1'),
  },
  {
    name: 'files are written under their final names',
    changes: [
      {
        file: 'transports/folder/delivery.ts',
        from: 'const temporaryName = stagedName(finalName, attempt);',
        to: 'const temporaryName = finalName; void [stagedName, attempt];',
      },
      {
        file: 'transports/folder/delivery.ts',
        from: 'if (!(await gaveName(temporary, final, staged)))',
        to: 'if (temporary !== final && !(await gaveName(temporary, final, staged)))',
      },
    ],
    foundBy: struck('folder.created:freeze:1'),
  },
  {
    name: 'files count as sent before they have their names',
    changes: [
      {
        file: 'pipeline/deliver/channel.ts',
        from: 'await Promise.all(hands.map((hand) => tried(hand, () => publish(channel, hand))));',
        to: 'for (const hand of hands) hand.published = hand.staged !== undefined && hand.error === undefined;',
      },
      {
        file: 'pipeline/deliver/channel.ts',
        from: "failPoint('deliver.sent');",
        to: "failPoint('deliver.sent');\n  await Promise.all(hands.map((hand) => publish(channel, hand)));",
      },
    ],
    foundBy: struck('deliver.sent:kill:1'),
  },
  {
    name: 'nobody asks what became of a file that was being sent',
    changes: [{ file: 'pipeline/deliver/channel.ts', from: 'if (temporaryName === undefined) return;', to: "if (temporaryName !== '') return;" }],
    foundBy: struck('deliver.published:kill:1'),
  },
  {
    name: 'control numbers are counted in memory',
    changes: [
      {
        file: 'store/control-numbers.ts',
        from: 'export async function takeNumbers',
        to: 'const given = new Map<string, number>();\nexport async function takeNumbers',
      },
      {
        file: 'store/control-numbers.ts',
        from: "return numberAfter(Number(row!['next']), LAST_CONTROL_NUMBER - count);",
        to: 'const first = Math.max(numberAfter(Number(row!.next), LAST_CONTROL_NUMBER - count), (given.get(scope) ?? 0) + 1);\n  given.set(scope, first + count - 1);\n  return first;',
      },
    ],
    foundBy: struck('render.settling:EIO:4'),
  },
  {
    name: 'a daemon that was taken over goes on taking files in',
    changes: [
      {
        file: 'pipeline/receive/file.ts',
        from: 'if (lease && !(await holdsLease(tx, lease, now)))',
        to: 'if (lease && !(await holdsLease(tx, lease, now)) && now < 0)',
      },
      { file: 'pipeline/receive.ts', from: 'if (reign) await', to: "if (reign && reign.owner === '') await" },
    ],
    foundBy: { rig: 'zombie', at: 'receive.read' },
  },
];

/** Copies the program into a directory and breaks the copy. @throws Error when the text to be changed is not there once. */
export function makeBroken({ name, changes }: BrokenBuild, directory: string): Build {
  mkdirSync(directory, { recursive: true });
  cpSync(join(ownBuild.home, 'src'), join(directory, 'src'), { recursive: true });
  cpSync(join(ownBuild.home, 'package.json'), join(directory, 'package.json'));
  symlinkSync(join(ownBuild.home, 'node_modules'), join(directory, 'node_modules'));
  for (const { file, from, to } of changes) {
    const path = join(directory, 'src', file);
    const parts = readFileSync(path, 'utf8').split(from);
    if (parts.length !== 2) throw new Error(`${name}: "${from}" is in ${file} ${parts.length - 1} times`);
    writeFileSync(path, parts.join(to));
  }
  return { home: directory };
}
