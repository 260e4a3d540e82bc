import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Config } from '../config/types.ts';
import { roomOn, showBytes } from '../pipeline/disk.ts';
import { databaseSettings } from '../pipeline/database-settings.ts';
import { isDaemonRunning } from '../store/daemon-lock.ts';
import { serverFacts } from '../store/server-health.ts';
import { readSwitch, sendingOff } from '../store/switches.ts';
import type { Database } from '../store/transaction.ts';
import { examineClocks, examineFile, examineServer, examineSettings } from './database-check.ts';
import type { Diagnosis } from './diagnosis.ts';
import { ill, well } from './diagnosis.ts';
import { examineChannels } from './doctor-channels.ts';

const DAY = 86_400_000;

/** Looks at all that the gateway stands on: database, disks, clocks, channels. `now` is in milliseconds since 1970. */
export async function examine(config: Config, db: Database, now: number): Promise<readonly Diagnosis[]> {
  return [
    ...(await examineDatabase(db)),
    ...(await examineFile(config)),
    ...(await examineDisk(config)),
    ...(await examineClocks(db, () => now)),
    ...(await examineRunning(config, db, now)),
    ...(await examineChannels(config, now)),
  ];
}

async function examineDatabase(db: Database): Promise<readonly Diagnosis[]> {
  return [...(db.engine === 'mssql' ? examineServer(await serverFacts(db)) : []), ...(await examineSettings(db))];
}

async function examineDisk(config: Config): Promise<readonly Diagnosis[]> {
  const folders = new Set(config.database.type === 'sqlite' ? [dirname(config.database.file)] : []);
  for (const { channels } of config.partners.values()) for (const channel of channels) if (channel.type === 'folder') folders.add(channel.directory);
  const volumes = new Map<number, string>();
  for (const folder of folders) {
    const device = await stat(folder).then(
      ({ dev }) => dev,
      () => undefined,
    );
    if (device !== undefined && !volumes.has(device)) volumes.set(device, folder);
  }
  const found: Diagnosis[] = [];
  for (const folder of volumes.values()) {
    const room = await roomOn(folder);
    if (!room) continue;
    const left = `${showBytes(room.free)} of ${showBytes(room.size)} free${room.inodes === undefined ? '' : `, room for ${room.inodes} files`}`;
    const red = room.free < config.limits.freeDisk || (room.inodes ?? Infinity) < 1000;
    const yellow = room.free < config.limits.freeDisk * 2 || (room.inodes ?? Infinity) < 10_000;
    found.push(red || yellow ? ill(red ? 'error' : 'warning', folder, 'DISK_LOW', left) : well(folder, left));
    if (room.network && config.database.type === 'sqlite' && folder === dirname(config.database.file))
      found.push(ill('error', 'database', 'DATABASE_REMOTE', `${config.database.file} lies on a network disk`));
  }
  return found;
}

async function examineRunning(config: Config, db: Database, now: number): Promise<readonly Diagnosis[]> {
  const { off, backup } = await db.read(async (tx) => ({ off: await sendingOff(tx), backup: await readSwitch(tx, 'backup') }));
  const running = config.database.type === 'sqlite' ? isDaemonRunning(databaseSettings(config.database)) : undefined;
  return [
    ...(running === undefined ? [] : [running ? well('daemon', 'it runs') : ill('warning', 'daemon', 'DAEMON_STOPPED', 'it does not run')]),
    off ? ill('error', 'sending', 'SENDING_OFF', `${off.value}, by ${off.who}`) : well('sending', 'it is on'),
    ...(config.database.type !== 'sqlite' ? [] : [backupOf(backup?.at, now)]),
  ];
}

function backupOf(at: number | undefined, now: number): Diagnosis {
  if (at === undefined) return ill('warning', 'backup', 'BACKUP_OLD', 'none was made yet');
  const hours = Math.round((now - at) / 3_600_000);
  return now - at > DAY + 3_600_000
    ? ill('warning', 'backup', 'BACKUP_OLD', `the last was made ${hours} hours ago`)
    : well('backup', `made ${hours} hours ago`);
}
