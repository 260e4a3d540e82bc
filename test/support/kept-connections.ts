import type { Connection } from 'tedious';
import { MssqlClient } from '../../src/store/mssql-client.ts';

/** Connections that no database of this process uses, by what they were opened for. */
const idle = new Map<string, Connection[]>();
let keeping = false;

/**
 * Has the databases of this process take over the connections of those that were closed. Opening one and its first statements take a test server a second or two,
 * which is most of what a test takes.
 */
export function keepConnections(): void {
  if (keeping) return;
  keeping = true;
  // oxlint-disable-next-line typescript/unbound-method -- they are called with the client that they belong to
  const { acquireRawConnection, destroyRawConnection } = MssqlClient.prototype;
  MssqlClient.prototype.acquireRawConnection = async function (this: MssqlClient) {
    const known = idleOf(this)
      .splice(0)
      .filter((each) => this.validateConnection(each));
    const connection = known.pop();
    idleOf(this).push(...known);
    if (!connection) return acquireRawConnection.call(this);
    connection.removeAllListeners('end').once('end', () => this.abandon(connection));
    return connection;
  };
  MssqlClient.prototype.destroyRawConnection = async function (this: MssqlClient, raw: unknown) {
    const connection = raw as Connection;
    if (!this.validateConnection(connection)) return destroyRawConnection.call(this, connection);
    await this.batch(connection, 'if @@trancount > 0 rollback transaction');
    idleOf(this).push(connection);
  };
}

function idleOf(client: MssqlClient): Connection[] {
  const key = JSON.stringify([client._generateConnection(), client.implicit]);
  const known = idle.get(key) ?? [];
  idle.set(key, known);
  return known;
}
