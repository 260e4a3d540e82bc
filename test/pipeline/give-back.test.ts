import { expect, onTestFinished, test, vi } from 'vitest';
import { armFailPoints } from '../../src/fail-point.ts';
import { makeLog } from '../../src/log.ts';
import type { Step } from '../../src/pipeline/context.ts';
import { startGateway } from '../../src/pipeline/gateway.ts';
import { claim, queues } from '../../src/store/queue.ts';
import { scratch } from '../support/database.ts';
import { folderConfig } from '../support/gateway.ts';
import { onServer } from '../support/test-server.ts';

// The fail point is of the embedded database.
test.skipIf(onServer)('what a run that failed had claimed is given back, although the database does not take that at first', async () => {
  const directory = await scratch();
  onTestFinished(() => armFailPoints([]));
  const lines: string[] = [];
  let runs = 0;
  const step: Step = {
    name: 'translate',
    run: async ({ db, owner, now }) => {
      runs += 1;
      if (runs > 1) return 0;
      await db.transaction(async (tx) => {
        await tx.insert('inbound_file', {
          channel: 'acme/in',
          name: 'a',
          size: 1,
          modified_at: 0,
          source_id: '',
          sha256: '',
          received_at: 0,
          status: 'pending',
        });
        expect(await claim(tx, queues.translate, { owner, now: now(), leaseMs: 3_600_000, count: 1 })).toHaveLength(1);
      });
      armFailPoints([{ point: 'store.beginning', action: 'EIO', visit: 1 }]);
      throw new Error('a mistake of ours');
    },
  };
  const gateway = await startGateway({ config: await folderConfig(directory), log: makeLog('info', (line) => lines.push(line)), steps: [step] });
  onTestFinished(() => gateway.stop());
  await vi.waitFor(() => expect(runs).toBeGreaterThan(1), { timeout: 5_000, interval: 2 });
  expect(lines.filter((text) => text.includes('could not be given back yet'))).toHaveLength(1);
  const rows = await gateway.context.db.read((tx) => tx.many('select status, claimed_by from {inbound_file}'));
  expect(rows).toEqual([{ status: 'pending', claimed_by: null }]);
});
