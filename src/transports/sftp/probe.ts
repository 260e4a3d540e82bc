import type { Capabilities } from '../transport.ts';
import { isAnswer, isUnsupported, meaningOf } from './errors.ts';
import { closeFile, lookAt, openFile, remove, rename, renameOver, syncFile } from './requests.ts';
import type { Session } from './session.ts';
import { upload } from './transfer.ts';

/** Tries what the server lets us do in a directory, with two files of its own that it removes again. */
export async function probeDirectory(session: Session, directory: string, token: string): Promise<Capabilities> {
  const one = `${directory}/.wharf.probe.${token}.one`;
  const two = `${directory}/.wharf.probe.${token}.two`;
  const weaknesses: string[] = [];
  const attempt = async (weakness: string, work: () => Promise<boolean>): Promise<boolean> => {
    try {
      if (await work()) return true;
      weaknesses.push(weakness);
    } catch (error) {
      if (!isAnswer(error) && !isUnsupported(error)) throw error;
      weaknesses.push(meaningOf(error, 'SFTP_REFUSED', weakness, directory).message);
    }
    return false;
  };
  const bytes = new Uint8Array([1]);
  try {
    const write = await attempt('Files cannot be written', () => upload(session, one, bytes).then(() => true));
    if (!write) return { write, exclusiveCreate: false, rename: false, replace: false, sync: false, weaknesses };
    const exclusiveCreate = await attempt('Creating a file replaces one that is there', () => refuses(openFile(session, one, 'wx')));
    const sync = await attempt('Files cannot be synced: a power cut at the partner may undo a delivery', async () => {
      const handle = await openFile(session, one, 'r');
      const synced = await syncFile(session, handle);
      await closeFile(session, handle);
      return synced;
    });
    await upload(session, two, bytes);
    const refusesToReplace = await attempt('A rename replaces a file that is there', () => refuses(rename(session, one, two)));
    const replace =
      (await lookAt(session, one)) !== undefined && (await attempt('A rename cannot replace', () => renameOver(session, one, two).then(() => true)));
    await remove(session, one);
    await remove(session, two);
    await upload(session, one, bytes);
    const renames = await attempt('Files cannot be renamed', () => rename(session, one, two).then(() => true));
    return { write, exclusiveCreate, rename: renames && refusesToReplace, replace, sync, weaknesses };
  } finally {
    await remove(session, one).catch(() => false);
    await remove(session, two).catch(() => false);
  }
}

async function refuses(work: Promise<unknown>): Promise<boolean> {
  try {
    await work;
    return false;
  } catch (error) {
    if (isAnswer(error)) return true;
    throw error;
  }
}
