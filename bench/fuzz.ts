/**
 * Fuzzes the reader, the validator and the acknowledgment maker: `node bench/fuzz.ts [--seconds N] [--inputs N] [--seed N]`.
 *
 * Guided by coverage: V8 counts the blocks of code that run. When a batch of inputs ran one that had never run, the batch is halved until the inputs
 * that did it are found; they are kept and bred from, as are those that bring up findings or events in an order not seen before. A crash, a hang, a
 * result that depends on the chunks, an answer that cannot be written or memory that grows ends the run; the input is kept as a test in
 * test/formats/x12/crashers.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { X12Event } from '../src/formats/x12/types.ts';
import { check, SETTINGS, type Input } from './fuzz/check.ts';
import { startCoverage, type Coverage } from './fuzz/coverage.ts';
import { mutator, numbers, seeds, type Random } from './fuzz/mutate.ts';
import { watch } from './fuzz/watch.ts';

const root = join(import.meta.dirname, '..');
const crashers = join(root, 'test', 'formats', 'x12', 'crashers');
const BATCH = 500;
/** When so many batches ran nothing new, code is not counted for so many. */
const QUIET = 60;
const RESTED = 600;
const SLOW = 1000;
const MOST_KEPT = 20_000;
const MOST_GROWTH = 24e6;
const REPORT_EVERY = 60_000;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** What events show, as bits: which finding or event follows which. */
function novelty(): (events: readonly X12Event[]) => boolean {
  const ids = new Map<string, number>();
  const seen = new Uint8Array(1 << 22);
  const idOf = (name: string): number => {
    const known = ids.get(name);
    if (known !== undefined) return known;
    const id = Math.min(ids.size, 2047);
    ids.set(name, id);
    return id;
  };
  return (events) => {
    let fresh = false;
    let before = 0;
    const show = (name: string): void => {
      const id = idOf(name);
      const place = (before << 11) | id;
      if (seen[place] === 0) {
        seen[place] = 1;
        fresh = true;
      }
      before = id;
    };
    for (const event of events) {
      if (event.kind === 'set') {
        show(setNamesShown.has(event.set.type) ? event.set.type : 'set');
        show(event.set.acceptance);
        for (const { code } of event.set.findings) show(code);
      } else if (event.kind === 'group-end') {
        show(event.group.acceptance);
        for (const { code } of event.group.findings) show(code);
      } else if (event.kind === 'interchange-end') {
        show(event.interchange.verdict.note);
        for (const { code } of event.interchange.findings) show(code);
      } else show(event.kind === 'finding' ? event.finding.code : event.kind);
    }
    return fresh;
  };
}

const setNamesShown = new Set('180 753 754 810 812 820 824 846 850 852 855 856 860 864 865 870 940 943 944 945 947 997 999'.split(' '));

class Fault extends Error {
  readonly input: Input;
  constructor(input: Input, cause: unknown) {
    super(`setting ${input.setting}, turn ${input.turn}: ${(cause as Error).stack}`);
    this.input = input;
  }
}

type Run = {
  readonly random: Random;
  readonly corpus: Input[];
  readonly coverage: Coverage;
  readonly isNew: ReturnType<typeof novelty>;
  readonly next: (input: Uint8Array) => void;
};

function attempt(run: Run, input: Input): readonly X12Event[] {
  run.next(input.bytes);
  const started = performance.now();
  try {
    const events = check(input);
    const took = performance.now() - started;
    // Slow twice is slow; once may be the machine.
    if (took > SLOW) {
      const again = performance.now();
      check(input);
      if (performance.now() - again > SLOW) throw new Error(`it took ${took.toFixed(0)} ms`);
    }
    return events;
  } catch (error) {
    throw new Fault(input, error);
  }
}

function keep(run: Run, input: Input): void {
  if (run.corpus.length < MOST_KEPT) run.corpus.push(input);
  else run.corpus[run.random(MOST_KEPT)] = input;
}

/** Which of the inputs ran code that never ran before: halves, and halves of halves. */
function bisect(run: Run, inputs: readonly Input[]): void {
  for (const input of inputs) attempt(run, input);
  if (!run.coverage.isNew(inputs.length === 1)) return;
  if (inputs.length === 1) return keep(run, inputs[0]!);
  const half = inputs.length >> 1;
  bisect(run, inputs.slice(0, half));
  bisect(run, inputs.slice(half));
}

