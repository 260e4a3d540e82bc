import { readdirSync, watch } from 'node:fs';
import type { FSWatcher } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
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
  const watchers = new Map<string, FSWatcher>();
  let timer: NodeJS.Timeout | undefined;
  const hint = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      // A folder that is new has files that are.
      follow();
      changed();
    }, SETTLED);
  };
  const follow = (): void => {
    const paths = new Set(folders.flatMap(withInner));
    for (const [path, watcher] of watchers) {
      if (paths.has(path)) continue;
      watcher.close();
      watchers.delete(path);
    }
    for (const path of paths) {
      if (watchers.has(path)) continue;
      const watcher = start(path, hint, () => watchers.delete(path));
      if (watcher) watchers.set(path, watcher);
    }
  };
  follow();
  return () => {
    clearTimeout(timer);
    for (const watcher of watchers.values()) watcher.close();
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

/**
 * A folder with all folders in it. Each is watched by itself: a watch of a whole tree follows its files, and loses one that is replaced by a new one of
 * its name, as editors and deployments do.
 */
function withInner({ path, deep }: Folder): readonly string[] {
  try {
    const inner = deep ? readdirSync(path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isDirectory()) : [];
    return [path, ...inner.map((entry) => join(entry.parentPath, entry.name))];
  } catch {
    return [];
  }
}

/** A system that cannot watch (some network disks) gives no hint; SIGHUP always works. */
function start(path: string, hint: () => void, gone: () => void): FSWatcher | undefined {
  try {
    const watcher = watch(path, (_event, name) => {
      // A name without an ending may be a folder.
      if (name === null || name.endsWith('.yaml') || !name.includes('.')) hint();
    });
    watcher.on('error', () => {
      watcher.close();
      gone();
    });
    return watcher;
  } catch {
    return undefined;
  }
}
