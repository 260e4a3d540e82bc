import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { seededRandom } from '../../src/simulate/random.ts';
import { makeCompany } from '../../src/torture/company.ts';
import { launch, ownBuild as build } from '../../src/torture/daemon.ts';
import { bringToEnd } from '../../src/torture/ending.ts';
import { networkMissing } from '../../src/torture/network.ts';
import { openOutside } from '../../src/torture/outside.ts';
import { startSshd } from '../../src/torture/sshd.ts';
import { scratch } from '../support/database.ts';

test.skipIf(networkMissing() !== undefined)(
  'fault/G16 a server that lets one log in at a time, gives one session each, and ends what is idle: everything comes and goes once',
  { timeout: 300_000 },
  async () => {
    const server = await startSshd(['MaxStartups 1', 'MaxSessions 1', 'ChannelTimeout session:*=1s', 'UnusedConnectionTimeout 1s']);
    onTestFinished(() => server.stop());
    const { port, hostKey, username, keys } = server;
    const served = { players: ['acme', 'northwind'] as const, server: { port, hostKey, username, privateKey: keys[0] } };
    // Between two looks the server has had enough.
    const company = await makeCompany({ directory: join(await scratch(), 'company'), served, poll: 2_500 });
    const outside = openOutside({ company });
    const random = seededRandom(1);
    outside.order(2, random);
    const daemon = launch({ build, config: company.configFile });
    expect(await bringToEnd({ company, outside, daemon })).toEqual([]);
    expect(server.log()).toContain('past MaxStartups');
    expect(server.log()).toContain('closing after 1 seconds of inactivity');
  },
);
