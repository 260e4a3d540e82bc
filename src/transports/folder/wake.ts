import { promises as fs } from 'node:fs';
import { resolve } from 'node:path';
import { type FSWatcher, watch } from 'chokidar';

/** Above this a folder is not watched: the watcher looks at every name when it starts, and a folder this full is being worked off anyway. */
const mostWatched = 20_000;
const lookAgainMs = 30_000;

/**
 * Calls back on every event in the folder, until the returned function is called. Every file is ignored, so that nothing is remembered of
 * them: the raw events alone are the hint. Without events (no folder yet, too many watches, a network share) listings on a timer find everything.
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
    watcher = watch(watched, { depth: 0, ignoreInitial: true, ignored: (path) => path !== watched });
    watcher.on('raw', () => wake());
    watcher.on('error', () => undefined);
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
