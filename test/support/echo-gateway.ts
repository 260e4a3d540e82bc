/** Run as a process of its own, to be killed: a daemon that sends every file it receives back under its name. Its argument is a file that `folderConfig` wrote. */
import { loadConfig } from '../../src/config/load.ts';
import { makeLog } from '../../src/log.ts';
import type { Step } from '../../src/pipeline/context.ts';
import { makeDeliver } from '../../src/pipeline/deliver.ts';
import { startGateway } from '../../src/pipeline/gateway.ts';
import { makeReceive } from '../../src/pipeline/receive.ts';
import { toFile } from '../../src/store/files.ts';
import { packPayload, readWholePayload, storePayload } from '../../src/store/payload.ts';
import { claim, queues, settle } from '../../src/store/queue.ts';

const echo: Step = {
  name: 'translate',
  run: async ({ db, owner, now, wake }) => {
    const rows = await db.transaction((tx) => claim(tx, queues.translate, { owner, now: now(), leaseMs: 30_000, count: 10 }));
    for (const file of rows.map(toFile)) {
      await db.transaction(async (tx) => {
        const fixed = { partner: 'acme', kind: 'echo', canonical: '{}', created_at: now(), channel: 'acme/out', status: 'rendered' };
        const id = await tx.insert('outbox', { ...fixed, unique_key: `echo:${file.name}`, file_name: file.name, size: file.size, sha256: file.sha256 });
        await storePayload(tx, 'outbox', id, packPayload(await readWholePayload(tx, 'inbound', file.id)));
        await settle(tx, queues.translate, { id: file.id, owner }, 'done', { finished_at: now() });
      });
    }
    if (rows.length > 0) wake('deliver');
    return rows.length;
  },
};

const { config } = await loadConfig(process.argv[2]!);
if (!config) throw new Error('the configuration has errors');
const gateway = await startGateway({ config, log: makeLog('warn'), steps: [makeReceive(), echo, makeDeliver()] });
process.once('SIGTERM', () => void gateway.stop());
console.log('ready');
