import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { bareLoop } from '../bare-loop.ts';
import { interchange, LINES, orderFile, transactionSet } from '../order-data.ts';
import { cpuOf, openStage, start, today, until } from './stage.ts';

type Case = { readonly name: string; readonly orders: number; readonly files: readonly Buffer[]; readonly together: number; readonly goal: number };

/** The whole path, from files in a partner's folder to the answers in the folders of two, by a daemon of its own; and the bare loop beside it. */
export async function benchPath(small: number, large: number): Promise<void> {
  const day = today();
  const sets = Array.from({ length: large }, (_, at) => transactionSet(at, at + 1, day));
  const files = Array.from({ length: small }, (_, at) => orderFile(at, day));
  await measure({ name: 'small files', orders: small, files, together: 1, goal: 0.5 });
  await measure({ name: 'one interchange', orders: large, files: [interchange(1, sets, day)], together: 50, goal: 0.25 });
}

async function measure({ name, orders, files, together, goal }: Case): Promise<void> {
  const stage = await openStage();
  const counters = join(stage.directory, 'counts.json');
  try {
    const daemon = await start(stage, counters);
    // Warm: the code that each order runs through has been compiled before the clock starts.
    const warm = Array.from({ length: 100 }, (_, at) => orderFile(9_000_000 + at, today()));
    stage.dropAll('acme', warm, 'warm');
    await until(() => stage.sent('acme') === 200 && stage.sent('northwind') === 100, 120_000);
    const idle = await drained(stage.database, 100);
    const [cpu, began] = [cpuOf(daemon.child.pid!), performance.now()];
    stage.dropAll('acme', files, 'f');
    const answers = files.length + orders;
    await until(() => stage.sent('acme') === 200 + answers && stage.sent('northwind') === 100 + orders, 1_200_000, 50);
    const wall = (performance.now() - began) / 1e3;
    const used = cpuOf(daemon.child.pid!) - cpu;
    await drained(stage.database, 100 + orders);
    await daemon.stop();
    check(stage.database, orders + 100);
    const counts = JSON.parse(readFileSync(counters, 'utf8')) as Readonly<Record<string, number>>;
    const each = (what: string): string => (counts[what]! / (orders + 100)).toFixed(2);
    const folder = mkdtempSync(join(tmpdir(), 'wharf-bench-'));
    const bare = await bareLoop(stage.database, join(folder, 'bare.db'), orders + 100, together);
    rmSync(folder, { recursive: true, force: true });
    const theirs = { wall: (bare.wall * orders) / (orders + 100), cpu: (bare.cpu * orders) / (orders + 100) };
    console.log(
      `${name}: ${orders} orders in ${files.length} file${files.length === 1 ? '' : 's'}, ${answers + orders} files out${idle ? '' : ' (not idle before)'}`,
    );
    console.log(`  wharf       ${(orders / wall).toFixed(0)} orders/s, ${(orders / used).toFixed(0)} a CPU second`);
    console.log(`  bare loop   ${(orders / theirs.wall).toFixed(0)} orders/s, ${(orders / theirs.cpu).toFixed(0)} a CPU second, ${together} a commit`);
    console.log(`  ratio       ${(theirs.wall / wall).toFixed(2)} of wall time, ${(theirs.cpu / used).toFixed(2)} of CPU time; the goal is ${goal}`);
    console.log(
      `  an order    ${each('statements')} statements, ${each('commits')} commits, ${each('fileSyncs')} syncs of files and folders, ${each('logBytes')} bytes of log`,
    );
  } finally {
    stage.remove();
  }
}

/** Waits until nothing is in any queue. */
async function drained(file: string, orders: number): Promise<boolean> {
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    const open = db.prepare(
      `select (select count(*) from outbox where status in ('pending', 'working', 'rendered', 'sending')) + (select count(*) from inbound_file where disposed_at is null) as open,
        (select count(*) from sales_order) as orders`,
    );
    await until(() => {
      const row = open.get()!;
      return row['open'] === 0 && row['orders'] === orders;
    }, 60_000);
    return true;
  } finally {
    db.close();
  }
}

/** @throws when an order, a line or an answer is missing. */
function check(file: string, orders: number): void {
  const db = new DatabaseSync(file, { readOnly: true });
  const found = db.prepare('select count(distinct order_id) as orders, count(*) as lines, sum(base - released) as left_over from order_line').get()!;
  const answers = db.prepare("select count(*) as n from outbox where kind in ('order-response', 'warehouse-order') and sent_at is not null").get()!;
  db.close();
  if (found['orders'] === orders && found['lines'] === orders * LINES && found['left_over'] === 0 && answers['n'] === 2 * orders) return;
  throw new Error(`the path lost something: ${JSON.stringify({ ...found, answers: answers['n'] })}`);
}
