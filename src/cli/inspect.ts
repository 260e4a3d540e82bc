import { WharfError } from '../errors.ts';
import { makeTa1, streamAcknowledgment, type AcknowledgmentPolicy, type AcknowledgmentStream } from '../formats/x12/acknowledge.ts';
import { jsonPieces } from '../formats/x12/inspect-json.ts';
import { eventPrinter, inspector } from '../formats/x12/inspect.ts';
import { x12Reader } from '../formats/x12/read.ts';
import { envelopeRepairer } from '../formats/x12/repair.ts';
import { looksLikeEbcdicX12 } from '../formats/x12/sniff.ts';
import type { GroupResult, InterchangeResult, X12Event } from '../formats/x12/types.ts';
import { writeInterchange } from '../formats/x12/write.ts';
import { convert, eachPiece } from './big-file.ts';
import type { Command, Io } from './command.ts';
import { exit } from './command.ts';

export const inspect: Command = {
  summary: 'explain an X12 file: envelope, sets as a tree, and what is wrong with them',
  usage: 'FILE [--ack] [--json] [--fix [--to FILE]]',
  options: {
    ack: { type: 'boolean', help: 'print the TA1 and 997 that it would get' },
    kind: { type: 'string', value: '997|999', help: 'the acknowledgment for --ack; default 997' },
    fix: { type: 'boolean', help: 'print the file with its envelope repaired' },
    to: { type: 'string', value: 'FILE', help: 'where the repaired file goes, byte for byte; default the terminal' },
    brief: { type: 'boolean', help: 'no segments, only envelopes and findings' },
  },
  run: async (given, io) => {
    const [file] = given.words;
    if (file === undefined || given.words.length > 1) throw new WharfError('USAGE', 'wharf inspect FILE', { value: given.words.join(' ') });
    const kind = given.text('kind') ?? '997';
    if (kind !== '997' && kind !== '999') throw new WharfError('USAGE', `--kind ${kind} is neither 997 nor 999`, { value: kind });
    if (given.flag('fix')) {
      await convert(file, given.text('to'), io, envelopeRepairer);
      return exit.ok;
    }
    const answers = given.flag('ack') ? answerer({ kind }, io) : undefined;
    const report = inspector();
    const print = eventPrinter();
    const shown = !given.flag('json') && !answers;
    let errors = 0;
    let interchanges = 0;
    await readEvents(file, (event) => {
      errors += errorsOf(event);
      if (event.kind === 'interchange') interchanges += 1;
      if (given.flag('json')) report.take(event);
      if (answers) answers(event);
      else if (shown && !(event.kind === 'set' && given.flag('brief'))) io.out(print(event));
    });
    if (given.flag('json') && !answers) for (const piece of jsonPieces(report.result())) io.out(piece);
    if (interchanges === 0) return exit.failed;
    return errors > 0 ? exit.findings : exit.ok;
  },
};

/** The events of a file, one after another. */
async function readEvents(file: string, take: (event: X12Event) => void): Promise<void> {
  let reader: ReturnType<typeof x12Reader> | undefined;
  await eachPiece(file, (piece) => {
    reader ??= x12Reader({ encoding: looksLikeEbcdicX12(piece) ? 'ebcdic' : 'auto' });
    reader.push(piece).forEach(take);
  });
  (reader ?? x12Reader()).end().forEach(take);
}

function errorsOf(event: X12Event): number {
  if (event.kind === 'set') return event.set.findings.filter((item) => item.severity === 'error').length;
  if (event.kind === 'group-end') return event.group.findings.filter((item) => item.severity === 'error').length;
  if (event.kind === 'interchange-end') return event.interchange.findings.filter((item) => item.severity === 'error').length;
  return event.kind === 'finding' && event.finding.severity === 'error' ? 1 : 0;
}

/** Prints the answer to each interchange as it would be sent now, under control number 1. */
function answerer(policy: AcknowledgmentPolicy, io: Io): (event: X12Event) => void {
  let groups: GroupResult[] = [];
  return (event) => {
    if (event.kind === 'group-end') groups.push(event.group);
    else if (event.kind === 'finding') io.err(`${event.finding.message}\n`);
    else if (event.kind === 'interchange-end') {
      io.out(answer(event.interchange, groups, policy));
      groups = [];
    }
  };
}

function answer(result: InterchangeResult, groups: readonly GroupResult[], policy: AcknowledgmentPolicy): string {
  const { interchange } = result;
  const stamp = new Date().toISOString().replaceAll(/\D/g, '');
  const [date, time] = [stamp.slice(0, 8), stamp.slice(8, 12)];
  const ta1 = makeTa1(result);
  const { element, component, segment } = interchange.delimiters;
  const free = ['^', '!', '|'].find((sign) => ![element, component, segment].includes(sign))!;
  const delimiters = { ...interchange.delimiters, repetition: interchange.delimiters.repetition || free, newline: '\n' };
  const signs = [element, component, delimiters.repetition, segment].join('');
  const answers = result.verdict.code === 'R' ? [] : groups.map((group) => ({ group, tree: streamAcknowledgment(group, { ...policy, delimiters: signs }) }));
  const sent = answers.filter((item): item is { group: GroupResult; tree: AcknowledgmentStream } => item.tree !== undefined);
  if (!ta1 && sent.length === 0) return `Interchange ${interchange.control} gets no answer\n`;
  const version = policy.kind === '999' ? '005010X231A1' : undefined;
  const bytes = writeInterchange({
    sender: interchange.receiver,
    receiver: interchange.sender,
    control: '1',
    date,
    time,
    usage: interchange.usage || 'P',
    ackRequested: false,
    version: version ? '00501' : /^\d{5}$/.test(interchange.version) ? interchange.version : '00401',
    delimiters,
    ta1s: ta1 ? [ta1] : [],
    groups: sent.map(({ group, tree }, index) => ({
      type: 'FA',
      sender: group.group.receiver,
      receiver: group.group.sender,
      date,
      time,
      control: String(index + 1),
      version: version ?? group.group.version,
      sets: [{ type: tree.name, control: '0001', tree }],
    })),
  });
  return new TextDecoder().decode(bytes);
}
