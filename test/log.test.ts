import { expect, test } from 'vitest';
import { WharfError } from '../src/errors.ts';
import { makeLog } from '../src/log.ts';

const written = (write: (log: ReturnType<typeof makeLog>) => void): readonly Record<string, unknown>[] => {
  const lines: string[] = [];
  write(makeLog('info', (line) => lines.push(line)));
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
};

test('fault/J14 a line has the fields that are allowed and no others', () => {
  const fields = { step: 'apply', orderId: 7, payload: 'ISA*', poNumber: 'PO-1' };
  const [line] = written((log) => log.info('applied', fields));
  expect(line).toMatchObject({ level: 30, msg: 'applied', step: 'apply', orderId: 7 });
  expect(JSON.stringify(line)).not.toMatch(/ISA|PO-1/);
});

test('an error of the world tells its message, any other only its code and place', () => {
  const [world, data, bug] = written((log) => {
    log.warn('x', { error: new WharfError('DATABASE_UNAVAILABLE', 'connection refused') });
    log.warn('x', { error: new WharfError('ORDER_CONFLICT', 'order PO-1 differs') });
    log.error('x', { error: new TypeError('cannot read PO-1') });
  });
  expect(world).toMatchObject({ code: 'DATABASE_UNAVAILABLE', error: 'connection refused' });
  expect(data).toMatchObject({ code: 'ORDER_CONFLICT' });
  expect(bug).toMatchObject({ code: 'INTERNAL', error: 'TypeError', stack: expect.arrayContaining([expect.stringContaining('log.test.ts')]) });
  expect(JSON.stringify([data, bug])).not.toContain('PO-1');
});

test('below its level nothing is written, and the level can be changed', () => {
  const lines = written((log) => {
    log.debug('a');
    log.setLevel('debug');
    log.debug('b');
    log.setLevel('silent');
    log.error('c');
  });
  expect(lines.map(({ msg }) => msg)).toEqual(['b']);
});
