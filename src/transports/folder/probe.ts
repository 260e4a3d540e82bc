import { promises as fs } from 'node:fs';
import { linkNew, removeFile, syncDirectory, systemCode, writeNewFile } from '../durable-file.ts';
import type { Capabilities } from '../transport.ts';
import { type FolderRoot, pathIn } from './root.ts';

/** Tries what the folder can do. @throws WharfError FOLDER_UNUSABLE. */
export async function probeFolder(root: FolderRoot, token: string): Promise<Capabilities> {
  const directory = await root.check();
  const one = pathIn(directory, `.wharf.probe.${token}.one`);
  const two = pathIn(directory, `.wharf.probe.${token}.two`);
  const weaknesses: string[] = [];
  const attempt = async (weakness: string, work: () => Promise<boolean>): Promise<boolean> => {
    const outcome = await work().catch((error: unknown) => systemCode(error) ?? String(error));
    if (outcome === true) return true;
    weaknesses.push(outcome === false ? weakness : `${weakness} (${outcome})`);
    return false;
  };
  const bytes = new Uint8Array([1]);
  try {
    const write = await attempt('Files cannot be written', () => writeNewFile(one, bytes, 0o600).then(() => true));
    if (!write) return { write, exclusiveCreate: false, rename: false, replace: false, sync: false, weaknesses };
    const exclusiveCreate = await attempt('Creating a file replaces one that is there', () => refuses(writeNewFile(one, bytes, 0o600)));
    const sync = await attempt('The folder cannot be synced: a power cut may undo a delivery', () => syncDirectory(directory).then(() => true));
    const rename = await attempt('There are no hard links: a rename may replace a file of the same instant', async () => {
      await fs.link(one, two);
      await removeFile(two);
      await writeNewFile(two, bytes, 0o600);
      return !(await linkNew(one, two));
    });
    const replace = await attempt('A rename cannot replace', () => fs.rename(one, two).then(() => true));
    await attempt(
      'Upper and lower case are one: names may collide',
      async () => (await fs.lstat(two.replace(/two$/u, 'TWO')).catch(() => undefined)) === undefined,
    );
    return { write, exclusiveCreate, rename, replace, sync, weaknesses };
  } finally {
    await removeFile(one).catch(() => false);
    await removeFile(two).catch(() => false);
  }
}

async function refuses(work: Promise<void>): Promise<boolean> {
  try {
    await work;
    return false;
  } catch (error) {
    return systemCode(error) === 'EEXIST';
  }
}
