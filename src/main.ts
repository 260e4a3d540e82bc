#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { main } from './cli/dispatch.ts';

export { main };

if (import.meta.main) {
  // What was compiled is kept in the folder for temporary files: the next start of the daemon takes a third of the time. NODE_COMPILE_CACHE names another.
  enableCompileCache();
  // A reader that has seen enough, such as `head`, closes its end: that is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 2));
  process.exitCode = await main(process.argv.slice(2), {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
  });
}