/** Gives whether code ran that never ran before, where it is counted. */
function batch(run: Run, mutate: ReturnType<typeof mutator>, turn: number, counted: boolean): boolean {
  const { random, corpus } = run;
  const inputs: Input[] = [];
  for (let n = 0; n < BATCH; n++) {
    const parent = corpus[random(4) === 0 ? Math.max(0, corpus.length - 1 - random(50)) : random(corpus.length)]!;
    const bytes = mutate(parent.bytes, corpus[random(corpus.length)]!.bytes);
    const setting = random(8) === 0 ? (random(2) === 0 ? 0 : random(SETTINGS.length)) : parent.setting;
    const input = { bytes, setting, turn: turn + n };
    inputs.push(input);
    if (run.isNew(attempt(run, input))) keep(run, input);
  }
  if (!counted || !run.coverage.isNew(false)) return false;
  bisect(run, inputs);
  // What only runs once in a process cannot be found again.
  for (const input of inputs) attempt(run, input);
  run.coverage.isNew(true);
  return true;
}

function heap(): number {
  collect();
  return process.memoryUsage().heapUsed + process.memoryUsage().external;
}

/** Grows with what is kept, and with nothing else. */
function keptBytes(run: Run): number {
  return run.corpus.length * 3000;
}

function fuzz(run: Run, seconds: number, inputs: number): string {
  const mutate = mutator(run.random);
  const begin = performance.now();
  let count = 0;
  let reported = begin;
  let quiet = 0;
  let first: number | undefined;
  const figures = (): string => {
    const passed = (performance.now() - begin) / 1000;
    const { user, system } = process.cpuUsage();
    const cpu = (user + system) / 1e6;
    const memory = heap();
    first ??= memory - keptBytes(run);
    if (memory - keptBytes(run) - first > MOST_GROWTH) throw new Error(`memory grew from ${(first / 1e6).toFixed(0)} to ${(memory / 1e6).toFixed(0)} MB`);
    return `${count} inputs in ${passed.toFixed(0)} s (${(count / passed).toFixed(0)}/s, ${(count / cpu).toFixed(0)} per CPU second), ${run.corpus.length} kept, ${run.coverage.covered()} characters of code covered, heap ${(memory / 1e6).toFixed(0)} MB, resident ${(process.memoryUsage().rss / 1e6).toFixed(0)} MB`;
  };
  for (; count < inputs && performance.now() - begin < seconds * 1000; count += BATCH) {
    const counted = quiet < QUIET;
    if (counted) quiet = batch(run, mutate, count, true) ? 0 : quiet + 1;
    else {
      if (quiet === QUIET) run.coverage.rest();
      batch(run, mutate, count, false);
      if (++quiet === QUIET + RESTED) {
        run.coverage.resume();
        quiet = 0;
      }
    }
    if (performance.now() - reported < REPORT_EVERY) continue;
    reported = performance.now();
    console.log(figures());
  }
  return figures();
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { seconds: { type: 'string', default: '10' }, inputs: { type: 'string', default: 'Infinity' }, seed: { type: 'string', default: '1' } },
  });
  const random = numbers(Number(values.seed));
  const watcher = watch(crashers);
  const corpus = seeds(root, random).map((bytes, turn) => ({ bytes, setting: turn % 2 === 0 ? 0 : turn % SETTINGS.length, turn }));
  const run: Run = { random, corpus, coverage: startCoverage('/src/formats/x12/'), isNew: novelty(), next: watcher.next };
  console.log(`seed ${values.seed}, ${corpus.length} seeds`);
  try {
    for (const input of corpus.slice()) attempt(run, input);
    run.coverage.isNew(true);
    console.log(fuzz(run, Number(values.seconds), Number(values.inputs)));
  } catch (error) {
    if (error instanceof Fault) keepCrasher(error.input);
    console.error((error as Error).message);
    process.exitCode = 1;
  } finally {
    await watcher.stop();
  }
}

function keepCrasher(input: Input): void {
  mkdirSync(crashers, { recursive: true });
  const file = join(crashers, `${Date.now()}-${input.setting}.edi`);
  writeFileSync(file, input.bytes);
  console.error(`kept as ${file}`);
}

await main();
