import { createHash } from 'node:crypto';
import { WharfError } from '../../errors.ts';
import { checkOutgoingName } from '../names.ts';
import type { Staged, Witness } from '../transport.ts';
import { lookAt, remove } from './requests.ts';
import type { Session } from './session.ts';
import { remoteHash, upload, uploadNew } from './transfer.ts';

/**
 * Delivery to servers that let nobody rename: a file is written under its final name, and a mark beside it says that it is whole. A partner who does not
 * wait for the mark may see part of a file. What is "staged" here has its final name already; publishing it is to put the mark.
 */
export type DirectRules = { readonly directory: string; readonly sentinel: string | undefined };

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Writes the file. One that is there with the same bytes, or their beginning, is that of an attempt that was cut off. @throws WharfError NAME_COLLISION. */
export async function stageDirect(session: Session, { directory }: DirectRules, finalName: string, bytes: Uint8Array): Promise<Staged> {
  checkOutgoingName(finalName);
  const path = `${directory}/${finalName}`;
  const staged: Staged = { temporaryName: finalName, finalName, size: bytes.length };
  const found = await lookAt(session, path);
  if (found !== undefined) {
    if (found.size > bytes.length) throw collision(path, finalName);
    const there = found.isRegular === false ? undefined : await remoteHash(session, path, found.size);
    if (there !== undefined && there !== hashOf(bytes.subarray(0, found.size))) throw collision(path, finalName);
    if (there !== undefined && found.size === bytes.length) return staged;
    await remove(session, path);
  }
  await uploadNew(session, path, bytes);
  return staged;
}

/** Puts the mark beside the file, where there is to be one. */
export async function publishDirect(session: Session, { directory, sentinel }: DirectRules, staged: Staged): Promise<void> {
  if (sentinel !== undefined) await upload(session, `${directory}/${staged.finalName}${sentinel}`, new Uint8Array());
}

/** A file that is gone was collected: it was whole before its name was noted. */
export async function witnessDirect(session: Session, { directory, sentinel }: DirectRules, staged: Staged, sha256: string): Promise<Witness> {
  const path = `${directory}/${staged.finalName}`;
  const found = await lookAt(session, path);
  if (found === undefined) return 'delivered';
  if (found.size !== staged.size || (await remoteHash(session, path, staged.size)) !== sha256) return 'name-collision';
  const marked = sentinel === undefined || (await lookAt(session, `${path}${sentinel}`)) !== undefined;
  return marked ? 'delivered' : 'not-delivered';
}

function collision(path: string, name: string): WharfError {
  return new WharfError('NAME_COLLISION', `${path} is another file of that name`, { value: name });
}
