import type { Tx } from './transaction.ts';

/** What a person switched, or did last: `sending` off until somebody resumes it, when the last `backup` was made. */
export type Switch = { readonly name: 'sending' | 'backup'; readonly value: string; readonly at: number; readonly who: string };

export async function setSwitch(tx: Tx, { name, value, at, who }: Switch): Promise<void> {
  const changed = await tx.run('update {gateway_switch} set value = ?, at = ?, who = ? where name = ?', [value, at, who, name]);
  if (changed === 0) await tx.insertMany('gateway_switch', [{ name, value, at, who }]);
}

export async function readSwitch(tx: Tx, name: Switch['name']): Promise<Switch | undefined> {
  const row = await tx.one('select * from {gateway_switch} where name = ?', [name]);
  return row && { name, value: String(row['value']), at: Number(row['at']), who: String(row['who']) };
}

/** Why nothing is sent; undefined when sending is on, as it is unless somebody switched it off. */
export async function sendingOff(tx: Tx): Promise<Switch | undefined> {
  const found = await readSwitch(tx, 'sending');
  return found?.value === 'on' ? undefined : found;
}
