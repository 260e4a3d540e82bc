import { WharfError } from '../errors.ts';
import { undoFile } from '../acts/undo-file.ts';
import { targetOf, withActs } from './act.ts';
import type { Command } from './command.ts';
import { exit, printJson } from './command.ts';

export const undo: Command = {
  summary: 'show what taking back the orders of a file would do, and what was sent already and stays; --write does it',
  usage: 'file:N [--write]',
  acts: true,
  options: { write: { type: 'boolean', help: 'do it: the documents are parked as UNDONE, to be tried again with another mapping or discarded' } },
  run: (given, io) => {
    const [term = ''] = given.words;
    const target = targetOf(term);
    if (target?.kind !== 'file') throw new WharfError('USAGE', 'name a file, as `wharf trace` shows it: file:3', { value: term });
    return withActs(given, io, { access: 'read', target: term }, async (_config, context) => {
      const preview = !given.flag('write');
      const undone = await undoFile(context, target.id, preview);
      if (given.flag('json')) printJson(io, { id: term, preview, ...undone });
      else {
        io.out(`${undone.text}\n`);
        for (const { document, order, about, stays, dropped } of undone.documents) {
          io.out(`  document:${document} ${order === undefined ? '' : `order:${order} `}${about}${stays === undefined ? '' : `: stays, ${stays}`}\n`);
          for (const each of dropped) io.out(`      not sent any more: ${each}\n`);
        }
        for (const each of undone.sent) io.out(`  was sent, and stays: ${each}\n`);
        if (preview && undone.done) io.out('nothing was changed; --write does it\n');
      }
      return undone.done ? exit.ok : exit.findings;
    });
  },
};
