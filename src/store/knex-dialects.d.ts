/** The dialect clients that ours extend: knex ships them without types. */
declare module 'knex/lib/dialects/sqlite3/index.js' {
  export default class SqliteDialectClient {
    constructor(config: object);
    readonly connectionSettings: { readonly filename: string; readonly readOnly?: boolean };
    acquireConnection(): Promise<unknown>;
    releaseConnection(connection: unknown): Promise<void>;
    destroy(): Promise<void>;
    transaction(...values: readonly unknown[]): unknown;
  }
}

declare module 'knex/lib/dialects/sqlite3/execution/sqlite-transaction.js' {
  export default class SqliteDialectTransaction {
    constructor(client: unknown, ...values: readonly unknown[]);
    query(connection: unknown, sql: string): Promise<void>;
  }
}

declare module 'knex/lib/dialects/mssql/index.js' {
  export default class MssqlDialectClient {
    constructor(config: object);
    acquireConnection(): Promise<unknown>;
    releaseConnection(connection: unknown): Promise<void>;
    destroy(): Promise<void>;
    acquireRawConnection(): Promise<unknown>;
    destroyRawConnection(connection: unknown): Promise<void>;
    validateConnection(connection: unknown): boolean;
    _generateConnection(): import('tedious').ConnectionConfiguration;
    _driver(): unknown;
  }
}
