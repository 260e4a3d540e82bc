import { difference } from '../canonical/difference.ts';
import { inboundForSet } from '../config/find-partner.ts';
import type { Config, Partner } from '../config/types.ts';
import { WharfError } from '../errors.ts';
import { sniffRecordFormat } from '../formats/sniff.ts';
import { readX12 } from '../formats/x12/read.ts';
import type { GroupHeader, InterchangeHeader } from '../formats/x12/types.ts';
import { looksLikeX12 } from '../formats/x12/sniff.ts';
import type { SentDocument } from '../store/traffic.ts';
import type { Node } from '../tree.ts';
import type { Mapped } from '../pipeline/translate/map-inbound.ts';
import { mapToDocument, setVariables, summary } from '../pipeline/translate/map-inbound.ts';
import { formatOf, optionsOf } from '../pipeline/translate/record-formats.ts';
import { mapOutbound } from '../pipeline/render.ts';
import { mappingForFile } from '../pipeline/translate/records.ts';
import { readOptions } from '../pipeline/translate/read-options.ts';

/** What a configuration makes of one document: its content as plain data, or why there is none. */
export type Outcome =
  | { readonly kind: string; readonly name: string; readonly content: unknown }
  | { readonly kind: string; readonly name: string; readonly failure: string };

/** One thing that two configurations make differently of a document; `path` has `[]` in place of the numbers of list items. */
export type Change = { readonly kind: string; readonly path: string; readonly before: string | undefined; readonly after: string | undefined };

/** The documents in a file of a partner, as a configuration maps them. */
export async function mapFile(config: Config, partner: Partner, name: string, bytes: Uint8Array): Promise<readonly Outcome[]> {
  if (looksLikeX12(bytes.subarray(0, 4096))) return mapX12(config, partner, bytes);
  const mapping = mappingForFile(config, partner, name, sniffRecordFormat(bytes.subarray(0, 4096)));
  if (!mapping) return [{ kind: 'file', name, failure: 'DOCUMENT_UNMAPPED' }];
  const outcomes: Outcome[] = [];
  for await (const event of formatOf(mapping).read([bytes], optionsOf(mapping))) {
    if (event.kind === 'finding') outcomes.push({ kind: mapping.document, name, failure: summary([event.finding]) });
    else if (event.message.findings.some(({ severity }) => severity === 'error'))
      outcomes.push({ kind: mapping.document, name, failure: summary(event.message.findings) });
    else outcomes.push(outcomeOf(mapping.document, name, mapToDocument(mapping, partner, event.message.tree, { file: name })));
  }
  return outcomes;
}

async function mapX12(config: Config, partner: Partner, bytes: Uint8Array): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  let header: InterchangeHeader | undefined;
  let group: GroupHeader | undefined;
  for await (const event of readX12([bytes], readOptions(config, { partner: partner.id }))) {
    if (event.kind === 'interchange') header = event.interchange;
    if (event.kind === 'group') group = event.group;
    if (event.kind !== 'set' || !header || event.set.type === '997' || event.set.type === '999') continue;
    const { type, control, accepted, findings, tree } = event.set;
    const name = `${type} ${control} of interchange ${header.control}`;
    const mapping = inboundForSet(config, partner, type, group?.version ?? '');
    if (!accepted) outcomes.push({ kind: type, name, failure: summary(findings) });
    else if (!mapping) outcomes.push({ kind: type, name, failure: 'DOCUMENT_UNMAPPED' });
    else outcomes.push(outcomeOf(mapping.document, name, mapToDocument(mapping, partner, tree, setVariables({ header, group }))));
  }
  return outcomes;
}

function outcomeOf(kind: string, name: string, mapped: Mapped): Outcome {
  if ('code' in mapped) return { kind, name, failure: `${mapped.code}: ${summary(mapped.findings)}` };
  const { poNumber } = mapped.document as { readonly poNumber?: string };
  return { kind, name: poNumber ?? name, content: mapped.document };
}

/** A document of ours as a configuration writes it, before it becomes bytes. */
export function mapSent(config: Config, partner: Partner, sent: SentDocument): Outcome {
  const mapping = config.mappings.get(sent.mapping);
  const named = { kind: sent.mapping, name: sent.businessKey };
  if (!mapping || !partner.outbound.some((entry) => entry.mapping === sent.mapping)) return { ...named, failure: 'the partner does not get it' };
  try {
    return { ...named, content: contentOf(mapOutbound({ config, now: sent.createdAt }, partner, mapping, sent.canonical)) };
  } catch (error) {
    if (!(error instanceof WharfError)) throw error;
    return { ...named, failure: `${error.code}: ${error.message}` };
  }
}

/** A tree as plain data by what people call its parts: elements `N104`, and everything else by its name. */
function contentOf(node: Node): unknown {
  const elements = (node.fields ?? []).map((field, index) => [`${node.name}${String(index + 1).padStart(2, '0')}`, field] as const);
  const members = [...Map.groupBy(node.children ?? [], ({ name }) => name)].map(([name, nodes]) => [name, nodes.map(contentOf)] as const);
  if (elements.length === 0 && members.length === 0) return node.value ?? '';
  return Object.fromEntries([...elements, ...members, ...(node.value ? [['text', node.value] as const] : [])]);
}

/** What differs between what two configurations make of the same document. */
export function compareOutcomes(before: Outcome | undefined, after: Outcome | undefined): readonly Change[] {
  const kind = (after ?? before)!.kind;
  if (before && after && 'content' in before && 'content' in after) {
    return difference(before.content, after.content).map((each) => ({ ...each, kind, path: each.path.replaceAll(/\[\d+\]/g, '[]') }));
  }
  const [was, is] = [before, after].map((each) => (!each ? 'not there' : 'failure' in each ? each.failure : 'mapped'));
  return was === is ? [] : [{ kind, path: 'the document', before: was, after: is }];
}
