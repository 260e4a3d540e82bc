/** Sees to it that an input that never comes to an end is kept too: the thread that hangs cannot do so itself. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMainThread, Worker, workerData } from 'node:worker_threads';

const PATIENCE = 30_000;
const HEADER = 8;

type Shared = { readonly buffer: SharedArrayBuffer; readonly folder: string };

/** Tell what is tried next; a second thread ends the process when one input takes half a minute. */
export function watch(folder: string): { readonly next: (input: Uint8Array) => void; readonly stop: () => Promise<number> } {
  const buffer = new SharedArrayBuffer(HEADER + 8192);
  const head = new Int32Array(buffer, 0, 2);
  const bytes = new Uint8Array(buffer, HEADER);
  const worker = new Worker(new URL(import.meta.url), { workerData: { buffer, folder } satisfies Shared });
  return {
    next: (input) => {
      bytes.set(input.subarray(0, bytes.length));
      head[1] = input.length;
      head[0]!++;
    },
    stop: () => worker.terminate(),
  };
}

function look({ buffer, folder }: Shared): void {
  const head = new Int32Array(buffer, 0, 2);
  let before = -1;
  setInterval(() => {
    if (head[0] === before) {
      mkdirSync(folder, { recursive: true });
      const file = join(folder, `hang-${Date.now()}.edi`);
      writeFileSync(file, new Uint8Array(buffer, HEADER, head[1]).slice());
      process.stderr.write(`an input takes longer than ${PATIENCE / 1000} s: kept as ${file}\n`);
      process.kill(process.pid);
    }
    before = head[0]!;
  }, PATIENCE);
}

if (!isMainThread && (workerData as Shared | null)?.buffer) look(workerData as Shared);
