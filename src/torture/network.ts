import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../simulate/random.ts';
import { between, oneOf } from '../simulate/random.ts';
import type { Breach } from './check.ts';
import type { Company } from './company.ts';
import { makeCompany } from './company.ts';
import type { Build } from './daemon.ts';
import { kill, launch } from './daemon.ts';
import { bringToEnd } from './ending.ts';
import { openOutside } from './outside.ts';
import { type CuttingProxy, startCuttingProxy } from './proxy.ts';
import { hasSshd, type Sshd, startSshd } from './sshd.ts';

const sftpServer = '/usr/lib/openssh/sftp-server';

/** Why the network cannot be cut here; undefined when it can. */
export function networkMissing(): string | undefined {
  if (!hasSshd || !existsSync(sftpServer)) return "OpenSSH's server is not installed";
  return process.getuid?.() === 0 ? undefined : 'OpenSSH needs root to start as it does here';
}

/** A real SFTP server behind a proxy that cuts. */
export type Network = {
  readonly server: Sshd;
  readonly proxy: CuttingProxy;
  /** The last request that the server heard of, such as `open`, or `connect` when it has heard of none since the last look. */
  readonly stage: () => string;
  readonly stop: () => Promise<void>;
};

/** Starts both. The server writes each request into a file in the directory, which tells at what stage of the protocol it was cut. */
export async function openNetwork(directory: string): Promise<Network> {
  const log = join(directory, 'requests.log');
  const script = join(directory, 'sftp-server');
  writeFileSync(log, '');
  writeFileSync(script, `#!/bin/sh\nexec ${sftpServer} -e -l DEBUG3 2>>${log}\n`);
  chmodSync(script, 0o755);
  const server = await startSshd([], script);
  const proxy = await startCuttingProxy(server.port);
  let read = 0;
  return {
    server,
    proxy,
    stage: () => {
      const text = readFileSync(log, 'latin1');
      const fresh = text.slice(read);
      read = text.length;
      return stageOf(fresh);
    },
    stop: async () => {
      await proxy.stop();
      await server.stop();
    },
  };
}

/** The last request that it names; none yet is the handshake and the login. */
function stageOf(log: string): string {
  const requests = [...log.matchAll(/^debug\d: request \d+: (?!sent)([a-z-]+)/gmu)];
  return requests.at(-1)?.[1] ?? 'connect';
}

export type CutOptions = { readonly directory: string; readonly build: Build; readonly random: Random; readonly cuts: number };
export type CutResult = { readonly cuts: number; readonly stages: Readonly<Record<string, number>>; readonly breaches: readonly Breach[] };

/** Bytes in one direction between two cuts: a handshake has about three thousand, an order some tens of thousands. */
const MOST_BYTES = 24_000;
/** Cuts between two checks. */
const BETWEEN = 20;

/**
 * Cuts connections to a real SFTP server after a random number of bytes, in either direction, while two partners drop and collect through it. The daemon
 * lives through all of it. Every so often everything must come to its end, and every promise is checked.
 */
export async function cutNetwork({ directory, build, random, cuts }: CutOptions): Promise<CutResult> {
  const stages: Record<string, number> = {};
  const breaches: Breach[] = [];
  let done = 0;
  for (let round = 0; done < cuts; round += 1) {
    const place = join(directory, `network-${round}`);
    const network = await openNetwork(directory);
    try {
      const { server, proxy } = network;
      const served = { port: proxy.port, hostKey: server.hostKey, username: server.username, privateKey: server.keys[0] };
      const company = await makeCompany({ directory: place, served: { players: ['acme', 'northwind'], server: served } });
      const most = Math.min(BETWEEN, cuts - done);
      breaches.push(...(await cutRound({ company, network, build, random, cuts: most, stages })));
      done += most;
    } finally {
      await network.stop();
    }
    if (breaches.length > 0) break;
  }
  return { cuts: done, stages, breaches };
}

type Round = Omit<CutOptions, 'directory'> & { readonly company: Company; readonly network: Network; readonly stages: Record<string, number> };

async function cutRound({ company, network, build, random, cuts, stages }: Round): Promise<readonly Breach[]> {
  const { proxy } = network;
  const outside = openOutside({ company });
  const daemon = launch({ build, config: company.configFile });
  try {
    if (!(await daemon.started)) return [{ promise: 'hung', what: `the daemon does not start: ${daemon.tail().slice(-300)}` }];
    for (let count = 0; count < cuts; count += 1) {
      outside.order(1, random);
      // Often in the middle of an order, sometimes again while it connects.
      const bytes = random() < 0.25 ? between(random, 0, 3_000) : between(random, 0, MOST_BYTES);
      proxy.cutAfter(bytes, oneOf(random, ['up', 'down'] as const));
      const until = performance.now() + 20_000;
      while (!proxy.wasCut() && performance.now() < until) {
        outside.collect();
        await sleep(5);
      }
      const stage = network.stage();
      stages[stage] = (stages[stage] ?? 0) + 1;
    }
    proxy.cutAfter(undefined);
    return await bringToEnd({ company, outside, daemon });
  } finally {
    await kill(daemon);
  }
}
