import type { Row, Tx } from './transaction.ts';

/** What of a partner's traffic somebody holds back: all of it, or that of one channel (`acme/out`). */
export type HoldName = `hold:partner:${string}` | `hold:channel:${string}`;

/** What a person switched, or did last: `sending` off until somebody resumes it, when the last `backup` was made, what is held back. */
export type Switch = { readonly name: 'sending' | 'backup' | HoldName; readonly value: string; readonly at: number; readonly who: string };

export async function setSwitch(tx: Tx, { name, value, at, who }: Switch): Promise<void> {
  const changed = await tx.run('update {gateway_switch} set value = ?, at = ?, who = ? where name = ?', [value, at, who, name]);
  if (changed === 0) await tx.insertMany('gateway_switch', [{ name, value, at, who }]);
}

export async function readSwitch(tx: Tx, name: Switch['name']): Promise<Switch | undefined> {
  const row = await tx.one('select * from {gateway_switch} where name = ?', [name]);
  return row && toSwitch(row);
}

/** Removes a switch. False when there was none. */
export async function dropSwitch(tx: Tx, name: Switch['name']): Promise<boolean> {
  return (await tx.run('delete from {gateway_switch} where name = ?', [name])) === 1;
}

/** What somebody holds back, by name. */
export async function listHeld(tx: Tx): Promise<readonly Switch[]> {
  return (await tx.many(`select * from {gateway_switch} where name like 'hold:%' order by name`)).map(toSwitch);
}

/** Whether a partner or one of its channels is held back. */
export async function heldBack(tx: Tx, partner: string, channel: string): Promise<boolean> {
  const names: readonly HoldName[] = [`hold:partner:${partner}`, `hold:channel:${channel}`];
  return (await tx.one('select name from {gateway_switch} where name in (?, ?)', names)) !== undefined;
}

function toSwitch(row: Row): Switch {
  return { name: row['name'] as Switch['name'], value: String(row['value']), at: Number(row['at']), who: String(row['who']) };
}

/** Why nothing is sent; undefined when sending is on, as it is unless somebody switched it off. */
export async function sendingOff(tx: Tx): Promise<Switch | undefined> {
  const found = await readSwitch(tx, 'sending');
  return found?.value === 'on' ? undefined : found;
}
