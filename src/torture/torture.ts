import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { FailOrder } from '../fail-point.ts';
import { seededRandom } from '../simulate/random.ts';
import { brokenBuilds, makeBroken } from './broken.ts';
import type { BrokenBuild } from './broken.ts';
import type { Breach } from './check.ts';
import type { Company } from './company.ts';
import { makeCompany } from './company.ts';
import type { Build } from './daemon.ts';
import { fillDisk } from './full.ts';
import { endure } from './endure.ts';
import { type Hardship, hardships } from './hardships.ts';
import { killRound } from './kills.ts';
import type { Network } from './network.ts';
import { cutNetwork, networkMissing, openNetwork } from './network.ts';
import { everyStrike, groupsOf, show, someOf, strike } from './points.ts';
import { cutPower } from './power.ts';
import { straceMissing } from './strace.ts';
import { killAtSyscalls } from './syscalls.ts';
import { volumesMissing } from './volume.ts';
import { standstills, takeOver } from './zombies.ts';

/** Where and how: a directory of its own, a build, a seed that decides everything but time, and how many companies at once. */
export type Setting = {
  readonly directory: string;
  readonly build: Build;
  readonly seed: number;
  readonly lanes: number;
  readonly say: (text: string) => void;
};

/** What a rig found. `done` counts what was done of what the rig counts; where nothing could be done, `skipped` says why. */
export type Finding = {
  readonly rig: string;
  readonly done: number;
  readonly seconds: number;
  readonly skipped?: string;
  readonly breaches: readonly Breach[];
  readonly details?: Readonly<Record<string, number>>;
};

type Outcome = { readonly done: number; readonly breaches: readonly Breach[]; readonly details?: Readonly<Record<string, number>> };

/** Kills before all that was dropped must come to its end. */
const KILLS_A_ROUND = 40;
/** Cuts before the same. */
const CUTS_A_ROUND = 10;

function roundsOf(count: number, most: number): readonly number[] {
  return Array.from({ length: Math.ceil(count / most) }, (_, index) => Math.min(most, count - index * most));
}

export function tortureByKills(setting: Setting, kills: number): Promise<Finding> {
  return measured(setting, 'kill -9 cycles', async () => {
    const outcomes = await inLanes(setting, roundsOf(kills, KILLS_A_ROUND), async (count, index, directory) => {
      const company = await makeCompany({ directory });
      return { done: count, breaches: await killRound({ company, build: setting.build, random: randomOf(setting, index), kills: count }) };
    });
    return sum(outcomes);
  });
}

/** Every fail point with every action where `count` is undefined, otherwise so many of them. */
export function tortureByPoints(setting: Setting, count?: number): Promise<Finding> {
  const all = networkMissing() === undefined ? everyStrike : everyStrike.filter(({ point }) => !point.startsWith('sftp.'));
  const orders = count === undefined ? all : someOf(all, count, randomOf(setting, 0));
  return measured(setting, 'fail points × actions', async () => {
    const served = orders.some(({ point }) => point.startsWith('sftp.')) ? await openNetwork(setting.directory) : undefined;
    try {
      const outcomes = await inLanes(setting, groupsOf(orders), async (group, index, directory) => {
        const company = await companyFor(group[0]!, directory, served);
        const breaches = await strike({ company, build: setting.build, random: randomOf(setting, index), orders: group });
        const of = `${show(group[0]!)} to ${show(group.at(-1)!)}`;
        return { done: group.length, breaches: breaches.map(({ promise, what }) => ({ promise, what: `${of}: ${what}` })) };
      });
      return sum(outcomes);
    } finally {
      await served?.stop();
    }
  });
}

/** Points of the SFTP transport need partners who are reached by it. */
function companyFor({ point }: FailOrder, directory: string, network: Network | undefined): Promise<Company> {
  if (!point.startsWith('sftp.') || !network) return makeCompany({ directory });
  const { server, proxy } = network;
  const where = { port: proxy.port, hostKey: server.hostKey, username: server.username, privateKey: server.keys[0] };
  return makeCompany({ directory, served: { players: ['acme', 'northwind'], server: where } });
}

export function tortureByNetwork(setting: Setting, cuts: number): Promise<Finding> {
  return measured(setting, 'network cuts', networkMissing(), async () =>
    sum(
      await inLanes(setting, roundsOf(cuts, CUTS_A_ROUND), (count, index, directory) =>
        cutNetwork({ directory, build: setting.build, random: randomOf(setting, index), cuts: count }),
      ),
    ),
  );
}

export function tortureByTakeovers(setting: Setting, count: number): Promise<Finding> {
  const places = Array.from({ length: count }, (_, index) => standstills[(setting.seed + index) % standstills.length]!);
  return measured(setting, 'takeovers of frozen daemons', async () =>
    sum(
      await inLanes(setting, places, async (at, index, directory) => ({
        done: 1,
        breaches: await takeOver({ directory, build: setting.build, random: randomOf(setting, index), at }),
      })),
    ),
  );
}

/** Each hardship that can be done here; of the others it is said why not. */
export function tortureByHardships(setting: Setting): Promise<Finding> {
  const all = Object.entries<Hardship>(hardships);
  return measured(setting, 'hardships', async () => {
    const outcomes = await inLanes(setting, all, async ([name, hardship], index, directory): Promise<Outcome> => {
      const missing = hardship.missing(directory);
      if (missing !== undefined) {
        setting.say(`  ${name}: not done, ${missing}\n`);
        return { done: 0, breaches: [] };
      }
      const breaches = await endure({ directory, build: setting.build, random: randomOf(setting, index), hardship });
      return { done: 1, breaches: breaches.map(({ promise, what }) => ({ promise, what: `${name}: ${what}` })) };
    });
    return sum(outcomes);
  });
}

