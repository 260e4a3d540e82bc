import type { MssqlSettings } from '../../src/store/mssql-login.ts';

/** Whether tests keep their databases on a server. What is about the embedded database itself is skipped then. */
export const onServer = process.env['WHARF_TEST_MSSQL_URL'] !== undefined && process.env['WHARF_TEST_MSSQL_URL'] !== '';

/** How many times as long as on the embedded database a test waits for its end: a server on a machine that others use, too, takes its time. */
export const patience = onServer ? 10 : 1;

/** The server that WHARF_TEST_MSSQL_URL names (mssql://user:password@host:port/database); undefined when it names none. The schema is a new one. */
export function testServer(): MssqlSettings | undefined {
  const url = process.env['WHARF_TEST_MSSQL_URL'];
  if (!url) return undefined;
  const { hostname, port, username, password, pathname } = new URL(url);
  return {
    type: 'mssql',
    server: hostname,
    port: Number(port || 1433),
    database: pathname.slice(1),
    schema: `t${process.pid}_${Math.random().toString(36).slice(2, 10)}`,
    login: { type: 'sql', user: decodeURIComponent(username), password: decodeURIComponent(password) },
    encrypt: false,
    trustServerCertificate: true,
  };
}
