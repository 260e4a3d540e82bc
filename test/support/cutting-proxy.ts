import { connect, createServer, type Socket } from 'node:net';

export type CuttingProxy = {
  readonly port: number;
  /** Lets so many more bytes pass towards the server, over all connections, then cuts; undefined lets everything pass. */
  readonly cutAfter: (bytes: number | undefined) => void;
  /** Connections made so far. */
  readonly connections: () => number;
  readonly stop: () => Promise<void>;
};

/** A TCP proxy on the loopback that cuts a connection in the middle of what it carries. */
export async function startCuttingProxy(target: number): Promise<CuttingProxy> {
  let left: number | undefined;
  let made = 0;
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (client) => {
    made += 1;
    const upstream = connect({ port: target, host: '127.0.0.1', noDelay: true });
    const cut = (): void => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', cut).on('close', () => {
        sockets.delete(socket);
        cut();
      });
    }
    upstream.pipe(client);
    client.on('data', (bytes) => {
      if (left === undefined || bytes.length <= left) {
        upstream.write(bytes);
        if (left !== undefined) left -= bytes.length;
        return;
      }
      // What came before the cut still arrives; the answer to it does not.
      upstream.end(bytes.subarray(0, left));
      left = 0;
      client.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    port: address.port,
    cutAfter: (bytes) => (left = bytes),
    connections: () => made,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
