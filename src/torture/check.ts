import { createHash } from 'node:crypto';
import { verify } from '../acts/verify.ts';
import { readAcknowledgment } from '../formats/x12/acknowledge.ts';
import type { FileSent, FileTaken, OrderMade, ParkedRow } from '../store/proof.ts';
import { filesSent, filesTaken, ordersMade } from '../store/proof.ts';
import type { Database } from '../store/transaction.ts';
import { child, fieldText } from '../tree.ts';
import type { Company } from './company.ts';
import type { Collected, Outside } from './outside.ts';

/** The promises, and how each can be broken. */
export const promises = ['lost', 'duplicated', 'gap', 'partial', 'damaged', 'hung'] as const;
export type Breach = { readonly promise: (typeof promises)[number]; readonly what: string };

/** What is sent for an order, by the set or the beginning of the file's name: once each. */
const ANSWERS = {
  acme: ['855', '856', '810'],
  bluebird: ['confirmations', 'shipments', 'invoices'],
} as const;

/**
 * Compares what partners dropped and collected with each other and with the database, after everything came to its end. It looks at nothing that the
 * daemon says of itself but its rows. Empty when every promise was kept.
 */
export async function check(company: Company, outside: Outside, db: Database): Promise<readonly Breach[]> {
  const { taken, sent, made } = await db.read(async (tx) => ({ taken: await filesTaken(tx), sent: await filesSent(tx), made: await ordersMade(tx) }));
  const verified = await verify(db, company.config, { now: Date.now() });
  return [
    ...outside.complaints.map((what): Breach => ({ promise: 'partial', what })),
    ...checkTaken(outside, taken),
    ...checkOrders(outside, made),
    ...checkAnswers(outside),
    ...checkAcknowledged(outside),
    ...checkSent(outside, sent),
    ...checkNumbers(outside),
    ...verified.faults.map(({ code, id, detail }): Breach => ({ promise: 'damaged', what: `${code} ${id}: ${detail}` })),
  ];
}

/** What is parked in the end although nobody dropped anything wrong. */
export function checkParked(parked: readonly ParkedRow[]): readonly Breach[] {
  return parked.map(({ kind, id, reason, detail }) => ({ promise: 'lost', what: `${kind}:${id} is parked, ${reason}: ${detail}` }));
}

/** Every drop was received once: as often as the same bytes were dropped, so often they stand there. */
function checkTaken({ dropped }: Outside, taken: readonly FileTaken[]): readonly Breach[] {
  const key = ({ player, sha256 }: { readonly player: string; readonly sha256: string }): string => `${player} ${sha256}`;
  const expected = countBy(dropped, key);
  const found = countBy(taken, ({ partner, sha256 }) => key({ player: partner, sha256 }));
  const name = new Map(dropped.map((each) => [key(each), each.name]));
  return differences(expected, found, (each) => `file ${name.get(each) ?? each} in the database`);
}

function checkOrders({ orders }: Outside, made: readonly OrderMade[]): readonly Breach[] {
  const expected = countBy(orders, ({ player, number }) => `${player} ${number}`);
  const found = countBy(made, ({ partner, poNumber }) => `${partner} ${poNumber}`);
  const open = made.filter(({ lifecycle }) => lifecycle !== 'shipped');
  return [
    ...differences(expected, found, (each) => `order ${each}`),
    ...open.map(({ partner, poNumber, lifecycle }): Breach => ({ promise: 'lost', what: `order ${partner} ${poNumber} is ${lifecycle}, not shipped` })),
  ];
}

/** Each order was answered, announced and billed once at the buyer, and asked for once at the warehouse. */
function checkAnswers({ orders, collected }: Outside): readonly Breach[] {
  const expected = new Map<string, number>();
  for (const { player, number } of orders) {
    if (player === 'northwind') continue;
    for (const answer of ANSWERS[player]) expected.set(`${answer} ${number} at ${player}`, 1);
  }
  const found = countBy(collected.flatMap(answersIn), (each) => each);
  const asked = collected.flatMap((file) => setsIn(file, '940').map((tree) => fieldText(child(tree, 'W05')?.fields?.[1])));
  const repeated = [...countBy(asked, (each) => each)].filter(([, count]) => count > 1);
  return [
    ...differences(expected, found, (each) => each),
    ...repeated.map(([number, count]): Breach => ({ promise: 'duplicated', what: `940 ${number} at northwind: ${count} instead of 1` })),
    ...(asked.length < orders.length ? [{ promise: 'lost' as const, what: `940 at northwind: ${asked.length} for ${orders.length} orders` }] : []),
  ];
}

/** The documents about orders in a file that a buyer collected. */
function answersIn(file: Collected): readonly string[] {
  if (file.player === 'bluebird') {
    const [, answer, number] = /^(\w+?)_(BB-\d+)_/u.exec(file.name) ?? [];
    return [`${answer} ${number} at bluebird`];
  }
  if (file.player !== 'acme' || !file.received) return [];
  return file.received.sets.flatMap(({ type, tree }) => {
    if (type === '855') return [`855 ${fieldText(child(tree, 'BAK')?.fields?.[2])} at acme`];
    if (type === '810') return [`810 ${fieldText(child(tree, 'BIG')?.fields?.[3])} at acme`];
    if (type === '856') return [`856 ${purchaseOrderOf(tree)} at acme`];
    return [];
  });
}

