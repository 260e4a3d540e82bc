import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type Company, type CompanyOptions, players } from './company.ts';
import type { Daemon, LaunchOptions } from './daemon.ts';
import { injectInto, type Injection, straceMissing, throughInjection } from './strace.ts';
import { makeSmallVolume, makeVolume, volumesMissing } from './volume.ts';

type Given = { readonly company: Company; readonly daemon: Daemon };
/** Where the database or the folders lie on a volume of their own. */
type Place = { readonly options: Partial<CompanyOptions>; readonly sync?: () => void; readonly remount?: () => void; readonly remove: () => void };

/** Something that is done to a running daemon, to its disks or to its machine for a while. Without anybody's help everything must come to its end afterwards. */
export type Hardship = {
  /** Why it cannot be done here; undefined when it can. */
  readonly missing: (directory: string) => string | undefined;
  readonly place?: (directory: string) => Place;
  readonly options?: Partial<CompanyOptions>;
  readonly launch?: (company: Company) => Partial<LaunchOptions>;
  /** Does it, and gives the way to end it. */
  readonly begin: (given: Given) => Promise<() => Promise<void> | void>;
  /** How long it lasts, in milliseconds. */
  readonly lasts: number;
  /** The daemon ends by it, so or somehow, and another is started. Where this is not told, it must live through it. */
  readonly ends?: 70 | 'SIGKILL' | 'somehow';
};

const nothing = (): undefined => undefined;
/** Why another user cannot work in the directory. */
function otherUserMissing(directory: string): string | undefined {
  if (process.getuid?.() !== 0) return 'only root can start it as another user';
  for (let at = resolve(directory); at !== dirname(at); at = dirname(at)) if ((statSync(at).mode & 1) === 0) return `other users may not enter ${at}`;
  return undefined;
}

const rootMissing = (): string | undefined => (process.getuid?.() === 0 ? undefined : 'only root can do it');
const run = (program: string, ...words: readonly string[]): void => void execFileSync(program, words, { stdio: 'ignore' });

function failing(injection: Injection): Hardship {
  return { missing: straceMissing, lasts: 2_500, begin: ({ daemon }) => injectInto(daemon.process.pid!, injection) };
}

/** What a server's folders tell that was started anew: what was open is not theirs any more. */
const staleFolders: Hardship = {
  missing: straceMissing,
  lasts: 2_500,
  begin: ({ company, daemon }) => {
    const paths = players.flatMap((player) => [company.folder(player, 'in'), company.folder(player, 'out')]);
    return injectInto(daemon.process.pid!, { calls: 'openat,getdents64,fsync', inject: 'error=ESTALE:when=1+2', paths });
  },
};

/** As where too many folders are watched, or on a network share: only looking shows what came. */
const noEvents: Hardship = {
  missing: straceMissing,
  lasts: 1_000,
  launch: () => ({ through: throughInjection({ calls: 'inotify_add_watch', inject: 'error=ENOSPC' }) }),
  begin: async () => nothing,
};

/** Runs a piece of program inside the daemon, which waits there for a signal that nothing else uses. */
function inside(script: string, lasts: number, ends?: 70): Hardship {
  const code = `data:text/javascript,${encodeURIComponent(`process.once('SIGWINCH',()=>{${script}})`)}`;
  const begin: Hardship['begin'] = async ({ daemon }) => {
    daemon.process.kill('SIGWINCH');
    return nothing;
  };
  return { missing: nothing, lasts, launch: () => ({ node: ['--import', code] }), begin, ...(ends ? { ends } : {}) };
}

/** A user who may do nothing but what the folders allow. */
const NOBODY = 65_534;

/** Rights of a folder that are taken away, one after the other. */
function forbidden(folderOf: (company: Company) => string, mode: number): Hardship {
  return {
    missing: otherUserMissing,
    lasts: 1_500,
    launch: ({ directory }) => {
      run('chown', '-R', String(NOBODY), directory);
      return { uid: NOBODY };
    },
    begin: async ({ company }) => {
      chmodSync(folderOf(company), mode);
      return () => chmodSync(folderOf(company), 0o755);
    },
  };
}

/** Small files until no more can be made. */
function useInodes(directory: string): () => void {
  const ballast = join(directory, 'ballast');
  mkdirSync(ballast);
  try {
    for (let count = 0; ; count += 1) writeFileSync(join(ballast, String(count)), '');
  } catch {
    return () => rmSync(ballast, { recursive: true });
  }
}

function fewInodes(of: 'data' | 'exchange', count: number): Hardship {
  const volume = (directory: string): string => join(directory, of);
  return {
    missing: volumesMissing,
    lasts: 2_000,
    place: (directory) => ({ ...makeSmallVolume(volume(directory), `size=64m,nr_inodes=${count}`), options: { [of]: volume(directory) } }),
    begin: async ({ company }) => useInodes(join(company.directory, '..', of)),
  };
}

