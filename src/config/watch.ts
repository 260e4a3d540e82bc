import { existsSync, watch } from 'node:fs';
import type { FSWatcher } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { readYaml } from './files.ts';
import { textOf } from './plain.ts';

/** Editors write a file in several steps, and a deployment writes several files: what comes within this time counts once. */
const SETTLED = 500;

/**
 * Calls back some time after anything in the configuration folders has changed. Only a hint: what has changed, and whether it is whole, shows
 * when the configuration is loaded. Gives the way to stop.
 */
export async function watchConfig(gatewayFile: string, changed: () => void): Promise<() => void> {
  const folders = await foldersOf(resolve(gatewayFile));
  let timer: NodeJS.Timeout | undefined;
  const hint = (): void => {
    clearTimeout(timer);
    timer = setTimeout(changed, SETTLED);
  };
  const watchers = folders.filter((folder) => existsSync(folder.path)).flatMap((folder) => start(folder, hint));
  return () => {
    clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
  };
}

type Folder = { readonly path: string; readonly deep: boolean };

async function foldersOf(gatewayFile: string): Promise<readonly Folder[]> {
  const directory = dirname(gatewayFile);
  const read = await readYaml(gatewayFile);
  const content = 'yaml' in read ? read.yaml.content : undefined;
  const folder = (key: 'partners' | 'mappings'): Folder => ({ path: resolve(directory, textOf(content, key) ?? `../${key}`), deep: true });
  return [{ path: directory, deep: false }, folder('partners'), folder('mappings')];
}

/** A system that cannot watch (some network disks) gives no hint; SIGHUP always works. */
function start({ path, deep }: Folder, hint: () => void): readonly FSWatcher[] {
  try {
    const watcher = watch(path, { recursive: deep }, (_event, name) => {
      if (name === null || name.endsWith('.yaml')) hint();
    });
    watcher.on('error', () => watcher.close());
    return [watcher];
  } catch {
    return [];
  }
}
