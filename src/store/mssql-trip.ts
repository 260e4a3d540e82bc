import type { Request } from 'tedious';
import { bindValue, toRow, type Column } from './mssql-values.ts';
import type { Row, SqlValue } from './transaction.ts';

type Tedious = typeof import('tedious');

/** A statement that waits for its turn on a connection. */
export type Asked = {
  /** Its values are written `@p0`, `@p1` and so on. */
  readonly sql: string;
  readonly values: readonly SqlValue[];
  /** One table of rows, which may be empty, or nothing; `alone` goes as a text of its own, whatever it gives. */
  readonly gives: 'rows' | 'nothing' | 'alone';
  readonly done: (rows: readonly Row[]) => void;
  readonly failed: (error: unknown) => void;
};

/** SQL Server takes 2,100 values a request, some of which the driver uses. */
export const MOST_VALUES = 2_000;

/** Takes from the front of a queue what goes to the server in one round trip. */
export function takeTrip(queue: Asked[]): readonly Asked[] {
  const trip = queue.splice(0, 1);
  if (trip[0]?.gives === 'alone') return trip;
  for (let values = trip[0]?.values.length ?? 0; queue[0] !== undefined && queue[0].gives !== 'alone';) {
    values += queue[0].values.length;
    if (values > MOST_VALUES) break;
    trip.push(queue.shift()!);
  }
  return trip;
}

/** The request of a trip: the rows that come are given to the statements that asked for them, one table each. An error is told to all of them. */
export function requestOf({ Request, TYPES }: Tedious, trip: readonly Asked[], ended: (error: unknown) => void): Request {
  const tables: Row[][] = [];
  let whole = false;
  const request = new Request(textOf(trip), (given) => {
    const error: unknown = given ?? (whole && isAnswered(trip, tables) ? undefined : lost('its answer was cut off'));
    ended(error);
    let at = 0;
    for (const { gives, done, failed } of trip) {
      if (error !== undefined) failed(error);
      else done(gives === 'rows' ? tables[at++]! : []);
    }
  });
  // The driver takes an answer that was cut off for a whole one: the last word of the server tells.
  const told = (_count: number | undefined, more: boolean): void => void (whole ||= !more);
  request.on('done', told).on('doneProc', told);
  request.on('columnMetadata', () => void tables.push([]));
  request.on('row', (columns: readonly Column[]) => tables.at(-1)!.push(toRow(columns)));
  trip.flatMap(({ values }) => values).forEach((value, index) => bindValue(TYPES, request, `p${index}`, value));
  return request;
}

/** What failed because its connection ended. */
export function lost(how = 'it was closed'): Error {
  return Object.assign(new Error(`the connection to SQL Server was lost: ${how}`), { code: 'ECONNCLOSED' });
}

function isAnswered(trip: readonly Asked[], tables: readonly unknown[]): boolean {
  return trip[0]?.gives === 'alone' || tables.length === trip.filter(({ gives }) => gives === 'rows').length;
}

function textOf(trip: readonly Asked[]): string {
  let before = 0;
  const texts = trip.map(({ sql, values }) => {
    const offset = before;
    before += values.length;
    return offset === 0 ? sql : sql.replace(/@p(\d+)/g, (_match, index: string) => `@p${Number(index) + offset}`);
  });
  return texts.join(';\n');
}
