import { writeSync } from 'node:fs';

/**
 * Places in a file's life at which a test can have the process fail: before and after each commit, rename, removal and answer. A place costs one
 * comparison unless it was armed, which only the environment of a process can do (`config/environment.ts`).
 */
export const failPoints = [
  'start.opened',
  'start.migrating',
  'start.recovered',
  'store.beginning',
  'store.committing',
  'store.committed',
  'receive.listed',
  'receive.read',
  'receive.storing',
  'receive.stored',
  'receive.taken',
  'receive.noted',
  'translate.claimed',
  'translate.finishing',
  'translate.finished',
  'apply.claimed',
  'apply.settling',
  'allocate.settling',
  'render.claimed',
  'render.numbered',
  'render.settling',
  'deliver.claimed',
  'deliver.staged',
  'deliver.marked',
  'deliver.resumed',
  'deliver.published',
  'deliver.sent',
  'folder.listing',
  'folder.creating',
  'folder.created',
  'folder.written',
  'folder.synced',
  'folder.renaming',
  'folder.renamed',
  'folder.taking',
  'folder.taken',
  'folder.removed',
  'sftp.creating',
  'sftp.created',
  'sftp.written',
  'sftp.renaming',
  'sftp.renamed',
  'sftp.taking',
  'sftp.taken',
  'sftp.removed',
  'stop.asked',
  'stop.drained',
] as const;
export type FailPoint = (typeof failPoints)[number];

/** `kill` is `kill -9`, `freeze` stops the process until it gets SIGCONT, `error` is a mistake of ours; the others are what a disk says. */
export const failActions = ['kill', 'freeze', 'error', 'ENOSPC', 'EIO'] as const;
export type FailAction = (typeof failActions)[number];

/** Which place fails, how, and at which of its visits (from 1). */
export type FailOrder = { readonly point: FailPoint; readonly action: FailAction; readonly visit: number };

/** SQLite's code for what a disk says (SQLITE_FULL, SQLITE_IOERR): a place in the store fails as its own disk would. */
const SQLITE = { ENOSPC: 13, EIO: 10 } as const;

let armed: Map<FailPoint, FailOrder> | undefined;
let visits = new Map<FailPoint, number>();

/** Has places fail from now on, each once. */
export function armFailPoints(orders: readonly FailOrder[]): void {
  armed = orders.length === 0 ? undefined : new Map(orders.map((order) => [order.point, order]));
  visits = new Map();
}

/** A place that can be made to fail. @throws Error when it is armed with an error. */
export function failPoint(point: FailPoint): void {
  const order = armed?.get(point);
  if (order !== undefined) strike(order);
}

function strike({ point, action, visit }: FailOrder): void {
  const count = (visits.get(point) ?? 0) + 1;
  visits.set(point, count);
  if (count !== visit) return;
  // Before anything else and past every buffer: whoever armed it must know that it was reached.
  writeSync(2, `fail point ${point}: ${action}\n`);
  if (action === 'kill' || action === 'freeze') return void process.kill(process.pid, action === 'kill' ? 'SIGKILL' : 'SIGSTOP');
  const told = new Error(`fail point ${point}: ${action}`);
  throw action === 'error' ? told : Object.assign(told, { code: action, errcode: SQLITE[action] });
}

/** The order that `point:action:visit` names, such as `deliver.staged:kill:1`. @throws RangeError when it names none. */
export function readFailOrder(text: string): FailOrder {
  const [point, action, visit = '1'] = text.split(':');
  const found = { point: failPoints.find((each) => each === point), action: failActions.find((each) => each === action), visit: Number(visit) };
  if (found.point === undefined || found.action === undefined || !(Number.isSafeInteger(found.visit) && found.visit > 0)) {
    throw new RangeError(`"${text}" is no fail point, action and visit, such as deliver.staged:kill:1`);
  }
  return { point: found.point, action: found.action, visit: found.visit };
}
