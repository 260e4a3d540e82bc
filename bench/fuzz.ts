/**
 * Fuzzes the reader, the validator and the acknowledgment maker: `node bench/fuzz.ts [--seconds N] [--seed N]`.
 *
 * Inputs that show something new are kept and bred from. What counts as new is read off what the engine says and how: the kinds and order of the
 * events, the finding codes with their segments, the verdicts, and the path that the bytes took through the limits. A crash, a hang, an answer that
 * cannot be written, or a result that depends on the chunks ends the run and is kept in test/formats/x12/crashers.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { makeAcknowledgment, makeTa1 } from '../src/formats/x12/acknowledge.ts';
import { readX12Sync, x12Reader } from '../src/formats/x12/read.ts';
import type { X12Event, X12ReadOptions } from '../src/formats/x12/types.ts';

const folder = join(import.meta.dirname, '..', 'test', 'formats', 'x12');
const OPTIONS: X12ReadOptions = { limits: { segmentBytes: 600, elementBytes: 200, segmentsPerSet: 200, findingsPerSet: 50, depth: 5 } };
const SLOW = 1000;

/** A small fast generator of numbers below `bound`. */
function numbers(seed: number): (bound: number) => number {
  let state = seed | 1;
  return (bound) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % bound;
  };
}

type Random = ReturnType<typeof numbers>;

const WORDS = [
  'ISA*',
  'GS*',
  'ST*',
  'SE*',
  'GE*',
  'IEA*',
  'TA1*',
  '~',
  '*',
  '^',
  '>',
  '\n',
  '\r\n',
  'HL*1**S',
  'LS*A',
  'LE*A',
  'PO1*1*1*EA',
  'N1*ST',
  '~ST*850*0001~',
  '~SE*1*0001~',
  '*00501*',
  '\ufeff',
  '\u0000',
  '\u00c9',
  '…',
].map((word) => Buffer.from(word));

/** One to four changes: bits, bytes, words of the format, pieces moved, doubled, cut out, or taken from another input. */
function mutate(input: Uint8Array, other: Uint8Array, random: Random): Uint8Array {
  let bytes = Buffer.from(input);
  for (let times = 1 + random(4); times > 0; times--) {
    const at = random(bytes.length + 1);
    const length = Math.min(1 + random(40), bytes.length - at);
    const head = bytes.subarray(0, at);
    switch (random(8)) {
      case 0:
        if (at < bytes.length) bytes[at] = bytes[at]! ^ (1 << random(8));
        break;
      case 1:
        if (at < bytes.length) bytes[at] = random(256);
        break;
      case 2:
        bytes = Buffer.concat([head, WORDS[random(WORDS.length)]!, bytes.subarray(at)]);
        break;
      case 3:
        bytes = Buffer.concat([head, bytes.subarray(at + length)]);
        break;
      case 4:
        bytes = Buffer.concat([head, bytes.subarray(at, at + length), bytes.subarray(at)]);
        break;
      case 5: {
        const from = random(other.length + 1);
        bytes = Buffer.concat([head, other.subarray(from, from + 60), bytes.subarray(at)]);
        break;
      }
      case 6:
        bytes = Buffer.concat([head, WORDS[random(WORDS.length)]!, bytes.subarray(at + length)]);
        break;
      default:
        bytes = head.length > 0 && random(4) === 0 ? Buffer.from(head) : bytes;
    }
  }
  return bytes.subarray(0, 4000);
}

/** What an input showed, as numbers. */
function features(events: readonly X12Event[]): Set<number> {
  const found = new Set<number>();
  const add = (text: string): void => {
    let hash = 0x811c9dc5;
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
    found.add(hash);
  };
  let before = '';
  for (const event of events) {
    add(`${before} ${event.kind}`);
    before = event.kind;
    if (event.kind === 'set') {
      add(`${event.set.type} ${event.set.acceptance} ${event.set.codes.join()} ${Math.min(event.set.segments, 30)}`);
      for (const item of event.set.findings) add(`${item.code} ${item.element ?? item.segment}`);
    } else if (event.kind === 'group-end') add(`${event.group.acceptance} ${event.group.codes.join()}`);
    else if (event.kind === 'interchange-end') {
      add(`${event.interchange.verdict.note} ${event.interchange.truncated}`);
      for (const item of event.interchange.findings) add(`${item.code} ${item.element ?? ''}`);
    }
  }
  return found;
}

/** Reads, acknowledges, and at times reads again in pieces. @throws Error when something is wrong. */
function tryInput(bytes: Uint8Array, random: Random): readonly X12Event[] {
  const events = readX12Sync(bytes, OPTIONS);
  for (const event of events) {
    if (event.kind === 'group-end') {
      makeAcknowledgment(event.group, { kind: '997' });
      makeAcknowledgment(event.group, { kind: '999' });
    } else if (event.kind === 'interchange-end') makeTa1(event.interchange, { send: 'always' });
    else if (event.kind === 'set' && random(8) === 0 && event.set.tree.name === '') throw new Error('a tree without a name');
  }
  if (random(16) === 0) {
    const size = 1 + random(300);
    const reader = x12Reader(OPTIONS);
    const again: X12Event[] = [];
    for (let at = 0; at < bytes.length; at += size) again.push(...reader.push(bytes.slice(at, at + size)));
    again.push(...reader.end());
    if (JSON.stringify(again) !== JSON.stringify(events)) throw new Error(`chunks of ${size} bytes give another result`);
  }
  return events;
}

function main(): void {
  const { values } = parseArgs({ options: { seconds: { type: 'string', default: '10' }, seed: { type: 'string', default: '1' } } });
  const random = numbers(Number(values.seed));
  const faults = join(folder, 'faults');
  const corpus: Uint8Array[] = readdirSync(faults)
    .filter((name) => name.endsWith('.edi'))
    .map((name) => readFileSync(join(faults, name)));
  const seen = new Set<number>();
  const begin = performance.now();
  const until = begin + Number(values.seconds) * 1000;
  let count = 0;
  let memory = 0;
  for (; performance.now() < until; count++) {
    const input = mutate(corpus[random(corpus.length)]!, corpus[random(corpus.length)]!, random);
    const started = performance.now();
    try {
      const shown = features(tryInput(input, random));
      if (performance.now() - started > SLOW) throw new Error(`it took ${(performance.now() - started).toFixed(0)} ms`);
      if ([...shown].some((feature) => !seen.has(feature)) && corpus.length < 20_000) corpus.push(input);
      for (const feature of shown) seen.add(feature);
    } catch (error) {
      keep(input, error as Error);
      return;
    }
    if (count % 50_000 === 0) memory = Math.max(memory, process.memoryUsage().rss);
  }
  const seconds = (performance.now() - begin) / 1000;
  console.log(
    `${count} inputs in ${seconds.toFixed(0)} s (${(count / seconds).toFixed(0)}/s), ${corpus.length} kept, ${seen.size} features, ${(memory / 1e6).toFixed(0)} MB`,
  );
}

function keep(input: Uint8Array, error: Error): void {
  const crashers = join(folder, 'crashers');
  mkdirSync(crashers, { recursive: true });
  const file = join(crashers, `${Date.now()}.edi`);
  writeFileSync(file, input);
  console.error(`${error.stack}\nkept as ${file}`);
  process.exitCode = 1;
}

main();
