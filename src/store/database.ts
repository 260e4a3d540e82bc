import type { MssqlSettings } from './mssql-login.ts';
import { openSqliteDatabase } from './sqlite-database.ts';
import type { Database } from './transaction.ts';

export type DatabaseSettings = { readonly type: 'sqlite'; readonly file: string } | MssqlSettings;

/**
 * Opens the database; `migrate` or `requireSchema` comes next.
 * @throws WharfError DATABASE_UNSAFE, DATABASE_UNAVAILABLE.
 */
export async function openDatabase(settings: DatabaseSettings): Promise<Database> {
  if (settings.type === 'sqlite') return openSqliteDatabase(settings.file);
  const { openMssqlDatabase } = await import('./mssql-database.ts');
  return openMssqlDatabase(settings);
}
