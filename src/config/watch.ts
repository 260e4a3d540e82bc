import { dirname, resolve } from 'node:path';
import { readYaml } from './files.ts';
import { textOf } from './plain.ts';

/** Editors write a file in several steps, and a deployment writes several files: what comes within this time counts once. */
const SETTLED = 500;

/**
 * Calls back some time after anything in the configuration folders has changed. Only a hint: what has changed, and whether it is whole, shows
 * when the configuration is loaded. A system that cannot watch (some network disks) gives none; SIGHUP always works. Gives the way to stop.
 */
export async function watchConfig(gatewayFile: string, changed: () => void): Promise<() => Promise<void>> {
  // Loaded when the daemon is ready: a start should not wait for it.
  const { watch } = await import('chokidar');
  const { directory, folders } = await foldersOf(resolve(gatewayFile));
  let timer: NodeJS.Timeout | undefined;
  const hint = (): void => {
    clearTimeout(timer);
    timer = setTimeout(changed, SETTLED);
  };
  const rules = { ignoreInitial: true, ignored: (path: string, stats?: { isFile(): boolean }) => stats?.isFile() === true && !path.endsWith('.yaml') };
  // Anything may lie beside the gateway's own file, such as the database: what is below its folder is not looked at.
  const watchers = [watch(directory, { ...rules, depth: 0 }), watch([...folders], rules)];
  for (const watcher of watchers) watcher.on('all', hint).on('error', () => undefined);
  await Promise.all(watchers.map((watcher) => new Promise<void>((ready) => watcher.once('ready', ready))));
  return async () => {
    clearTimeout(timer);
    await Promise.all(watchers.map((watcher) => watcher.close()));
  };
}

async function foldersOf(gatewayFile: string): Promise<{ readonly directory: string; readonly folders: readonly string[] }> {
  const directory = dirname(gatewayFile);
  const read = await readYaml(gatewayFile);
  const content = 'yaml' in read ? read.yaml.content : undefined;
  return { directory, folders: (['partners', 'mappings'] as const).map((key) => resolve(directory, textOf(content, key) ?? `../${key}`)) };
}
