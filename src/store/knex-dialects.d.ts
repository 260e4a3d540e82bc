/** The dialect client that ours extends: knex ships it without types. */
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
