import { WharfError } from '../errors.ts';
import { tellLine, tellPast } from '../orders/explain-story.ts';
import { linePasts } from '../acts/line-past.ts';
import { ordersByNumber } from '../store/orders.ts';
import type { Command } from './command.ts';
import { exit, printJson } from './command.ts';
import { withDatabase } from './open.ts';

export const why: Command = {
  summary: 'why a line of an order got what it got, from where and when, in plain words: stock, who stood ahead, what was refused, what was changed',
  usage: 'PO [LINE]',
  run: (given, io) => {
    const [number, reference] = given.words;
    if (number === undefined) throw new WharfError('USAGE', 'name a PO number, and a line of it if you like');
    return withDatabase(given, io, 'read', async (_config, db) => {
      const orders = await db.read(async (tx) => {
        const found = await ordersByNumber(tx, number);
        return Promise.all(found.map(async (order) => ({ order, pasts: await linePasts(tx, order) })));
      });
      if (orders.length === 0) throw new WharfError('NOT_FOUND', `no order has the number ${number}`, { value: number });
      const lines = orders.flatMap(({ order, pasts }) =>
        order.lines
          .filter(({ lineRef }) => reference === undefined || lineRef === reference)
          .map((line) => ({ id: `order:${order.id}`, partner: order.partner, poNumber: order.document.poNumber, line, past: tellPast(pasts.get(line.id)!) })),
      );
      if (lines.length === 0) throw new WharfError('NOT_FOUND', `order ${number} has no line ${reference ?? ''}`, { value: reference ?? '' });
      if (given.flag('json')) {
        printJson(
          io,
          lines.map(({ line, past, ...of }) => ({ ...of, line: line.lineRef, now: tellLine(line), past })),
        );
        return exit.ok;
      }
      for (const { id, partner, poNumber, line, past } of lines) {
        io.out(`${id}  ${partner} PO ${poNumber} line ${line.lineRef}: ${tellLine(line)}\n`);
        for (const { at, text, because } of past) {
          io.out(`  ${at ?? ' '.repeat(20)}  ${text}\n`);
          for (const each of because) io.out(`${' '.repeat(26)}${each}\n`);
        }
      }
      return exit.ok;
    });
  },
};
