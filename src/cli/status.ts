import { channelStatuses } from '../acts/channel-status.ts';
import { catalogue } from '../errors.ts';
import { intakeStop } from '../pipeline/receive/intake.ts';
import { openAlerts } from '../store/alerts.ts';
import type { PartnerCounts } from '../store/counts.ts';
import { countByPartner } from '../store/counts.ts';
import type { Need } from '../store/needs.ts';
import { missedShipDates, needsPerson } from '../store/needs.ts';
import type { Status } from '../store/status.ts';
import { readStatus } from '../store/status.ts';
import { listHeld, sendingOff } from '../store/switches.ts';
import type { Tx } from '../store/transaction.ts';
import type { Command, Io } from './command.ts';
import { exit, printJson } from './command.ts';
import { withDatabase } from './open.ts';
import { showInstant, showTable } from './show.ts';
import { channelData, showChannels } from './status-channels.ts';

const FEW = 10;
const ALL = 1000;
const DAY = 86_400_000;

export const status: Command = {
  summary: 'what each partner has open, and received and sent in the last 24 hours; how each channel does; what needs a person',
  usage: '[--all]',
  options: { all: { type: 'boolean', help: `list every channel and all that needs a person, not only the newest ${FEW}` } },
  run: (given, io) =>
    withDatabase(given, io, 'read', async (config, db) => {
      const most = given.flag('all') ? ALL : FEW;
      const stop = await intakeStop(config, db);
      const now = Date.now();
      const { partners, needs, late, queues, leases, off, alerts, channels, held } = await db.read(async (tx) => ({
        channels: await channelStatuses(tx, config, now),
        held: await listHeld(tx),
        off: await sendingOff(tx),
        alerts: await openAlerts(tx),
        partners: await countByPartner(tx, now - DAY),
        needs: await needsPerson(tx, most),
        late: await missedShipDates(tx, most, now),
        ...(await standing(tx, now)),
      }));
      if (given.flag('json')) {
        const [shown, shownLate] = [needs, late].map((some) => some.map((need) => ({ ...need, at: showInstant(need.at), remedy: remedyFor(need.code) })));
        const stops = { intakeStopped: stop ?? null, sendingOff: off?.value ?? null, openAlerts: alerts.length, held: held.map(({ name }) => name.slice(5)) };
        printJson(io, { ...stops, partners, channels: channels.map(channelData), queues, leases, needs: shown, late: shownLate });
      } else {
        if (stop !== undefined) io.out(`INTAKE_STOPPED: nothing is taken in: ${stop}\n  ${remedyFor('INTAKE_STOPPED')}\n`);
        if (off) io.out(`SENDING_OFF: nothing is sent: ${off.value}, by ${off.who}\n  ${remedyFor('SENDING_OFF')}\n`);
        for (const { name, value, who } of held) io.out(`HELD: ${name.slice(5)}, by ${who}: ${value}\n  ${remedyFor('HELD')}\n`);
        if (alerts.length > 0) io.out(`${alerts.length} alert${alerts.length === 1 ? ' is' : 's are'} open: wharf alerts\n`);
        showPartners(io, partners);
        showChannels(io, channels, given.flag('all'), now);
        showQueues(io, queues);
        showDaemons(io, leases);
        showNeeds(io, needs, waitingForPerson(partners));
        for (const { id, partner, code, detail } of late) io.out(`${code}: ${id} of ${partner}, ${detail}\n`);
      }
      return needs.length > 0 || stop !== undefined || off ? exit.findings : exit.ok;
    }),
};

/** What to do about a code that a row carries, which may be older than the catalogue. */
export function remedyFor(code: string): string {
  return Object.hasOwn(catalogue, code) ? catalogue[code as keyof typeof catalogue].remedy : '';
}

/** The columns of the table of partners. */
const columns: readonly (readonly [head: string, count: (counts: PartnerCounts) => number])[] = [
  ['files, 24 h', ({ files }) => files.lately],
  ['parked', ({ files }) => files.parked],
  ['documents, 24 h', ({ documents }) => documents.lately],
  ['waiting', ({ documents }) => documents.waiting],
  ['parked', ({ documents }) => documents.parked],
  ['of them refused', ({ documents }) => documents.rejected],
  ['orders open', ({ orders }) => orders.open],
  ['held', ({ orders }) => orders.held],
  ['to send', ({ outbox }) => outbox.waiting],
  ['sent, 24 h', ({ outbox }) => outbox.lately],
  ['no ack yet', ({ outbox }) => outbox.awaiting],
  ['overdue', ({ outbox }) => outbox.overdue],
  ['rejected', ({ outbox }) => outbox.rejected],
  ['parked', ({ outbox }) => outbox.parked],
];

function showPartners(io: Io, partners: readonly PartnerCounts[]): void {
  if (partners.length === 0) return io.out('nothing is open, and nothing was received or sent in the last 24 hours\n');
  const rows = partners.map((counts) => [counts.partner, ...columns.map(([, count]) => String(count(counts) || '-'))]);
  io.out(showTable([['partner', ...columns.map(([head]) => head)], ...rows]));
}

async function standing(tx: Tx, now: number): Promise<Pick<Status, 'queues' | 'leases'>> {
  const { queues, leases } = await readStatus(tx, now, 1);
  return { queues, leases };
}

/** Who holds what, where several daemons share a database. */
function showDaemons(io: Io, leases: Status['leases']): void {
  for (const [owner, held] of Map.groupBy(leases, (lease) => lease.owner)) {
    const resources = held.map(({ resource }) => resource).filter((resource) => !resource.startsWith('daemon:'));
    io.out(`daemon ${owner}: ${resources.join(', ') || 'holds nothing'}\n`);
  }
}

/** What is on its way, and since when: a daemon that does not run shows here. */
function showQueues(io: Io, queues: Status['queues']): void {
  const moving = queues.filter(({ status: state }) => ['receiving', 'pending', 'working', 'rendered', 'sending'].includes(state));
  for (const { queue, status: state, count, oldestMs } of moving) io.out(`${queue} ${state}: ${count}, the oldest since ${Math.round(oldestMs / 1000)} s\n`);
}

function waitingForPerson(partners: readonly PartnerCounts[]): number {
  return partners.reduce(
    (sum, { files, documents, orders, outbox }) => sum + files.parked + documents.parked + orders.held + outbox.parked + outbox.overdue + outbox.rejected,
    0,
  );
}

function showNeeds(io: Io, needs: readonly Need[], total: number): void {
  if (needs.length === 0) return io.out('\nnothing needs a person\n');
  io.out(`\nneeds a person, newest first:\n`);
  for (const { id, partner, code, detail, at } of needs) {
    io.out(`  ${id.padEnd(12)} ${showInstant(at)}  ${partner}  ${code}: ${detail.slice(0, 300)}\n${' '.repeat(15)}${remedyFor(code)}\n`);
  }
  if (total > needs.length) io.out(`  and more: wharf status --all\n`);
}
