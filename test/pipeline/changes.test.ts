import { describe, expect, test } from 'vitest';
import type { RehearsedFile } from '../../src/workbench/rehearse.ts';
import { formatDecimal, fromColumn } from '../../src/decimal.ts';
import type { Brain } from '../support/brain.ts';
import { openBrain } from '../support/brain.ts';
import { expectConservation } from '../support/conservation.ts';
import { adjusted, change, counted, interchange, order, received, shipped } from '../support/x12-text.ts';

const HOUR = 3_600_000;
const drop = (brain: Brain, partner: string, text: string) => brain.drop(partner, 'acme/happy-path/in.edi', () => text);
const textOf = (files: readonly RehearsedFile[], kind: string): string =>
  files
    .filter((file) => file.kind === kind)
    .map(({ bytes }) => Buffer.from(bytes).toString('latin1'))
    .join('');
const kindsOf = (files: readonly RehearsedFile[]) => files.map(({ kind }) => kind).filter((kind) => kind !== 'acknowledgment');

/** The units of each line of an order, as text. */
async function unitsOf(brain: Brain, poNumber: string): Promise<readonly string[]> {
  const rows = await brain.db.read((tx) =>
    tx.many('select l.* from {order_line} l join {sales_order} o on o.id = l.order_id where o.po_number = ? order by l.line_no', [poNumber]),
  );
  const names = ['pending', 'backordered', 'allocated', 'released', 'shipped', 'cancelled', 'rejected'];
  return rows.map((row) => names.flatMap((name) => (fromColumn(row[name]) > 0n ? [`${name} ${formatDecimal(fromColumn(row[name]))}`] : [])).join(', '));
}

async function stockOf(brain: Brain, sku: string, location = 'NW'): Promise<readonly string[]> {
  const row = await brain.db.read((tx) => tx.one('select * from {stock} where sku = ? and location = ?', [sku, location]));
  return ['on_hand', 'on_hold', 'allocated'].map((name) => formatDecimal(fromColumn(row![name])));
}

const reasons = async (brain: Brain) => (await brain.db.read((tx) => tx.many('select reason from {document} order by id'))).map((row) => row['reason']);