function readOnly(of: 'data' | 'exchange'): Hardship {
  return {
    missing: volumesMissing,
    lasts: 2_000,
    place: (directory) => ({ ...makeVolume(join(directory, of), 96), options: { [of]: join(directory, of) } }),
    begin: async ({ company }) => {
      const volume = join(company.directory, '..', of);
      // Nobody may write while it is mounted anew, but who writes the database has it open: there it is the file system that finds itself broken.
      run('mount', '-o', of === 'data' ? 'remount,abort' : 'remount,ro', volume);
      return of === 'data' ? nothing : () => run('mount', '-o', 'remount,rw', volume);
    },
    ...(of === 'data' ? { ends: 'somehow' as const } : {}),
  };
}

/** A group of processes that can be given a limit, of the kernel's first kind. */
const memoryGroup = join('/sys/fs/cgroup/memory', `wharf-torture-${process.pid}`);

const outOfMemory: Hardship = {
  missing: () => {
    try {
      mkdirSync(memoryGroup);
      run('rmdir', memoryGroup);
      return undefined;
    } catch {
      return 'no group of processes can be given a limit of memory';
    }
  },
  lasts: 4_000,
  ends: 'SIGKILL',
  launch: () => {
    mkdirSync(memoryGroup);
    return { through: ['sh', '-c', 'echo $$ > "$0/cgroup.procs" && exec "$@"', memoryGroup] };
  },
  begin: async () => {
    // Less than it uses is refused: a little more is soon wanted.
    const used = Number(readFileSync(join(memoryGroup, 'memory.usage_in_bytes'), 'utf8'));
    writeFileSync(join(memoryGroup, 'memory.limit_in_bytes'), String(used + 2 ** 20));
    return () => run('rmdir', memoryGroup);
  },
};

const noDescriptors: Hardship = {
  missing: rootMissing,
  lasts: 2_500,
  begin: async ({ daemon: { process: child } }) => {
    const limit = (count: number): void => run('prlimit', '--pid', String(child.pid), `--nofile=${count}:4096`);
    limit(readdirSync(`/proc/${child.pid}/fd`).length + 1);
    return () => limit(4096);
  },
};

/** Every clock of the program jumps so far, in milliseconds. */
const clockBy = (milliseconds: number): string =>
  `const real=Date.now;const By=class extends Date{constructor(...a){if(a.length===0)super(real()+${milliseconds});else super(...a)}};By.now=()=>real()+${milliseconds};globalThis.Date=By`;

const HOUR = 3_600_000;

export const hardships = {
  'no descriptors left': noDescriptors,
  'syncs fail': failing({ calls: 'fsync,fdatasync', inject: 'error=EIO:when=1+3' }),
  'reads fail': failing({ calls: 'pread64', inject: 'error=EIO:when=3+5' }),
  'writes fail': failing({ calls: 'pwrite64,pwritev', inject: 'error=EIO:when=2+5' }),
  'calls are interrupted': failing({ calls: 'pread64,pwrite64,fsync,fdatasync,openat,unlink,rename', inject: 'error=EINTR:when=1+3' }),
  'calls are to be made again': failing({ calls: 'pread64,pwrite64,fsync,fdatasync,openat,unlink,rename', inject: 'error=EAGAIN:when=2+4' }),
  'the quota is used up': failing({ calls: 'pwrite64,pwritev,openat', inject: 'error=EDQUOT:when=2+4' }),
  'folders are stale': staleFolders,
  'nothing tells of changes': noEvents,
  'an inbox may not be read': forbidden(({ folder }) => folder('acme', 'in'), 0),
  'an inbox may not be changed': forbidden(({ folder }) => folder('acme', 'in'), 0o555),
  'an outbox may not be changed': forbidden(({ folder }) => folder('northwind', 'out'), 0o555),
  'no files can be made beside the database': fewInodes('data', 3_000),
  'no files can be made in the folders': fewInodes('exchange', 300),
  'the database becomes read-only': readOnly('data'),
  'the folders become read-only': readOnly('exchange'),
  'out of memory': outOfMemory,
  'an error that nobody handles': inside('throw new Error("nobody handles it")', 3_000, 70),
  'a promise that nobody handles': inside('Promise.reject(new Error("nobody handles it"))', 3_000, 70),
  'the loop stands': { ...inside('const until=performance.now()+4000;while(performance.now()<until);', 5_000), options: { claim: 1 } },
  'the clock jumps ahead': inside(clockBy(25 * HOUR), 3_000),
  'the clock jumps back': inside(clockBy(-25 * HOUR), 3_000),
} as const satisfies Readonly<Record<string, Hardship>>;
