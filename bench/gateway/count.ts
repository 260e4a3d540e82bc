/**
 * Loaded into the daemon by the benchmark: counts statements, commits, pages of the write-ahead log and syncs of files, and writes them into the file
 * that WHARF_BENCH_COUNTS names when the process ends.
 */
import fs, { writeFileSync } from 'node:fs';
import { DatabaseSync, StatementSync } from 'node:sqlite';

const counts = { statements: 0, commits: 0, logBytes: 0, fileSyncs: 0, filesWritten: 0 };
const FRAME = 24;

for (const name of ['run', 'all', 'get'] as const) {
  const plain = StatementSync.prototype[name] as (this: StatementSync, ...values: unknown[]) => unknown;
  StatementSync.prototype[name] = function (this: StatementSync, ...values: unknown[]) {
    counts.statements += 1;
    return plain.apply(this, values);
  } as never;
}

// oxlint-disable-next-line typescript/unbound-method -- it is called with the database that it belongs to
const plainExec = DatabaseSync.prototype.exec;
// oxlint-disable-next-line typescript/unbound-method -- as above
const plainPrepare = DatabaseSync.prototype.prepare;
// oxlint-disable-next-line typescript/unbound-method -- as above
const plainGet = Object.getPrototypeOf(plainPrepare) && StatementSync.prototype.get;
const logs = new WeakMap<DatabaseSync, { readonly frames: () => number; readonly page: number; last: number }>();

function logOf(database: DatabaseSync) {
  const known = logs.get(database);
  if (known) return known;
  const noop = plainPrepare.call(database, 'pragma wal_checkpoint(noop)');
  const page = Number(plainPrepare.call(database, 'pragma page_size').get()!['page_size']);
  const made = { frames: () => Number((plainGet.call(noop) as Record<string, unknown>)['log']), page, last: 0 };
  logs.set(database, made);
  return made;
}

DatabaseSync.prototype.exec = function (this: DatabaseSync, sql: string) {
  const result = plainExec.call(this, sql);
  if (sql === 'commit') {
    const log = logOf(this);
    const frames = log.frames();
    // A log that was checkpointed whole begins anew.
    const written = frames >= log.last ? frames - log.last : frames;
    // A transaction that found nothing to do writes nothing and syncs nothing.
    if (written > 0) counts.commits += 1;
    counts.logBytes += written * (log.page + FRAME);
    log.last = frames;
  }
  return result;
};

const handle = await fs.promises.open(process.execPath, 'r');
const prototype = Object.getPrototypeOf(handle) as { sync: () => Promise<void>; datasync: () => Promise<void> };
await handle.close();
for (const name of ['sync', 'datasync'] as const) {
  const plain = prototype[name];
  prototype[name] = function (this: unknown) {
    counts.fileSyncs += 1;
    return plain.call(this as never);
  };
}

process.on('exit', () => {
  const file = process.env['WHARF_BENCH_COUNTS'];
  if (file) writeFileSync(file, JSON.stringify(counts));
});