describe('a cancellation after release (L7b)', () => {
  async function cancelled(brain: Brain): Promise<readonly RehearsedFile[]> {
    await drop(brain, 'acme', order('P1', [{ quantity: 48, item: '1001' }]));
    return drop(brain, 'acme', change('P1', [], { purpose: '01', sequence: '1' }));
  }

  test('is not answered by the 997 to its 940: that says only that it could be read', async () => {
    const brain = await openBrain();
    const asked = await cancelled(brain);
    expect(textOf(asked, 'warehouse-order')).toContain('W05*F*W000001-1*P1~');
    const group = /GS\*OW\*\w+\*\w+\*\d+\*\d+\*(\d+)\*/.exec(textOf(asked, 'warehouse-order'))![1]!;
    const acknowledgment = interchange('northwind', '850', [`AK1*OW*${group}`, 'AK9*A*1*1*1'])
      .replace('GS*PO*', 'GS*FA*')
      .replace('ST*850*', 'ST*997*');
    expect(kindsOf(await drop(brain, 'northwind', acknowledgment))).toEqual([]);
    expect(await brain.db.read((tx) => tx.one(`select ack_status from {outbox} where group_control = ? and partner = 'northwind'`, [group]))).toMatchObject({
      ack_status: 'accepted',
    });
    expect(await unitsOf(brain, 'P1')).toEqual(['released 48']);
    expect(await brain.db.read((tx) => tx.many('select code from {order_hold} where resolved_at is null'))).toEqual([{ code: 'CANCEL_PENDING' }]);
  });

  test('that the warehouse grants leaves the stock with the warehouse, free for others', async () => {
    const brain = await openBrain();
    await cancelled(brain);
    const sent = await drop(brain, 'northwind', shipped('W000001-1', 'P1', 'B1', [['1', 'HL-MUG-01', 0n, 'CU']]));
    expect(kindsOf(sent)).toEqual(['order-change-response']);
    expect(await stockOf(brain, 'HL-MUG-01')).toEqual(['500', '0', '0']);
    // Another order is served from there at once: nothing was declined.
    await drop(brain, 'acme', order('P2', [{ quantity: 480, item: '1001' }]));
    expect(await unitsOf(brain, 'P2')).toEqual(['released 480']);
    await expectConservation(brain.db);
  });

  test('of millions of units is granted as exactly as of one', async () => {
    const brain = await openBrain();
    await drop(brain, 'northwind', counted('C1', '0600', [['HL-MUG-01', 4_000_000]], 'partial'));
    await drop(brain, 'acme', order('P1', [{ quantity: 3_000_007, item: '1001' }]));
    await drop(brain, 'acme', change('P1', ['POC*1*QD*1234567*1234567*EA'], { sequence: '1' }));
    const sent = await drop(brain, 'northwind', shipped('W000001-1', 'P1', 'B1', [['1', 'HL-MUG-01', 1_234_567n, 'CL']]));
    expect(textOf(sent, 'order-change-response')).toMatch(/BCA\*00\*AD\*[\s\S]*POC\*1\*QD\*1234567\*0\*EA/);
    expect(await stockOf(brain, 'HL-MUG-01')).toEqual(['2765433', '0', '0']);
    await expectConservation(brain.db);
  });

  test('that is granted in part sells what left and tells it, and nothing is looked for elsewhere', async () => {
    const brain = await openBrain();
    await cancelled(brain);
    const sent = await drop(brain, 'northwind', shipped('W000001-1', 'P1', 'B1', [['1', 'HL-MUG-01', 20n, 'CP']]));
    expect(kindsOf(sent).toSorted()).toEqual(['order-change-response', 'shipment']);
    expect(textOf(sent, 'order-change-response')).toMatch(/BCA\*00\*AC\*[\s\S]*POC\*1\*QD\*48\*0\*EA[\s\S]*ACK\*IA\*20\*EA~\s*ACK\*ID\*28\*EA/);
    expect(await unitsOf(brain, 'P1')).toEqual(['shipped 20, cancelled 28']);
    expect(await stockOf(brain, 'HL-MUG-01')).toEqual(['480', '0', '0']);
  });

  test('is asked once: a further change waits for the answer, and the same again gets none of its own', async () => {
    const brain = await openBrain();
    await cancelled(brain);
    const again = await drop(brain, 'acme', change('P1', ['POC*1*QD*10*10*EA'], { sequence: '2' }));
    expect(kindsOf(again)).toEqual([]);
    expect(await reasons(brain)).toEqual([null, null, 'CHANGE_WAITING']);
    brain.advance(25 * HOUR);
    const later = await brain.run();
    expect(kindsOf(later).toSorted()).toEqual(['order-change-response', 'warehouse-order']);
    expect(textOf(later, 'warehouse-order')).toMatch(/W05\*R\*W000001-1[\s\S]*W01\*10\*EA/);
  });
});

