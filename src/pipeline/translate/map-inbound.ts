import type { CanonicalDocument, Kind } from '../../canonical/document.ts';
import { businessKeyOf, toDocument } from '../../canonical/document.ts';
import { inboundForSet } from '../../config/find-partner.ts';
import type { Config, ConfiguredMapping, Partner } from '../../config/types.ts';
import type { Finding } from '../../finding.ts';
import { readAcknowledgment, readTa1 } from '../../formats/x12/acknowledge.ts';
import type { GroupHeader, InterchangeHeader, Ta1, TransactionSet } from '../../formats/x12/types.ts';
import type { NewDocument } from '../../store/documents.ts';
import type { Node } from '../../tree.ts';
import { hashOf } from '../work.ts';

/** Where a transaction set was found. */
export type SetContext = {
  readonly config: Config;
  readonly partner: Partner;
  readonly fileId: number;
  readonly interchangeId: number;
  readonly header: InterchangeHeader;
  readonly group: GroupHeader | undefined;
};

export type Mapped = { readonly document: CanonicalDocument } | { readonly code: 'MAPPING_FAILED' | 'DOCUMENT_INVALID'; readonly findings: readonly Finding[] };

/** The canonical document that a partner's mapping makes of a tree, or what went wrong. */
export function mapToDocument(mapping: ConfiguredMapping, partner: Partner, tree: Node, variables: Readonly<Record<string, string>>): Mapped {
  const result = mapping.run(tree, { variables: { partner: partner.id, ...variables }, table: (name) => tableOf(partner, name) });
  const errors = result.findings.filter(({ severity }) => severity === 'error');
  if (!result.tree || errors.length > 0) return { code: 'MAPPING_FAILED', findings: result.findings };
  const checked = toDocument(mapping.document as Kind, result.tree);
  return 'document' in checked ? checked : { code: 'DOCUMENT_INVALID', findings: checked.findings };
}

/** A code table of a partner. */
export function tableOf(partner: Partner, name: string): Readonly<Record<string, string>> | undefined {
  return Object.hasOwn(partner.tables, name) ? partner.tables[name] : undefined;
}

/** A transaction set as a row of the document queue: mapped, rejected, or kept with what is missing to map it. */
export function mapSet(context: SetContext, set: TransactionSet, position: number): NewDocument {
  const base = rowOf(context, set, position);
  if (!set.accepted)
    return { ...base, accepted: false, findings: set.findings, outcome: { status: 'done', reason: 'SET_REJECTED', detail: summary(set.findings) } };
  if (set.type === '997' || set.type === '999') {
    return { ...base, kind: 'acknowledgment', canonical: { group: readAcknowledgment(set.tree) }, findings: set.findings, outcome: { status: 'pending' } };
  }
  const mapping = inboundForSet(context.config, context.partner, set.type, context.group?.version ?? '');
  if (!mapping) {
    const detail = `partner ${context.partner.id} has no inbound mapping for ${set.type} ${context.group?.version ?? ''}`;
    return { ...base, findings: set.findings, outcome: { status: 'parked', reason: 'DOCUMENT_UNMAPPED', detail } };
  }
  return withMapping({ ...base, findings: set.findings }, mapping, mapToDocument(mapping, context.partner, set.tree, setVariables(context)));
}

/** What a mapping of a transaction set may use of its envelope. */
export function setVariables({ header, group }: Pick<SetContext, 'header' | 'group'>): Readonly<Record<string, string>> {
  return { sender: header.sender.id, receiver: header.receiver.id, control: header.control, groupDate: group?.date ?? '' };
}

/** A TA1 as a row of the document queue. */
export function mapTa1(context: SetContext, ta1: Ta1, position: number): NewDocument {
  return {
    ...rowOf(context, { type: 'TA1', control: '' }, position),
    kind: 'acknowledgment',
    canonical: { interchange: readTa1(ta1) },
    outcome: { status: 'pending' },
  };
}

/** What a mapping made of it, in its row. */
export function withMapping(row: NewDocument, mapping: ConfiguredMapping, mapped: Mapped): NewDocument {
  const made = { ...row, kind: mapping.document, mapping: mapping.name, mappingHash: mapping.hash };
  if ('code' in mapped) {
    return {
      ...made,
      findings: [...row.findings, ...mapped.findings],
      outcome: { status: 'parked', reason: mapped.code, detail: summary(mapped.findings, mapped.code) },
    };
  }
  const { document } = mapped;
  const businessKey = businessKeyOf(document);
  return { ...made, canonical: document, businessKey, contentHash: hashOf(document), outcome: { status: 'pending' } };
}

/** Findings in one line, errors first. A code that is the `reason` told beside it is not repeated. */
export function summary(findings: readonly Finding[], reason?: string): string {
  const errors = findings.filter(({ severity }) => severity === 'error');
  const shown = (errors.length > 0 ? errors : findings)
    .slice(0, 3)
    .map(({ code, message, element, segment }) => `${code === reason ? '' : code} ${element ?? segment ?? ''} ${message}`.replaceAll(/ +/g, ' ').trim());
  const more = findings.length - shown.length;
  return more > 0 ? `${shown.join('; ')}; and ${more} more` : shown.join('; ');
}

function rowOf(context: SetContext, set: Pick<TransactionSet, 'type' | 'control'>, position: number): NewDocument {
  return {
    fileId: context.fileId,
    interchangeId: context.interchangeId,
    position,
    partner: context.partner.id,
    kind: undefined,
    setId: set.type,
    groupType: context.group?.type,
    groupControl: context.group?.control,
    setControl: set.control || undefined,
    businessKey: undefined,
    accepted: true,
    canonical: undefined,
    findings: [],
    mapping: undefined,
    mappingHash: undefined,
    contentHash: undefined,
    outcome: { status: 'pending' },
  };
}