export function tortureBySyscalls(setting: Setting, kills: number): Promise<Finding> {
  return measured(setting, 'kill -9 at system calls', straceMissing(), async () =>
    sum(
      await inLanes(setting, roundsOf(kills, KILLS_A_ROUND), async (count, index, directory) => {
        const company = await makeCompany({ directory });
        return killAtSyscalls({ company, build: setting.build, random: randomOf(setting, index), kills: count });
      }),
    ),
  );
}

export function tortureByPower(setting: Setting, cuts: number): Promise<Finding> {
  return measured(setting, 'power cuts', volumesMissing(setting.directory), async () =>
    sum(
      await inLanes(setting, roundsOf(cuts, CUTS_A_ROUND), async (count, index, directory) => ({
        done: count,
        breaches: await cutPower({ directory, build: setting.build, random: randomOf(setting, index), cuts: count }),
      })),
    ),
  );
}

export function tortureByFullDisks(setting: Setting): Promise<Finding> {
  return measured(setting, 'full disks', volumesMissing(setting.directory), async () =>
    sum(
      await inLanes(setting, ['data', 'exchange'] as const, async (of, index, directory) => ({
        done: 3,
        breaches: await fillDisk({ directory, build: setting.build, random: randomOf(setting, index), of }),
      })),
    ),
  );
}

/** Runs what must find each of the broken builds out. Here a breach is a build that was not found out. */
export function tortureBroken(setting: Setting, builds: readonly BrokenBuild[] = brokenBuilds): Promise<Finding> {
  return measured(setting, 'broken builds found out', async () => {
    const outcomes = await inLanes(setting, builds, async (broken, index, directory): Promise<Outcome> => {
      const build = makeBroken(broken, join(directory, 'build'));
      const found = await findOut(broken, { ...setting, build, directory: join(directory, 'run'), seed: setting.seed + index });
      setting.say(`  ${broken.name}: ${found ? `found out, ${found.promise}: ${found.what}` : 'NOT found out'}\n`);
      return found ? { done: 1, breaches: [] } : { done: 0, breaches: [{ promise: 'lost', what: `"${broken.name}" was not found out` }] };
    });
    return sum(outcomes);
  });
}

/** Tries until the first breach, as often as chance may need. */
async function findOut({ foundBy }: BrokenBuild, setting: Setting): Promise<Breach | undefined> {
  for (let tries = 0; tries < 8; tries += 1) {
    const directory = join(setting.directory, String(tries));
    const random = randomOf(setting, tries);
    const { build } = setting;
    if (foundBy.rig === 'power' && volumesMissing(setting.directory) !== undefined) return undefined;
    const breaches =
      foundBy.rig === 'power'
        ? await cutPower({ directory, build, random, cuts: 4 })
        : foundBy.rig === 'zombie'
          ? await takeOver({ directory, build, random, at: foundBy.at })
          : await strike({ company: await makeCompany({ directory }), build, random, orders: [foundBy.order] });
    if (breaches.length > 0) return breaches[0];
  }
  return undefined;
}

function randomOf({ seed }: Setting, index: number) {
  return seededRandom(seed * 10_007 + index);
}

function measured(setting: Setting, rig: string, work: () => Promise<Outcome>): Promise<Finding>;
function measured(setting: Setting, rig: string, missing: string | undefined, work: () => Promise<Outcome>): Promise<Finding>;
async function measured(setting: Setting, rig: string, ...rest: readonly unknown[]): Promise<Finding> {
  const [missing, work] = (rest.length === 1 ? [undefined, rest[0]] : rest) as [string | undefined, () => Promise<Outcome>];
  if (missing !== undefined) return { rig, done: 0, seconds: 0, skipped: missing, breaches: [] };
  mkdirSync(setting.directory, { recursive: true });
  const began = performance.now();
  const outcome = await work();
  return { rig, ...outcome, seconds: Math.round((performance.now() - began) / 1000) };
}

/** Several at once, each in a directory of its own, which stays for a person to look at when something was wrong. */
async function inLanes<T>(
  setting: Setting,
  items: readonly T[],
  work: (item: T, index: number, directory: string) => Promise<Outcome>,
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < items.length) {
      const index = next++;
      const directory = join(setting.directory, String(index));
      mkdirSync(directory, { recursive: true });
      const outcome = await work(items[index]!, index, directory);
      outcomes.push(outcome);
      if (outcome.breaches.length === 0) rmSync(directory, { recursive: true, force: true });
      for (const { promise, what } of outcome.breaches) setting.say(`  ${promise}: ${what}\n`);
      setting.say(`  ${outcomes.length} of ${items.length}\n`);
    }
  };
  await Promise.all(Array.from({ length: Math.min(setting.lanes, items.length) }, lane));
  return outcomes;
}

function sum(outcomes: readonly Outcome[]): Outcome {
  const details: Record<string, number> = {};
  for (const [name, count] of outcomes.flatMap((outcome) => Object.entries(outcome.details ?? {}))) details[name] = (details[name] ?? 0) + count;
  const all = { done: outcomes.reduce((total, { done }) => total + done, 0), breaches: outcomes.flatMap(({ breaches }) => breaches) };
  return Object.keys(details).length > 0 ? { ...all, details } : all;
}
