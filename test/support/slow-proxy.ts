import { connect, createServer, type Socket } from 'node:net';
import type { Random } from '../../src/simulate/random.ts';

/** A line: how long a byte is on its way (milliseconds), how many arrive in a second, and how often a packet is lost and sent again after `again` milliseconds. */
export type Line = {
  readonly delay: number;
  readonly bytesPerSecond: number;
  readonly loss?: { readonly share: number; readonly again: number; readonly random: Random };
};

export type SlowProxy = { readonly port: number; readonly stop: () => Promise<void> };

const PACKET = 1400;
/** What is on its way at most: a sender does not know how slow the line is. */
const UNDERWAY = 64 * 1024;

/** A TCP proxy on the loopback that is as slow as a line, in each direction. */
export async function startSlowProxy(target: number, line: Line): Promise<SlowProxy> {
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (client) => {
    const upstream = connect({ port: target, host: '127.0.0.1', noDelay: true });
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      const end = (): void => {
        client.destroy();
        upstream.destroy();
      };
      from.on('error', end).on('close', () => {
        sockets.delete(from);
        end();
      });
      carry(from, to, line);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    port: address.port,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function carry(from: Socket, to: Socket, { delay, bytesPerSecond, loss }: Line): void {
  let free = 0;
  let underway = 0;
  const queue: Uint8Array[] = [];
  from.on('data', (bytes: Uint8Array) => {
    for (let at = 0; at < bytes.length; at += PACKET) {
      const packet = bytes.subarray(at, at + PACKET);
      const now = performance.now();
      // What comes after a lost packet waits for it.
      const again = loss !== undefined && loss.random() < loss.share ? loss.again : 0;
      free = Math.max(free, now) + again + (packet.length / bytesPerSecond) * 1000;
      underway += packet.length;
      queue.push(packet);
      setTimeout(
        () => {
          // Timers are coarse: whichever comes first, what came in first goes out.
          const next = queue.shift()!;
          underway -= next.length;
          if (!to.destroyed) to.write(next);
          if (underway < UNDERWAY) from.resume();
        },
        free + delay - now,
      );
    }
    if (underway >= UNDERWAY) from.pause();
  });
}
