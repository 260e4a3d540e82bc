import { WharfError } from '../errors.ts';
import type { Activity } from '../store/activity.ts';
import type { Hold } from '../store/holds.ts';
import { openHolds } from '../store/holds.ts';
import type { Trace, TracedOutbox } from '../store/trace.ts';
import { trace as traceTerm } from '../store/trace.ts';
import type { Command, Io } from './command.ts';
import { exit, printJson } from './command.ts';
import { withDatabase } from './open.ts';
import { showInstant } from './show.ts';
import { remedyFor } from './status.ts';

export const trace: Command = {
  summary: 'the whole life of a PO number, file name, control number or id such as document:3, in order of time',
  usage: 'TERM',
  run: (given, io) =>
    withDatabase(given, io, 'read', async (_config, db) => {
      const term = given.words.join(' ').trim();
      if (term === '') throw new WharfError('USAGE', 'name a PO number, file, control number or id');
      const { found, holds } = await db.read(async (tx) => {
        const life = await traceTerm(tx, term);
        return { found: life, holds: (await Promise.all(life.orders.map(({ id }) => openHolds(tx, id)))).flat() };
      });
      if (isEmpty(found)) throw new WharfError('NOT_FOUND', `nothing here goes by ${term}`, { value: term });
      if (given.flag('json')) printJson(io, asData(found, holds));
      else show(io, found, holds);
      return exit.ok;
    }),
};

function isEmpty({ files, documents, orders, outbox }: Trace): boolean {
  return files.length + documents.length + orders.length + outbox.length === 0;
}

/** A trace with the ids that other commands take, and with instants as text. */
function asData({ files, documents, orders, outbox, activities, interchanges, cut }: Trace, holds: readonly Hold[]) {
  return {
    files: files.map(({ id, partner, channel, name, size, sha256, status, reason, detail, receivedAt }) => {
      return { id: `file:${id}`, partner, channel, name, size, sha256, status, reason, detail, receivedAt: showInstant(receivedAt) };
    }),
    interchanges: interchanges.map(({ fileId, partner, control, status }) => ({ file: `file:${fileId}`, partner, control, status })),
    documents: documents.map(({ id, fileId, ...document }) => ({ id: `document:${id}`, file: `file:${fileId}`, ...document })),
    orders: orders.map(({ id, partner, poNumber, lifecycle }) => ({ id: `order:${id}`, partner, poNumber, lifecycle })),
    holds: holds.map(({ orderId, code, value, detail }) => ({ order: `order:${orderId}`, code, value, detail, remedy: remedyFor(code) })),
    outbox: outbox.map(({ id, createdAt, sentAt, ...sent }) => ({
      id: `outbox:${id}`,
      ...sent,
      createdAt: showInstant(createdAt),
      sentAt: sentAt && showInstant(sentAt),
    })),
    activity: activities.map(({ at, verb, text, partner, ...ids }) => ({ at: showInstant(at), verb, text, partner, about: aboutOf(ids) })),
    cut,
  };
}

function show(io: Io, { files, documents, orders, outbox, activities, cut }: Trace, holds: readonly Hold[]): void {
  const line = (id: string, text: string, state: string): void => io.out(`  ${id.padEnd(13)} ${text.padEnd(52)}  ${state}\n`);
  for (const { id, partner, poNumber, lifecycle } of orders) line(`order:${id}`, `${partner} PO ${poNumber}`, lifecycle);
  for (const file of files) line(`file:${file.id}`, `${file.channel} ${file.name}`, stateOf(file));
  for (const document of documents) {
    const what = [document.partner, document.setId ?? document.kind ?? 'unknown document', document.businessKey ?? ''].join(' ').trimEnd();
    line(`document:${document.id}`, what, document.accepted ? stateOf(document) : `refused: ${document.detail ?? ''}`);
  }
  for (const sent of outbox)
    line(`outbox:${sent.id}`, `${sent.partner} ${sent.setId ?? sent.kind} ${sent.businessKey ?? ''} ${sent.fileName ?? ''}`.trimEnd(), sentState(sent));
  for (const { orderId, code, detail } of holds) io.out(`  order:${orderId} is held, ${code}: ${detail}\n      ${remedyFor(code)}\n`);
  for (const { reason, status, id } of documents) if (status === 'parked' && reason) io.out(`  document:${id} is parked, ${reason}: ${remedyFor(reason)}\n`);
  io.out('\n');
  for (const { at, verb, text, ...ids } of activities) io.out(`  ${showInstant(at)}  ${verb.padEnd(11)} ${aboutOf(ids).padEnd(13)} ${text}\n`);
  if (cut) io.out('  there is more than is shown: name one order or document\n');
}

function stateOf({ status, reason, detail }: { readonly status: string; readonly reason: string | undefined; readonly detail: string | undefined }): string {
  return reason === undefined ? status : `${status}, ${reason}: ${detail ?? ''}`;
}

function sentState(sent: TracedOutbox): string {
  switch (sent.status) {
    case 'sent':
      return 'sent, not acknowledged yet';
    case 'done':
      return 'sent';
    case 'acknowledged':
      return `sent, ${(sent.ackStatus ?? 'accepted').replaceAll('-', ' ')}`;
    case 'rejected':
      return 'sent, rejected';
    case 'overdue':
      return 'sent, acknowledgment overdue';
    default:
      return stateOf(sent);
  }
}

/** What a line of the timeline is about, the most particular first. */
function aboutOf({ outboxId, documentId, fileId, orderId }: Partial<Pick<Activity, 'outboxId' | 'documentId' | 'fileId' | 'orderId'>>): string {
  if (outboxId !== undefined) return `outbox:${outboxId}`;
  if (documentId !== undefined) return `document:${documentId}`;
  if (fileId !== undefined) return `file:${fileId}`;
  return orderId === undefined ? '' : `order:${orderId}`;
}
