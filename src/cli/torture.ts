import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { WharfError } from '../errors.ts';
import { brokenBuilds } from '../torture/broken.ts';
import { ownBuild } from '../torture/daemon.ts';
import type { Finding, Setting } from '../torture/torture.ts';
import * as rigs from '../torture/torture.ts';
import type { Command, Given, Io } from './command.ts';
import { exit, printJson } from './command.ts';

export const torture: Command = {
  summary: 'kill, cut off and freeze daemons on a scratch directory and check that nothing is lost, doubled or seen in part',
  usage: '[--kills N] [--syscalls N] [--fail-points] [--network N] [--power N] [--zombies N] [--full] [--hardships] [--broken]',
  options: {
    kills: { type: 'string', value: 'N', help: 'kill the daemon (-9) so often, at random moments' },
    syscalls: { type: 'string', value: 'N', help: 'kill it so often when it enters a system call that changes a file (strace)' },
    'fail-points': { type: 'boolean', help: 'have it fail at each fail point in each way: killed, frozen, by a mistake of ours, by a full or broken disk' },
    network: { type: 'string', value: 'N', help: 'cut so many connections to a real SFTP server, at random bytes' },
    power: { type: 'string', value: 'N', help: 'cut the power of two mounted volumes so often (root only)' },
    zombies: { type: 'string', value: 'N', help: 'freeze so many daemons, have another take over, and wake them' },
    full: { type: 'boolean', help: 'fill the volume of the database and that of the folders (root only)' },
    hardships: { type: 'boolean', help: 'have disks, rights, memory, descriptors, clocks and the program itself fail for a while (root, strace)' },
    broken: { type: 'boolean', help: 'break ten copies of the program and see that each is found out' },
    short: { type: 'boolean', help: 'a little of everything, in about three minutes; this is what runs when nothing is asked for' },
    seed: { type: 'string', value: 'N', help: 'decides everything that is random; 1 unless told' },
    lanes: { type: 'string', value: 'N', help: 'how many companies at once; 1 unless told' },
    directory: { type: 'string', value: 'DIR', help: "where the scratch directories are made; the system's unless told" },
  },
  run: async (given, io) => {
    const root = given.text('directory') ?? tmpdir();
    mkdirSync(root, { recursive: true });
    const directory = mkdtempSync(join(root, 'wharf-torture-'));
    // One of the rigs runs a daemon as somebody else.
    chmodSync(directory, 0o711);
    const say = given.flag('json') ? () => undefined : io.out;
    const setting = { directory, build: ownBuild, seed: wholeNumber(given, 'seed') ?? 1, lanes: wholeNumber(given, 'lanes') ?? 1, say };
    // Its daemons end with it.
    for (const [signal, code] of [
      ['SIGINT', 130],
      ['SIGTERM', 143],
    ] as const)
      process.once(signal, () => process.exit(code));
    const findings: Finding[] = [];
    for (const [index, rig] of rigsOf(given).entries()) {
      const finding = await rig({ ...setting, directory: join(directory, `rig-${index}`) });
      findings.push(finding);
      say(line(finding));
    }
    const breaches = findings.flatMap((finding) => finding.breaches);
    if (breaches.length === 0) rmSync(directory, { recursive: true, force: true });
    report(given, io, { seed: setting.seed, machine: machine(), findings });
    if (breaches.length > 0) say(`the scratch directories are kept: ${directory}\n`);
    return breaches.length === 0 ? exit.ok : exit.findings;
  },
};

type Rig = (setting: Setting) => Promise<Finding>;

/** What was asked for, and a little of everything where nothing was. */
function rigsOf(given: Given): readonly Rig[] {
  const { tortureByKills, tortureByPoints, tortureByNetwork, tortureByPower, tortureByTakeovers, tortureByFullDisks, tortureBroken } = rigs;
  const asked: Rig[] = [];
  const counted = (option: string, rig: (setting: Setting, count: number) => Promise<Finding>): void => {
    const count = wholeNumber(given, option);
    if (count !== undefined) asked.push((setting) => rig(setting, count));
  };
  counted('kills', tortureByKills);
  counted('syscalls', rigs.tortureBySyscalls);
  if (given.flag('fail-points')) asked.push((setting) => tortureByPoints(setting));
  counted('network', tortureByNetwork);
  counted('power', tortureByPower);
  counted('zombies', tortureByTakeovers);
  if (given.flag('full')) asked.push(tortureByFullDisks);
  if (given.flag('hardships')) asked.push(rigs.tortureByHardships);
  if (given.flag('broken')) asked.push((setting) => tortureBroken(setting));
  if (asked.length > 0 && !given.flag('short')) return asked;
  return [
    (setting) => tortureByKills(setting, 15),
    (setting) => tortureByPoints(setting, 8),
    (setting) => tortureByNetwork(setting, 6),
    (setting) => tortureByPower(setting, 4),
    (setting) => tortureByTakeovers(setting, 2),
    (setting) => tortureBroken(setting, brokenBuilds.slice(3, 5)),
  ];
}

function line({ rig, done, seconds, skipped, breaches, details }: Finding): string {
  if (skipped !== undefined) return `${rig}: not done, ${skipped}\n`;
  const more = details
    ? ` (${Object.entries(details)
        .map(([name, count]) => `${name} ${count}`)
        .join(', ')})`
    : '';
  return `${rig}: ${done} in ${seconds} s${more}, ${breaches.length === 0 ? 'every promise kept' : `${breaches.length} BREACHES`}\n`;
}

type Report = { readonly seed: number; readonly machine: string; readonly findings: readonly Finding[] };

function report(given: Given, io: Io, { seed, machine: on, findings }: Report): void {
  if (given.flag('json')) return printJson(io, { seed, machine: on, findings });
  io.out(`\nseed ${seed}, ${on}\n`);
  for (const finding of findings) io.out(line(finding));
}

function machine(): string {
  return `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.versions.node}, ${process.platform}`;
}

function wholeNumber(given: Given, option: string): number | undefined {
  const text = given.text(option);
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new WharfError('USAGE', `--${option} ${text} is not a whole number above 0`, { value: text });
  return Number(text);
}