describe('a change', () => {
  test('never goes below what has shipped (L8)', async () => {
    const brain = await openBrain();
    await drop(brain, 'acme', order('P1', [{ quantity: 48, item: '1001' }]));
    await drop(brain, 'northwind', shipped('W000001-1', 'P1', 'B1', [['1', 'HL-MUG-01', 30n, 'PR']]));
    await drop(brain, 'acme', change('P1', ['POC*1*QD*10*10*EA'], { sequence: '1' }));
    const sent = await drop(brain, 'northwind', shipped('W000001-1', 'P1', 'B2', [['1', 'HL-MUG-01', 0n, 'CL']]));
    expect(textOf(sent, 'order-change-response')).toMatch(/BCA\*00\*AC\*[\s\S]*POC\*1\*QD\*30\*0\*EA/);
    expect(await unitsOf(brain, 'P1')).toEqual(['shipped 30']);
    await expectConservation(brain.db);
  });

  test('of an order that is held for its place is answered, and ends the hold where it cancels', async () => {
    const brain = await openBrain();
    const strange = order('P1', [{ quantity: 12, item: '1001' }])
      .replace('92*0042', '92*0427')
      .replace('Acme Distribution Center 42', '');
    expect(kindsOf(await drop(brain, 'acme', strange))).toEqual([]);
    const sent = await drop(brain, 'acme', change('P1', [], { purpose: '01', sequence: '1' }));
    expect(kindsOf(sent)).toEqual(['order-change-response']);
    expect(await brain.db.read((tx) => tx.one('select lifecycle from {sales_order}'))).toEqual({ lifecycle: 'cancelled' });
    expect(await brain.db.read((tx) => tx.many('select id from {order_hold} where resolved_at is null'))).toEqual([]);
    brain.advance(30 * HOUR);
    expect(kindsOf(await brain.run())).toEqual([]);
  });

  test('of an order that is held for its place is not answered before the order; nobody mends it, and the answer in time refuses it', async () => {
    const brain = await openBrain();
    const strange = order('P1', [{ quantity: 12, item: '1001' }])
      .replace('92*0042', '92*0427')
      .replace('Acme Distribution Center 42', '');
    await drop(brain, 'acme', strange);
    expect(kindsOf(await drop(brain, 'acme', change('P1', ['POC*1*QD*6*6*EA'], { sequence: '1' })))).toEqual([]);
    expect(await unitsOf(brain, 'P1')).toEqual(['pending 6']);
    brain.advance(23 * HOUR);
    expect(kindsOf(await brain.run())).toEqual([]);
    brain.advance(HOUR);
    const sent = await brain.run();
    expect(textOf(sent, 'order-response')).toMatch(/BAK\*00\*RD\*[\s\S]*ACK\*IR\*6\*EA/);
    expect(await brain.db.read((tx) => tx.one('select lifecycle from {sales_order}'))).toEqual({ lifecycle: 'rejected' });
    expect(await brain.db.read((tx) => tx.many('select id from {order_hold} where resolved_at is null'))).toEqual([]);
  });

  test('in another unit of the item is converted exactly, or refused', async () => {
    const brain = await openBrain();
    await drop(brain, 'acme', order('P1', [{ quantity: 48, item: '1001' }], ['DTM*037*20260320']));
    const cases = await drop(brain, 'acme', change('P1', ['POC*1*QD*2*2*CA'], { sequence: '1' }));
    expect(textOf(cases, 'order-change-response')).toMatch(/POC\*1\*QD\*24\*24\*EA/);
    const dozens = await drop(brain, 'acme', change('P1', ['POC*1*QI*3*3*DZ'], { sequence: '2' }));
    expect(textOf(dozens, 'order-change-response')).toMatch(/BCA\*00\*RD\*[\s\S]*POC\*1\*RC\*24\*24\*EA/);
    expect(await unitsOf(brain, 'P1')).toEqual(['allocated 24']);
  });

  test.each(['0.5', '999999999999', '-3'])('to a quantity of %s is refused or ends the line, and never more', async (quantity) => {
    const brain = await openBrain();
    await drop(brain, 'acme', order('P1', [{ quantity: 48, item: '1001' }], ['DTM*037*20260320']));
    const sent = await drop(brain, 'acme', change('P1', [`POC*1*CA*${quantity}*1*EA`], { sequence: '1' }));
    expect(textOf(sent, 'order-change-response')).toMatch(/POC\*1\*RC\*48\*48\*EA/);
    expect(await unitsOf(brain, 'P1')).toEqual(['allocated 48']);
  });
});

