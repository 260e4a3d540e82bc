import { inboundForFile } from '../../config/find-partner.ts';
import type { Config, ConfiguredMapping, Partner } from '../../config/types.ts';
import type { Finding } from '../../finding.ts';
import type { Message } from '../../formats/format.ts';
import { sniffRecordFormat } from '../../formats/sniff.ts';
import type { InboundFile } from '../../store/files.ts';
import type { NewDocument } from '../../store/documents.ts';
import { discardStaged, lastPosition, stageDocuments } from '../../store/documents.ts';
import { mapToDocument, summary, withMapping } from './map-inbound.ts';
import { recordEncoding } from '../encoding.ts';
import { formatOf, optionsOf } from './record-formats.ts';
import type { FileOutcome, Peeked } from '../translate.ts';
import { partnerOf } from '../work.ts';
import type { Storing } from './x12.ts';

const BATCH = 200;

export type ReadRecords = { readonly format: string; readonly documents: readonly NewDocument[]; readonly outcome: FileOutcome };

/**
 * Reads a file without an envelope through the mapping that its channel's partner has for it. Each message stands alone: a bad one is kept with its
 * findings while the others go on.
 */
export async function readRecordsFile(
  db: Storing,
  config: Config,
  file: InboundFile,
  format: string | undefined,
  chunks: Peeked,
  now: number,
): Promise<ReadRecords> {
  const partner = partnerOf(config, file.partner);
  const looksLike = format ?? sniffRecordFormat(chunks.head);
  const refused = refusal(looksLike);
  if (refused) return nothing(looksLike, refused.reason, refused.detail);
  const mapping = mappingForFile(config, partner, file.name, looksLike);
  if (!mapping) return nothing(looksLike, 'DOCUMENT_UNMAPPED', `partner ${partner.id} has no inbound mapping for ${looksLike} files named like this`);

  const first = await db.transaction(async (tx) => {
    await discardStaged(tx, file.id);
    return lastPosition(tx, file.id);
  });
  const findings: Finding[] = [];
  let documents: NewDocument[] = [];
  let position = 0;
  let refusedMessages = 0;
  for await (const event of formatOf(mapping).read(chunks.all, { ...optionsOf(mapping), ...recordEncoding(partner, file.channel) })) {
    if (event.kind === 'finding') {
      findings.push(event.finding);
      continue;
    }
    position += 1;
    // A file that was read before goes on where it stopped: what has a row already is not made again.
    if (position <= first) continue;
    const document = toRow(partner, mapping, file, event.message, position);
    if (document.outcome.status === 'parked') refusedMessages += 1;
    documents.push(document);
    if (documents.length < BATCH) continue;
    const batch = documents;
    documents = [];
    await db.transaction((tx) => stageDocuments(tx, batch, now));
  }
  return { format: mapping.side.format, documents, outcome: outcomeOf(mapping, findings, position, refusedMessages) };
}

/** The mapping for a file without an envelope: by its name and what it looks like, otherwise by its name alone. */
export function mappingForFile(config: Config, partner: Partner, name: string, looksLike: string | undefined): ConfiguredMapping | undefined {
  return inboundForFile(config, partner, name, looksLike)[0] ?? inboundForFile(config, partner, name, undefined)[0];
}

/** A message of a file as a row of the document queue: mapped, or kept back with its findings. */
export function toRow(partner: Partner, mapping: ConfiguredMapping, file: InboundFile, message: Message, position: number): NewDocument {
  const row: NewDocument = {
    fileId: file.id,
    interchangeId: undefined,
    position,
    partner: partner.id,
    kind: mapping.document,
    setId: undefined,
    groupType: undefined,
    groupControl: undefined,
    setControl: undefined,
    businessKey: undefined,
    accepted: true,
    canonical: undefined,
    findings: message.findings,
    mapping: mapping.name,
    mappingHash: mapping.hash,
    contentHash: undefined,
    outcome: { status: 'pending' },
  };
  if (message.findings.some(({ severity }) => severity === 'error')) {
    return { ...row, accepted: false, outcome: { status: 'parked', reason: 'MESSAGE_REFUSED', detail: summary(message.findings) } };
  }
  return withMapping(row, mapping, mapToDocument(mapping, partner, message.tree, { file: file.name }));
}

function refusal(looksLike: string): { readonly reason: string; readonly detail: string } | undefined {
  if (looksLike === 'empty') return { reason: 'FILE_EMPTY', detail: 'there is nothing in it' };
  if (looksLike === 'binary' || looksLike === 'archive' || looksLike === 'edifact')
    return { reason: 'FILE_UNKNOWN_TYPE', detail: `it looks like ${looksLike}` };
  return undefined;
}

function outcomeOf(mapping: ConfiguredMapping, findings: readonly Finding[], count: number, refused: number): FileOutcome {
  const errors = findings.filter(({ severity }) => severity === 'error');
  const said = `${mapping.side.format}: ${count} ${mapping.document} document${count === 1 ? '' : 's'} by ${mapping.name}${refused > 0 ? `, ${refused} of them kept back` : ''}`;
  if (errors.length === 0 && count > 0) return { parked: undefined, text: said };
  const reason = errors[0]?.code ?? 'FILE_EMPTY';
  const detail = summary(errors, reason) || 'there is no document in it';
  return { parked: { reason, detail }, text: `${said}; parked: ${detail}` };
}

function nothing(format: string, reason: string, detail: string): ReadRecords {
  return { format, documents: [], outcome: { parked: { reason, detail }, text: `${format}: parked: ${reason}: ${detail}` } };
}
