import { enableCompileCache } from 'node:module';
import { main } from './cli/dispatch.ts';

export { main };

/** Runs the command line of this process. */
export async function start(): Promise<void> {
  // A reader that has seen enough, such as `head`, closes its end: that is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 2));
  process.exitCode = await main(process.argv.slice(2), {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
  });
}

// `start.js` is how a gateway starts, and does the same quicker.
if (import.meta.main) {
  enableCompileCache();
  await start();
}