describe('stock', () => {
  test('a full count sets what it names and clears what it does not; what is on hold is not promised', async () => {
    const brain = await openBrain();
    await drop(brain, 'northwind', counted('C1', '0600', [['HL-BWL-01', 70]]));
    expect(await stockOf(brain, 'HL-BWL-01')).toEqual(['70', '0', '0']);
    expect(await stockOf(brain, 'HL-TWL-01')).toEqual(['0', '0', '0']);
    expect(await stockOf(brain, 'HL-TWL-01', 'HB')).toEqual(['200', '0', '0']);
    await drop(brain, 'northwind', adjusted('A1', [['HL-BWL-01', 30, '05']]));
    expect(await stockOf(brain, 'HL-BWL-01')).toEqual(['70', '30', '0']);
    await drop(brain, 'acme', order('P1', [{ quantity: 60, item: '1003' }], ['CSH*BK']));
    expect(await unitsOf(brain, 'P1')).toEqual(['backordered 20, released 40']);
    await expectConservation(brain.db);
  });

  test('that is counted as less than was released is told, and released work stays', async () => {
    const brain = await openBrain();
    await drop(brain, 'acme', order('P1', [{ quantity: 50, item: '1003' }]));
    await drop(brain, 'northwind', counted('C1', '0600', [['HL-BWL-01', 10]], 'partial'));
    expect(await unitsOf(brain, 'P1')).toEqual(['released 50']);
    const notes = await brain.db.read((tx) => tx.many(`select text from {activity} where verb = 'hold'`));
    expect(notes).toEqual([{ text: expect.stringMatching(/NW has 40 of HL-BWL-01 less than is promised; it was told to ship 40 of W000001-1/) }]);
  });

  test('that gave way and is found elsewhere is no news to the buyer', async () => {
    const brain = await openBrain();
    // Both warehouses have towels; the nearer one has them all promised.
    await drop(brain, 'acme', order('P1', [{ quantity: 150, item: '1009' }], ['DTM*037*20260320']));
    const sent = await drop(brain, 'northwind', adjusted('A1', [['HL-TWL-01', -100, '06']]));
    expect(kindsOf(sent)).toEqual([]);
    expect(await unitsOf(brain, 'P1')).toEqual(['allocated 150']);
    expect((await stockOf(brain, 'HL-TWL-01', 'HB'))[2]).toBe('50');
    await expectConservation(brain.db);
  });

  test('reported twice counts once, and under the same number with other content stops', async () => {
    const brain = await openBrain();
    await drop(brain, 'northwind', received('R1', [['HL-BWL-01', 10]]));
    await drop(brain, 'northwind', received('R1', [['HL-BWL-01', 10]]));
    await drop(brain, 'northwind', received('R1', [['HL-BWL-01', 11]]));
    expect(await stockOf(brain, 'HL-BWL-01')).toEqual(['70', '0', '0']);
    expect(await reasons(brain)).toEqual([null, 'DUPLICATE', 'STOCK_CONFLICT']);
  });

  test('of a partner that has none is not taken', async () => {
    const brain = await openBrain();
    const text = received('R1', [['HL-BWL-01', 10]])
      .replaceAll('NORTHWIND      ', 'ACME           ')
      .replace('*NORTHWIND*', '*ACMESTORES*');
    await drop(brain, 'acme', text);
    expect(await reasons(brain)).toEqual(['DOCUMENT_UNMAPPED']);
  });
});

describe('the last day of an order (L23)', () => {
  test('is the buyer’s, to its end: what ships on it is sold, and what is not told to anybody is gone', async () => {
    const brain = await openBrain();
    await drop(brain, 'acme', order('P1', [{ quantity: 84, item: '1003' }], ['CSH*BK', 'DTM*001*20260303']));
    expect(await unitsOf(brain, 'P1')).toEqual(['backordered 24, released 60']);
    // Chicago is six hours behind: 3 March ends at 06:00 UTC of the fourth.
    brain.advance(39 * HOUR - 60_000);
    expect(kindsOf(await brain.run())).toEqual([]);
    brain.advance(120_000);
    const sent = await brain.run();
    expect(textOf(sent, 'warehouse-order')).toContain('W05*F*W000001-1*P1~');
    expect(await unitsOf(brain, 'P1')).toEqual(['released 60, cancelled 24']);
    const left = await drop(brain, 'northwind', shipped('W000001-1', 'P1', 'B1', [['1', 'HL-BWL-01', 60n, 'CC']]));
    expect(kindsOf(left).toSorted()).toEqual(['order-change-response', 'shipment']);
    expect(await unitsOf(brain, 'P1')).toEqual(['shipped 60, cancelled 24']);
    await expectConservation(brain.db);
  });

  test('that was over before the order came leaves nothing to sell', async () => {
    const brain = await openBrain();
    const sent = await drop(brain, 'acme', order('P1', [{ quantity: 12, item: '1001' }], ['DTM*001*20260301']));
    expect(kindsOf(sent)).toEqual(['order-response']);
    expect(textOf(sent, 'order-response')).toMatch(/BAK\*00\*RD\*[\s\S]*ACK\*ID\*12\*EA/);
    expect(await stockOf(brain, 'HL-MUG-01')).toEqual(['500', '0', '0']);
  });
});
