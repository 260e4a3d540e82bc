import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../simulate/random.ts';
import { between, oneOf } from '../simulate/random.ts';
import type { Breach } from './check.ts';
import { makeCompany } from './company.ts';
import type { Build } from './daemon.ts';
import { hasEnded, launch } from './daemon.ts';
import { bringToEnd } from './ending.ts';
import type { Outside } from './outside.ts';
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
export type CutResult = { readonly done: number; readonly details: Readonly<Record<string, number>>; readonly breaches: readonly Breach[] };

/** Bytes in one direction before a cut: a handshake has about three thousand, an order some tens of thousands. */
const MOST_BYTES = 20_000;
/** How long a cut may wait for its bytes, or the daemon for its next connection, in milliseconds: it waits longer after each failure in a row. */
const REACH = 40_000;

/**
 * Cuts connections to a real SFTP server after a random number of bytes, in either direction, while two partners drop and collect through it. The daemon
 * lives through all of it. Then everything must come to its end, and every promise is checked. `details` counts at which request the cuts came.
 */
export async function cutNetwork({ directory, build, random, cuts }: CutOptions): Promise<CutResult> {
  const network = await openNetwork(directory);
  const { server, proxy } = network;
  try {
    const served = { port: proxy.port, hostKey: server.hostKey, username: server.username, privateKey: server.keys[0] };
    const company = await makeCompany({ directory: join(directory, 'company'), served: { players: ['acme', 'northwind'], server: served } });
    const outside = openOutside({ company });
    const daemon = launch({ build, config: company.configFile });
    const details: Record<string, number> = {};
    let done = 0;
    for (let count = 0; count < cuts && !hasEnded(daemon); count += 1) {
      outside.order(1, random);
      // Often in the middle of an order, sometimes while it connects.
      const bytes = random() < 0.25 ? between(random, 0, 3_000) : between(random, 0, MOST_BYTES);
      proxy.cutAfter(bytes, oneOf(random, ['up', 'down'] as const));
      await until(outside, () => proxy.wasCut() || hasEnded(daemon));
      if (proxy.wasCut()) {
        const stage = network.stage();
        details[stage] = (details[stage] ?? 0) + 1;
        done += 1;
      }
      proxy.cutAfter(undefined);
      await until(outside, () => network.stage() !== 'connect' || hasEnded(daemon));
    }
    return { done, details, breaches: await bringToEnd({ company, outside, daemon }) };
  } finally {
    await network.stop();
  }
}

/** Has the partners go on until something is so, or for too long. */
async function until(outside: Outside, so: () => boolean): Promise<void> {
  const late = performance.now() + REACH;
  while (!so() && performance.now() < late) {
    outside.collect();
    await sleep(5);
  }
}