function purchaseOrderOf(tree: Parameters<typeof child>[0]): string {
  const own = child(tree, 'PRF')?.fields?.[0];
  if (own !== undefined) return fieldText(own);
  for (const each of tree.children ?? []) {
    const found = purchaseOrderOf(each);
    if (found !== '') return found;
  }
  return '';
}

function setsIn({ received }: Collected, set: string) {
  return (received?.sets ?? []).filter(({ type }) => type === set).map(({ tree }) => tree);
}

/** Every interchange was acknowledged; more than once only where the partner dropped it again, and then with the same bytes. */
function checkAcknowledged({ dropped, collected }: Outside): readonly Breach[] {
  const control = (name: string): string => String(Number(/_(\d+)\.edi$/u.exec(name)?.[1] ?? 0));
  const breaches: Breach[] = [];
  for (const player of ['acme', 'northwind'] as const) {
    const allowed = countBy(
      dropped.filter((each) => each.player === player && !/^(again-)?997_/u.test(each.name)),
      ({ name }) => control(name),
    );
    const found = new Map<string, number>();
    for (const file of collected.filter((each) => each.player === player)) {
      for (const tree of setsIn(file, '997')) {
        const answered = String(Number(readAcknowledgment(tree).control));
        found.set(answered, (found.get(answered) ?? 0) + 1);
      }
    }
    for (const [number, most] of allowed) {
      const count = found.get(number) ?? 0;
      if (count === 0) breaches.push({ promise: 'lost', what: `997 for group ${number} at ${player}` });
      if (count > most) breaches.push({ promise: 'duplicated', what: `997 for group ${number} at ${player}: ${count}, dropped ${most} times` });
    }
  }
  return breaches;
}

/** What the database says was sent was collected, byte for byte, and nothing else was; an acknowledgment may be sent again when it was asked for again. */
function checkSent({ collected }: Outside, sent: readonly FileSent[]): readonly Breach[] {
  const seen = Map.groupBy(collected, ({ player, name }) => `${player} ${name}`);
  const breaches: Breach[] = [];
  const known = new Set<string>();
  for (const { partner, name, kind, sha256 } of sent) {
    const key = `${partner} ${name}`;
    known.add(key);
    const files = seen.get(key) ?? [];
    if (files.length === 0) breaches.push({ promise: 'lost', what: `${key} was never seen` });
    if (files.length > 1 && kind !== 'acknowledgment') breaches.push({ promise: 'duplicated', what: `${key} was seen ${files.length} times` });
    for (const { bytes } of files) {
      const found = createHash('sha256').update(bytes).digest('hex');
      if (found !== sha256) breaches.push({ promise: 'partial', what: `${key} has ${bytes.length} bytes that are not those of the database` });
    }
  }
  for (const key of seen.keys()) if (!known.has(key)) breaches.push({ promise: 'duplicated', what: `${key} was seen and is not in the database` });
  return breaches;
}

/** The numbers of what each partner collected, 1 to n without gap or repeat. A file that was sent again has the number that it had. */
function checkNumbers({ collected }: Outside): readonly Breach[] {
  const scopes = new Map<string, Map<number, Set<string>>>();
  const add = (scope: string, number: string, name: string): void => {
    const numbers = scopes.get(scope) ?? new Map<number, Set<string>>();
    scopes.set(scope, numbers);
    numbers.set(Number(number), (numbers.get(Number(number)) ?? new Set()).add(name));
  };
  for (const { player, name, received } of collected) {
    if (!received) continue;
    add(`ISA13 to ${player}`, received.header.control, name);
    for (const { group } of received.groups) add(`GS06 of ${group.type} to ${player}`, group.control, name);
  }
  return [...scopes].flatMap(([scope, numbers]) => {
    const most = Math.max(...numbers.keys());
    const missing = Array.from({ length: most }, (_, index) => index + 1).filter((number) => !numbers.has(number));
    const repeated = [...numbers].filter(([, names]) => names.size > 1);
    return [
      ...missing.map((number): Breach => ({ promise: 'gap', what: `${scope}: ${number} is missing of ${most}` })),
      ...repeated.map(([number, names]): Breach => ({ promise: 'duplicated', what: `${scope}: ${number} is in ${[...names].join(' and ')}` })),
    ];
  });
}

function countBy<T>(list: readonly T[], key: (each: T) => string): ReadonlyMap<string, number> {
  return new Map([...Map.groupBy(list, key)].map(([each, all]) => [each, all.length]));
}

function differences(expected: ReadonlyMap<string, number>, found: ReadonlyMap<string, number>, what: (key: string) => string): readonly Breach[] {
  return [...new Set([...expected.keys(), ...found.keys()])].flatMap((key): readonly Breach[] => {
    const [want, got] = [expected.get(key) ?? 0, found.get(key) ?? 0];
    if (want === got) return [];
    return [{ promise: got < want ? 'lost' : 'duplicated', what: `${what(key)}: ${got} instead of ${want}` }];
  });
}
