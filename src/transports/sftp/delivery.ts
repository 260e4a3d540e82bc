import { createHash } from 'node:crypto';
import { failPoint } from '../../fail-point.ts';
import { WharfError } from '../../errors.ts';
import { isStagedName, stagedName } from '../names.ts';
import type { Staged, Witness } from '../transport.ts';
import { isAnswer } from './errors.ts';
import { lookAt, pagesOf, remove, rename, renameOver } from './requests.ts';
import type { Session } from './session.ts';
import { remoteHash, upload } from './transfer.ts';

export type DeliveryRules = { readonly directory: string; readonly rename: 'normal' | 'posix'; readonly verify: 'size' | 'hash' };
export type Outgoing = { readonly finalName: string; readonly bytes: Uint8Array; readonly attempt: string };

export async function stage(session: Session, rules: DeliveryRules, { finalName, bytes, attempt }: Outgoing): Promise<Staged> {
  const temporaryName = stagedName(finalName, attempt);
  const path = `${rules.directory}/${temporaryName}`;
  try {
    await upload(session, path, bytes);
    if (rules.verify === 'hash' && (await remoteHash(session, path, bytes.length)) !== createHash('sha256').update(bytes).digest('hex')) {
      throw new WharfError('DELIVERY_FAILED', `The server kept other bytes than were sent as ${temporaryName}`, { value: finalName });
    }
  } catch (error) {
    await remove(session, path).catch(() => false);
    throw error;
  }
  return { temporaryName, finalName, size: bytes.length };
}

/** The rename is looked at afterwards whatever the server said: servers fail after doing it, and succeed without. */
export async function publish(session: Session, rules: DeliveryRules, staged: Staged): Promise<void> {
  const temporary = `${rules.directory}/${staged.temporaryName}`;
  const final = `${rules.directory}/${staged.finalName}`;
  const [waiting, taken] = await Promise.all([lookAt(session, temporary), lookAt(session, final)]);
  if (waiting === undefined) throw new WharfError('DELIVERY_SWEPT', `${staged.temporaryName} is not there any more`, { value: staged.finalName });
  if (waiting.size !== staged.size) {
    throw new WharfError('DELIVERY_FAILED', `${staged.temporaryName} has ${waiting.size} bytes, not ${staged.size}`, { value: staged.finalName });
  }
  if (taken !== undefined) return settleCollision(session, staged, { temporary, final, sizes: [waiting.size, taken.size] });
  failPoint('sftp.renaming');
  const refusal = await (rules.rename === 'posix' ? renameOver : rename)(session, temporary, final).then(
    () => undefined,
    (error: unknown) => {
      if (isAnswer(error)) return error;
      throw error;
    },
  );
  failPoint('sftp.renamed');
  if ((await lookAt(session, temporary)) === undefined) return;
  const inTheWay = await lookAt(session, final);
  if (inTheWay !== undefined) return settleCollision(session, staged, { temporary, final, sizes: [waiting.size, inTheWay.size] });
  throw refusal ?? new WharfError('DELIVERY_FAILED', `The server said that it renamed ${staged.temporaryName}, and did not`, { value: staged.finalName });
}

type Collision = { readonly temporary: string; readonly final: string; readonly sizes: readonly [number, number] };

/** A file of our name with our bytes is our delivery: a server that ended between linking and unlinking leaves both. */
async function settleCollision(session: Session, staged: Staged, { temporary, final, sizes }: Collision): Promise<void> {
  if (sizes[0] === sizes[1]) {
    const [ours, theirs] = await Promise.all([remoteHash(session, temporary, staged.size), remoteHash(session, final, staged.size)]);
    // Somebody who took us for gone has published it: the next attempt's witness tells.
    if (ours === undefined) throw new WharfError('DELIVERY_FAILED', `${staged.temporaryName} is not there any more`, { value: staged.finalName });
    if (ours === theirs) {
      await remove(session, temporary);
      return;
    }
  }
  throw new WharfError('NAME_COLLISION', `${final} is another file of that name`, { value: staged.finalName });
}

export async function witness(session: Session, { directory }: DeliveryRules, staged: Staged, sha256: string): Promise<Witness> {
  const temporary = `${directory}/${staged.temporaryName}`;
  const final = `${directory}/${staged.finalName}`;
  const waiting = (await lookAt(session, temporary)) !== undefined;
  const found = await lookAt(session, final);
  const hash = found?.size === staged.size ? await remoteHash(session, final, staged.size) : undefined;
  // Collected while it was looked at is the same as collected before.
  if (found === undefined || (found.size === staged.size && hash === undefined)) return waiting ? 'not-delivered' : 'delivered';
  if (hash !== sha256) return 'name-collision';
  if (waiting) await remove(session, temporary);
  return 'delivered';
}

export async function sweep(session: Session, directory: string, before: number): Promise<number> {
  const old: string[] = [];
  for await (const page of pagesOf(session, directory)) {
    for (const { name, attributes } of page) {
      if (isStagedName(name) && !name.includes('/') && attributes.isRegular !== false && attributes.modifiedAt < before) old.push(name);
    }
  }
  let swept = 0;
  for (const name of old) if (await remove(session, `${directory}/${name}`)) swept += 1;
  return swept;
}
