import { promises as fs } from 'node:fs';
import { resolve } from 'node:path';
import { type FSWatcher, watch } from 'chokidar';

/** Above this a folder is not watched: the watcher looks at every name when it starts, and a folder this full is being worked off anyway. */
const mostWatched = 1_000;
/** How long a folder that is too full or not there is left alone. */
const lookAgainMs = 1_000;

/**
 * Calls back soon after something changed in the folder, until the returned function is called. The watcher answers each event by looking at every name,
 * which holds everything up where thousands of files come at once: so the first event ends it, and it starts anew when the folder is no longer full.
 * What came in between is told by a call of its own. Without events (no folder yet, too many watches, a network share) listings on a timer find everything.
 */
export function wakeOn(directory: string, wake: () => void): () => void {
  const watched = resolve(directory);
  let watcher: FSWatcher | undefined;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const start = async (): Promise<void> => {
    const few = await holdsFew(watched);
    if (stopped) return;
    if (!few) {
      timer = setTimeout(() => void start(), lookAgainMs);
      timer.unref();
      return;
    }
    const begun = watch(watched, { depth: 0, ignoreInitial: true, ignored: (path) => path !== watched });
    watcher = begun;
    begun.on('ready', () => wake());
    begun.on('error', () => undefined);
    begun.on('raw', () => {
      if (watcher !== begun) return;
      watcher = undefined;
      wake();
      void begun.close().then(start);
    });
  };
  void start();
  return () => {
    stopped = true;
    clearTimeout(timer);
    void watcher?.close();
  };
}

async function holdsFew(directory: string): Promise<boolean> {
  let names = 0;
  try {
    for await (const _ of await fs.opendir(directory, { bufferSize: 512 })) {
      names += 1;
      if (names > mostWatched) return false;
    }
    return true;
  } catch {
    // Missing for now: looked for again.
    return false;
  }
}
