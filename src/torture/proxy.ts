import { connect, createServer, type Socket } from 'node:net';

/** Which way bytes go: `up` towards the server, `down` back from it. */
export type Direction = 'up' | 'down';

export type CuttingProxy = {
  readonly port: number;
  /** Lets so many more bytes pass in one direction, over all connections, then cuts; undefined lets everything pass. */
  readonly cutAfter: (bytes: number | undefined, direction?: Direction) => void;
  /** What was told to be cut was cut. */
  readonly wasCut: () => boolean;
  /** Bytes that passed so far. */
  readonly passed: (direction: Direction) => number;
  /** Connections made so far. */
  readonly connections: () => number;
  readonly stop: () => Promise<void>;
};

type Cut = { left: number; readonly direction: Direction };

/** A TCP proxy on the loopback that cuts a connection in the middle of what it carries. */
export async function startCuttingProxy(target: number): Promise<CuttingProxy> {
  let cut: Cut | undefined;
  let done = false;
  let made = 0;
  const passed = { up: 0, down: 0 };
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (client) => {
    made += 1;
    const upstream = connect({ port: target, host: '127.0.0.1', noDelay: true });
    const end = (): void => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', end).on('close', () => {
        sockets.delete(socket);
        end();
      });
    }
    const carry = (from: Socket, to: Socket, direction: Direction): void => {
      from.on('data', (bytes) => {
        if (cut?.direction !== direction || bytes.length <= cut.left) {
          passed[direction] += bytes.length;
          if (cut?.direction === direction) cut.left -= bytes.length;
          if (!to.write(bytes)) {
            from.pause();
            to.once('drain', () => from.resume());
          }
          return;
        }
        // What came before the cut still arrives; the answer to it does not.
        to.end(bytes.subarray(0, cut.left));
        cut.left = 0;
        done = true;
        from.destroy();
      });
    };
    carry(client, upstream, 'up');
    carry(upstream, client, 'down');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    port: address.port,
    cutAfter: (bytes, direction = 'up') => {
      cut = bytes === undefined ? undefined : { left: bytes, direction };
      done = false;
    },
    wasCut: () => done,
    passed: (direction) => passed[direction],
    connections: () => made,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
