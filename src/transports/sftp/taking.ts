import { failPoint } from '../../fail-point.ts';
import { claimName, claimOf, numberedName } from '../names.ts';
import type { Entry } from '../transport.ts';
import { isAnswer, isMissing } from './errors.ts';
import { lookAt, makeDirectory, remove, rename } from './requests.ts';
import type { Session } from './session.ts';

export type RemoteFolder = { readonly directory: string; readonly token: string };

/**
 * Takes a file away. As in a local folder its name is first taken by a rename, so that a file put there in the same instant is not lost;
 * a server that refuses the rename leaves an instant between the look and the removal.
 */
export async function disposeOf(session: Session, { directory, token }: RemoteFolder, entry: Entry, moveTo: string | undefined): Promise<boolean> {
  const path = `${directory}/${entry.name}`;
  const claim = `${directory}/${claimName(entry.name, token)}`;
  failPoint('sftp.taking');
  const taken = await takeName(session, path, claim);
  failPoint('sftp.taken');
  if (taken === undefined) return false;
  const found = await lookAt(session, taken);
  if (found === undefined) return false;
  try {
    if (found.isRegular === false || found.size !== entry.size || found.modifiedAt !== entry.modifiedAt) {
      if (taken === claim) await renameFree(session, claim, directory, { name: entry.name, from: 1 });
      return false;
    }
    if (moveTo === undefined) {
      const away = await remove(session, taken);
      failPoint('sftp.removed');
      return away;
    }
    const folder = moveTo.startsWith('/') ? moveTo : `${directory}/${moveTo}`;
    if ((await lookAt(session, folder)) === undefined) await makeDirectory(session, folder);
    await renameFree(session, taken, folder, { name: entry.name, from: entry.modifiedAt });
    return true;
  } catch (error) {
    if (taken === claim && isAnswer(error)) await renameFree(session, claim, directory, { name: entry.name, from: 1 }).catch(() => undefined);
    throw error;
  }
}

/** Gives a file its name back that an ended process was taking away. */
export async function restore(session: Session, { directory, token }: RemoteFolder, name: string): Promise<void> {
  const claim = claimOf(name);
  if (claim === undefined || claim.token === token) return;
  await renameFree(session, `${directory}/${name}`, directory, { name: claim.original, from: 1 }).catch((error: unknown) => {
    if (!isAnswer(error)) throw error;
  });
}

async function takeName(session: Session, path: string, claim: string): Promise<string | undefined> {
  try {
    await rename(session, path, claim);
    return claim;
  } catch (error) {
    if (!isAnswer(error)) throw error;
    // Gone, or taken before by ourselves in a try that failed, or a server that does not rename.
    if (!isMissing(error)) return path;
    return (await lookAt(session, claim)) === undefined ? undefined : claim;
  }
}

/** Renames to the name, or the first numbered one that is free; servers differ in whether a rename replaces, so a look comes first. */
async function renameFree(session: Session, path: string, folder: string, { name, from }: { readonly name: string; readonly from: number }): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    const free = tries === 0 ? name : numberedName(name, from + tries - 1);
    if ((await lookAt(session, `${folder}/${free}`)) !== undefined) continue;
    try {
      return await rename(session, path, `${folder}/${free}`);
    } catch (error) {
      const taken = isAnswer(error) && !isMissing(error) && (await lookAt(session, `${folder}/${free}`)) !== undefined;
      if (!taken) throw error;
    }
  }
}
