import { expect, test } from 'vitest';
import { openDatabase } from '../../src/store/database.ts';
import type { Tx } from '../../src/store/transaction.ts';
import { configOf, sample, stockedCompany, wharf, wharfJson, work } from '../cli/support.ts';
import { settingsIn } from '../support/database.ts';

/** Changes the database behind the gateway's back. */
async function tamper(folder: string, change: (tx: Tx) => Promise<unknown>): Promise<void> {
  const db = await openDatabase(await settingsIn(configOf(folder)));
  await db.transaction(change);
  await db.close();
}

const faultsOf = async (folder: string, ...args: readonly string[]): Promise<readonly string[]> => {
  const { data } = await wharfJson(folder, 'verify', ...args);
  return (data.faults as readonly { readonly code: string; readonly id: string }[]).map(({ code, id }) => `${code} ${id}`);
};

test('what a person does is in the audit with who, on what and why, and what is refused is not', async () => {
  const folder = await stockedCompany();
  await work(folder, { partner: 'acme', name: 'po.edi', bytes: await sample('acme/happy-path/in.edi') });
  const before = (await wharfJson(folder, 'audit')).data.acts.length;
  expect((await wharf(folder, 'resend', 'outbox:1', '--as', 'anna', '--reason', 'they lost it')).code).toBe(0);
  expect((await wharf(folder, 'resend', 'outbox:999')).code).toBe(1);
  const { acts, head } = (await wharfJson(folder, 'audit')).data;
  expect(acts.length).toBe(before + 1);
  expect(acts[0]).toMatchObject({
    act: 'resend',
    target: 'outbox:1',
    reason: 'they lost it',
    after: { status: 'rendered', changed: { outbox: 1, activity: 1 } },
  });
  expect(acts[0].who).toMatch(/^anna \(/);
  expect(acts[0].before.status).not.toBe('rendered');
  expect(head).toBe(`${acts[0].seq}:${acts[0].hash}`);
  const imports = acts.filter((each: { readonly act: string }) => each.act === 'stock import');
  expect(imports.length).toBeGreaterThan(0);
  expect(imports[0].target).toMatch(/^stock\.csv sha256:[0-9a-f]{64}$/);
});

test('fault/B14 fault/J15 verify finds nothing wrong with a day of work, and names whatever was changed behind its back', async () => {
  const folder = await stockedCompany();
  await work(folder, { partner: 'acme', name: 'po.edi', bytes: await sample('acme/happy-path/in.edi') });
  const { code, out } = await wharf(folder, 'verify');
  expect(`${code} ${out}`).toMatch(/^0 \d+ payloads read/);
  const head = (await wharfJson(folder, 'verify')).data.head as string;

  await tamper(folder, (tx) =>
    tx.run(`update {payload} set bytes = (select bytes from {payload} where owner = 'outbox' and owner_id = 1) where owner = 'inbound'`),
  );
  await tamper(folder, (tx) => tx.run(`delete from {payload} where owner = 'outbox' and owner_id = 2`));
  await tamper(folder, (tx) => tx.run(`update {control_number} set next = next + 3 where scope like 'ISA:%' and scope like '%ACME%'`));
  await tamper(folder, (tx) => tx.run('update {stock} set on_hand = on_hand + 1000000 where sku = (select min(sku) from {stock})'));
  await tamper(folder, (tx) => tx.run(`update {outbox} set status = 'sending', claimed_by = 'gone:1', claimed_until = 5 where id = 1`));
  const faults = await faultsOf(folder);
  for (const fault of [/^PAYLOAD_CHANGED file:1$/, /^PAYLOAD_MISSING outbox:2$/, /^CONTROL_GAP ISA:/, /^LEDGER_DIFFERENCE /, /^CLAIM_STUCK outbox:1$/])
    expect(
      faults.some((each) => fault.test(each)),
      `${String(fault)} in ${faults.join(', ')}`,
    ).toBe(true);
  expect((await wharf(folder, 'verify')).code).toBe(1);
  expect(faults.some((each) => each.startsWith('AUDIT'))).toBe(false);

  await tamper(folder, (tx) => tx.run(`update {audit} set who = 'nobody' where seq = 1`));
  expect(await faultsOf(folder)).toContain('AUDIT_BROKEN audit:1');
  const last = Number(head.split(':')[0]);
  await tamper(folder, async (tx) => {
    await tx.run('delete from {audit} where seq = ?', [last]);
  });
  expect(await faultsOf(folder)).toContain(`AUDIT_BROKEN audit:${last}`);
  await tamper(folder, async (tx) => {
    await tx.run(`update {audit_head} set seq = ?, hash = (select hash from {audit} where seq = ?)`, [last - 1, last - 1]);
  });
  expect(await faultsOf(folder)).not.toContain(`AUDIT_BROKEN audit:${last}`);
  // Cut off with its head: only the head that was kept elsewhere tells.
  expect(await faultsOf(folder, '--head', head)).toContain(`AUDIT_BROKEN audit:${last}`);
});
