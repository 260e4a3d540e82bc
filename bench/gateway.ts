/**
 * The daemon as partners see it, with its yardsticks. Usage: `node bench/gateway.ts [path|latency|storm|restart|idle|many|sftp|soak …]`; all of them but the
 * last without an argument. Sizes by environment: WHARF_BENCH_SMALL and _LARGE (orders of the path), _DROPS and _RATE (latency), _FILES (at once), _MANY (waiting), _MINUTES (soak). It runs in the folder for temporary files (TMPDIR).
 */
import { benchIdle, benchMany } from './gateway/idle.ts';
import { benchLatency } from './gateway/latency.ts';
import { benchPath } from './gateway/path.ts';
import { benchSftp } from './gateway/sftp.ts';
import { benchSoak } from './gateway/soak.ts';
import { benchRestart, benchStorm } from './gateway/storm.ts';

const size = (name: string, usual: number): number => Number(process.env[name] ?? usual);
const small = size('WHARF_BENCH_SMALL', 2_000);
const large = size('WHARF_BENCH_LARGE', 6_924);

const benches: Readonly<Record<string, () => Promise<void>>> = {
  path: () => benchPath(small, large),
  latency: () => benchLatency(size('WHARF_BENCH_DROPS', 500), size('WHARF_BENCH_RATE', 40)),
  storm: () => benchStorm(size('WHARF_BENCH_FILES', 10_000)),
  restart: () => benchRestart(size('WHARF_BENCH_FILES', 10_000)),
  idle: benchIdle,
  many: () => benchMany(size('WHARF_BENCH_MANY', 1_000_000)),
  sftp: benchSftp,
  soak: () => benchSoak(size('WHARF_BENCH_MINUTES', 60)),
};

const asked = process.argv.slice(2);
for (const name of asked.length > 0 ? asked : Object.keys(benches).filter((each) => each !== 'soak')) {
  const bench = benches[name];
  if (!bench) throw new Error(`there is no benchmark ${name}; there are ${Object.keys(benches).join(', ')}`);
  await bench();
}
