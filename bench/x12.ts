/**
 * The X12 engine against a bare `indexOf` splitter in the same run, as ratios. Usage: `node bench/x12.ts [megabytes] [pairs]`.
 * Every run checks its answers: segments, sets and the sum of the quantities are known from how the data was made.
 */
import { spawnSync } from 'node:child_process';
import { createReadStream, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { streamAcknowledgment } from '../src/formats/x12/acknowledge.ts';
import { x12Reader } from '../src/formats/x12/read.ts';
import { tokenizer } from '../src/formats/x12/tokenize.ts';
import { writeInterchange } from '../src/formats/x12/write.ts';
import { makeFile, type Answer } from './x12-data.ts';

type Measure = { readonly cpu: number; readonly rss: number; readonly answer: Answer };

const parts: Record<string, (path: string) => Promise<Answer>> = {
  /** The yardstick: finds every terminator and nothing else. */
  split: async (path) => {
    let segments = 0;
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 16 }) as AsyncIterable<Buffer>)
      for (let at = chunk.indexOf(126); at !== -1; at = chunk.indexOf(126, at + 1)) segments++;
    return { segments, sets: -1 };
  },
  tokenize: async (path) => {
    let segments = 0;
    const nothing = (): void => {};
    const count = (): boolean => {
      segments++;
      return false;
    };
    const tokens = tokenizer(
      { isa: count, segment: count, tooLong: nothing, junk: nothing, remark: nothing, brokenOff: nothing },
      { encoding: 'auto', segmentBytes: 65_536, keepLineBreaks: false, marksOnly: true },
    );
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 16 })) tokens.push(chunk as Buffer);
    tokens.end();
    return { segments, sets: -1 };
  },
  /** Parse, validate in full, and make the 997, with AK2 for the faulty sets only. */
  validate: (path) => read(path, { trees: false, sets: 'faulty' }),
  /** The same, with AK2 for every set. */
  'validate, all AK2': (path) => read(path, { trees: false, sets: 'all' }),
  /** The same, and build the tree of every set. */
  tree: (path) => read(path, { trees: true, sets: 'faulty' }),
  'node-x12': async (path) => {
    const { X12Parser } = await peer('node-x12');
    let segments = 0;
    for await (const _ of createReadStream(path).pipe(new X12Parser(false))) segments++;
    return { segments, sets: -1 };
  },
  'node-x12 parse': async (path) => {
    const { X12Parser } = await peer('node-x12');
    const { readFileSync } = await import('node:fs');
    new X12Parser(true).parse(readFileSync(path, 'utf8'));
    return { segments: -1, sets: -1 };
  },
};

async function read(path: string, how: { readonly trees: boolean; readonly sets: 'all' | 'faulty' }): Promise<Answer> {
  const reader = x12Reader();
  let segments = 2;
  let sets = 0;
  const take = (events: ReturnType<typeof reader.push>): void => {
    for (const event of events) {
      if (event.kind === 'set') {
        if (!event.set.accepted) throw new Error(`set ${event.set.control} was rejected`);
        sets++;
        segments += event.set.segments;
        if (how.trees && event.set.tree.children?.length === 0) throw new Error('no tree');
      } else if (event.kind === 'group-end') {
        segments++;
        const { group } = event.group;
        const tree = streamAcknowledgment(event.group, { sets: how.sets })!;
        const out = writeInterchange({
          sender: { qualifier: 'ZZ', id: 'US' },
          receiver: { qualifier: 'ZZ', id: 'THEM' },
          control: '1',
          date: '260101',
          time: '1200',
          version: '00401',
          usage: 'T',
          ackRequested: false,
          delimiters: { element: '*', component: '>', repetition: '', segment: '~', newline: '' },
          groups: [
            {
              type: 'FA',
              sender: 'US',
              receiver: 'THEM',
              control: '1',
              date: '20260101',
              time: '1200',
              version: group.version,
              sets: [{ type: '997', control: '0001', tree }],
            },
          ],
        });
        if (out.length < (how.sets === 'all' ? sets * 20 : 200)) throw new Error('the 997 is too short');
      } else if (event.kind === 'interchange-end') segments++;
    }
  };
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 16 })) take(reader.push(chunk as Buffer));
  take(reader.end());
  return { segments, sets };
}

// oxlint-disable-next-line typescript/no-explicit-any -- its typings are not for this module system
async function peer(name: string): Promise<any> {
  return createRequire(import.meta.url)(name);
}

/** One part in a process of its own: CPU seconds above those of an idle process, and the most memory. */
function measure(part: string, path: string): Measure | undefined {
  const run = spawnSync(process.execPath, [fileURLToPath(import.meta.url), '--part', part, path], { encoding: 'utf8', timeout: 120_000 });
  return run.status === 0 ? (JSON.parse(run.stdout) as Measure) : undefined;
}

const median = (list: readonly number[]): number => list.toSorted((a, b) => a - b)[list.length >> 1]!;

async function main(): Promise<void> {
  const [first, second, third] = process.argv.slice(2);
  if (first === '--part') {
    const answer = await parts[second!]!(third!);
    const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
    process.stdout.write(JSON.stringify({ cpu: (userCPUTime + systemCPUTime) / 1e6, rss: maxRSS / 1024, answer }));
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'x12-bench-'));
  try {
    report(folder, Number(first ?? 200), Number(second ?? 5));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function report(folder: string, megabytes: number, pairs: number): void {
  const [big, small] = [join(folder, 'big.edi'), join(folder, 'small.edi')];
  const made = makeFile(big, megabytes * 1e6);
  makeFile(small, 1e6);
  console.log(
    `${(made.bytes / 1e6).toFixed(0)} MB, ${made.sets} orders, ${made.segments} segments; ratios of CPU time to the splitter, median of ${pairs} pairs`,
  );
  for (const part of ['tokenize', 'validate', 'validate, all AK2', 'tree']) {
    const ratios: number[] = [];
    const speeds: number[] = [];
    const memory: number[] = [];
    for (let pair = 0; pair < pairs; pair++) {
      const yardstick = measure('split', big)!;
      const run = measure(part, big)!;
      if (run.answer.segments !== made.segments || (run.answer.sets !== -1 && run.answer.sets !== made.sets))
        throw new Error(`${part} gave ${JSON.stringify(run.answer)}`);
      ratios.push(yardstick.cpu / run.cpu);
      speeds.push(made.bytes / 1e6 / run.cpu);
      memory.push(run.rss);
    }
    const base = measure(part, small)!.rss;
    console.log(
      `${part.padEnd(18)} ratio ${median(ratios).toFixed(3)}  ${median(speeds).toFixed(0)} MB/s  ${median(memory).toFixed(0)} MB, ${(median(memory) - base).toFixed(0)} MB above 1 MB of data`,
    );
  }
  for (const part of ['node-x12', 'node-x12 parse']) {
    const run = measure(part, small);
    const idle = measure('split', small)!;
    console.log(`${part.padEnd(18)} ${run ? `${(1 / Math.max(run.cpu - idle.cpu, 0.001)).toFixed(1)} MB/s on 1 MB, ${run.rss.toFixed(0)} MB` : 'failed'}`);
  }
}

await main();
