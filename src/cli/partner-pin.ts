import { readChannelServer, writeHostKey } from '../config/pin-host-key.ts';
import { loadConfig } from '../config/load.ts';
import { WharfError } from '../errors.ts';
import { appendAudit } from '../store/audit.ts';
import { hostKeyOf } from '../transports/sftp/connect.ts';
import { whoActs } from './act.ts';
import type { Command, Given } from './command.ts';
import { exit, printJson } from './command.ts';
import { configFile, databaseExists, openFor } from './open.ts';

export const partnerPin: Command = {
  summary: 'show the host key of a partner’s SFTP server, to be compared with what the partner says, or pin it',
  usage: 'ID CHANNEL [--write]',
  acts: true,
  options: { write: { type: 'boolean', help: 'write it into the partner file; the key before it stays valid until the next one' } },
  run: async (given, io) => {
    const [partner, channel, ...others] = given.words;
    if (partner === undefined || channel === undefined || others.length > 0) throw new WharfError('USAGE', 'name a partner and one of its SFTP channels');
    const file = configFile(given);
    const server = await readChannelServer(file, partner, channel);
    const key = await hostKeyOf({ host: server.host, port: server.port, legacyAlgorithms: server.legacyAlgorithms });
    const pinned = server.hostKeys.includes(key);
    const keys = given.flag('write') && !pinned ? await writeHostKey(server, channel, key) : server.hostKeys;
    if (keys !== server.hostKeys) await record(given, file, `${partner}/${channel}`, { before: server.hostKeys, after: keys });
    if (given.flag('json')) printJson(io, { partner, channel, host: server.host, port: server.port, key, pinned: keys.includes(key), hostKeys: keys });
    else {
      io.out(`${server.host}:${server.port} shows ${key}\n`);
      if (keys !== server.hostKeys) io.out(`pinned in ${server.file}\n`);
      else io.out(pinned ? 'it is pinned\n' : 'it is not pinned: compare it with what the partner says by another way, then --write\n');
    }
    return keys.includes(key) ? exit.ok : exit.findings;
  },
};

/** A key is written to a file, so that its row of the audit follows by itself; where there is no database yet, there is no audit either. */
async function record(
  given: Given,
  file: string,
  target: string,
  keys: { readonly before: readonly string[]; readonly after: readonly string[] },
): Promise<void> {
  const { config } = await loadConfig(file);
  if (!config || !databaseExists(config)) return;
  const db = await openFor(config, 'read');
  try {
    const entry = { at: Date.now(), who: whoActs(given), act: given.command, target, reason: given.text('reason') };
    await db.transaction((tx) => appendAudit(tx, { ...entry, before: JSON.stringify(keys.before), after: JSON.stringify(keys.after) }));
  } finally {
    await db.close();
  }
}
