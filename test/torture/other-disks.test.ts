import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { test, type TestContext } from 'vitest';
import { seededRandom } from '../../src/simulate/random.ts';
import { type Company, makeCompany } from '../../src/torture/company.ts';
import { kill, launch, ownBuild as build } from '../../src/torture/daemon.ts';
import { bringToEnd } from '../../src/torture/ending.ts';
import { openOutside } from '../../src/torture/outside.ts';
import { startSshd } from '../../src/torture/sshd.ts';
import { openFolder } from '../../src/transports/folder.ts';
import { exfatMissing, mountExfat, mountRemote, remoteMissing } from '../support/other-disks.ts';

const patient = { timeout: 300_000 };
const noExfat = exfatMissing() !== undefined;

type Ending = Pick<TestContext, 'onTestFinished'>;

function place({ onTestFinished }: Ending): string {
  const directory = mkdtempSync(join(tmpdir(), 'wharf-test-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

function exfat(ending: Ending): string {
  const disk = mountExfat(join(place(ending), 'disk'));
  ending.onTestFinished(() => disk.remove());
  return disk.directory;
}

test
  .skipIf(noExfat)
  .concurrent(
    'fault/B17 partners who drop and collect on a disk that takes names for the same in other letters, and has one name for a file',
    patient,
    async ({ expect, onTestFinished }) => {
      const company = await makeCompany({ directory: join(place({ onTestFinished }), 'company'), exchange: exfat({ onTestFinished }) });
      const outside = openOutside({ company });
      const random = seededRandom(1);
      outside.order(2, random);
      const first = launch({ build, config: company.configFile, fail: [{ point: 'folder.renamed', action: 'kill', visit: 2 }] });
      await first.ended;
      await kill(first);
      outside.order(2, random);
      expect(await bringToEnd({ company, outside, daemon: launch({ build, config: company.configFile }) })).toEqual([]);
    },
  );

test
  .skipIf(noExfat)
  .concurrent(
    'fault/B17 a file that differs from ours in the letters of its name is never replaced, and ours is never taken for it',
    async ({ expect, onTestFinished }) => {
      const directory = exfat({ onTestFinished });
      writeFileSync(join(directory, 'ORDER_1.EDI'), 'theirs');
      const folder = openFolder({ directory, maxBytes: 1000 });
      const staged = await folder.stage('order_1.edi', Buffer.from('ours'), '1');
      await expect(folder.publish(staged)).rejects.toMatchObject({ code: 'NAME_COLLISION' });
      expect(readFileSync(join(directory, 'ORDER_1.EDI'), 'utf8')).toBe('theirs');
      expect(await folder.unstage(staged)).toBe(true);

      mkdirSync(join(directory, 'done'));
      writeFileSync(join(directory, 'done', 'order_1.edi'), 'an earlier one');
      const [entry] = await folder.list(10);
      expect(entry?.name).toBe('ORDER_1.EDI');
      expect(await folder.dispose(entry!, 'done')).toBe(true);
      const kept = readdirSync(join(directory, 'done'));
      expect(kept.map((name) => readFileSync(join(directory, 'done', name), 'utf8')).toSorted()).toEqual(['an earlier one', 'theirs']);
      await folder.close();
    },
  );

test
  .skipIf(remoteMissing() !== undefined)
  .concurrent(
    'fault/B12 folders on a server: nobody tells of changes, they are seen late, and the connection is lost in between',
    patient,
    async ({ expect, onTestFinished }) => {
      const directory = place({ onTestFinished });
      const served = join(directory, 'served');
      mkdirSync(served);
      const server = await startSshd();
      onTestFinished(() => server.stop());
      const disk = mountRemote(join(directory, 'mounted'), served, server);
      onTestFinished(() => disk.remove());
      const company = await makeCompany({ directory: join(directory, 'company'), exchange: disk.directory });
      // Partners work on the server itself.
      const there: Company = { ...company, folder: (player, direction) => join(served, player, direction) };
      const outside = openOutside({ company: there });
      const random = seededRandom(1);
      outside.order(2, random);
      const daemon = launch({ build, config: company.configFile });
      expect(await daemon.started, daemon.tail()).toBe(true);
      while (outside.collect() === 0) await sleep(5);
      server.signalSessions('SIGKILL');
      outside.order(2, random);
      expect(await bringToEnd({ company: there, outside, daemon })).toEqual([]);
    },
  );
