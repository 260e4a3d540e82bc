import { type FSWatcher, watch } from 'node:fs';
import { basename, resolve } from 'node:path';

/** How long a folder that is not there, or cannot be watched, is left alone. */
const lookAgainMs = 1_000;

/**
 * Calls back as soon as a name that `concerns` us changed in the folder, until the returned function is called. Without events (no folder yet, too many
 * watches, a network share) listings on a timer find everything.
 */
export function wakeOn(directory: string, concerns: (name: string) => boolean, wake: () => void): () => void {
  const watched = resolve(directory);
  let watcher: FSWatcher | undefined;
  let timer: NodeJS.Timeout | undefined;
  const start = (): void => {
    try {
      watcher = watch(watched, (_event, name) => {
        // The folder itself was removed or has another name now: this watch is on what was there before.
        if (name === basename(watched)) startAgain();
        else if (name === null || concerns(name)) wake();
      });
      watcher.on('error', startAgain);
    } catch {
      watcher = undefined;
      timer = setTimeout(startAgain, lookAgainMs);
      timer.unref();
    }
  };
  const startAgain = (): void => {
    watcher?.close();
    start();
    // What came before the watch stood is told by no event.
    if (watcher) wake();
  };
  start();
  return () => {
    clearTimeout(timer);
    watcher?.close();
  };
}
