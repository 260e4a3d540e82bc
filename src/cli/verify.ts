import { verify as verifyAll } from '../acts/verify.ts';
import { WharfError } from '../errors.ts';
import type { Command } from './command.ts';
import { exit, printJson } from './command.ts';
import { withDatabase } from './open.ts';

export const verify: Command = {
  summary: 'check every stored byte against its hash, the chain of the audit, control numbers, the ledger and claims; it only reads',
  usage: '[--head SEQ:HASH]',
  options: { head: { type: 'string', value: 'SEQ:HASH', help: 'a head of the audit that was kept elsewhere; it must still be part of the chain' } },
  run: (given, io) =>
    withDatabase(given, io, 'read', async (config, db) => {
      const head = given.text('head');
      if (head !== undefined && !/^\d+:[0-9a-f]{64}$/.test(head)) throw new WharfError('USAGE', `--head ${head} is not like 17:3fa9…`, { value: head });
      const json = given.flag('json');
      let told = Date.now();
      const progress = (done: number, all: number): void => {
        if (json || Date.now() - told < 2000) return;
        told = Date.now();
        io.err(`${done} of ${all} payloads\n`);
      };
      const found = await verifyAll(db, config, { now: Date.now(), head, progress });
      if (json) printJson(io, found);
      else {
        for (const { code, id, detail } of found.faults) io.out(`${code} ${id}: ${detail}\n`);
        const removed = found.removed > 0 ? `, ${found.removed} removed after their time` : '';
        io.out(`${found.payloads} payloads read${removed}, ${found.acts} acts of the audit, head ${found.head}\n`);
        io.out(found.faults.length === 0 ? 'everything is as it must be\n' : `${found.faults.length} faults; see docs/operate.md\n`);
      }
      return found.faults.length > 0 ? exit.findings : exit.ok;
    }),
};
