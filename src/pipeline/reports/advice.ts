import type { AdvisedDocument, ApplicationAdvice } from '../../canonical/application-advice.ts';
import type { ErrorCode } from '../../errors.ts';
import type { Finding } from '../../finding.ts';
import type { InboundDocument } from '../../store/documents.ts';
import { readFile } from '../../store/files.ts';
import { announce } from '../announce.ts';
import type { Work } from '../work.ts';
import { dayIn } from '../work.ts';

/** What only whoever sent a document can mend: it says something that cannot be, or other than it said before under the same number. */
const THEIRS: readonly string[] = [
  'DOCUMENT_INVALID',
  'MESSAGE_REFUSED',
  'ORDER_CONFLICT',
  'CHANGE_CONFLICT',
  'SHIPMENT_CONFLICT',
  'STOCK_CONFLICT',
] satisfies readonly ErrorCode[];

/** Tells whoever sent a document that it is not carried out, once, where they take that (824): at once when only they can mend it. */
export async function adviseSender(
  work: Work,
  document: InboundDocument,
  refusal: { readonly reason: string; readonly detail: string; readonly decided: boolean },
): Promise<void> {
  const partner = work.config.partners.get(document.partner);
  if (!partner || document.kind === 'acknowledgment' || document.kind === 'application-advice') return;
  const { when } = partner.advice;
  if (when === 'never' || (!refusal.decided && (when === 'decided' || !isTheirs(document, refusal.reason)))) return;
  const file = await readFile(work.tx, document.fileId);
  const advice: ApplicationAdvice = {
    kind: 'application-advice',
    reference: `A${document.id}`,
    date: dayIn(partner.timezone, work.now),
    ...(file && { fileName: file.name }),
    documents: [adviseOf(document, refusal)],
  };
  await announce(work, partner, advice, { key: `advice:${document.id}`, orderId: document.orderId, causeDocumentId: document.id });
}

/** A mapping that fails over a value that they wrote is their matter; one that misses something may be wrong itself. */
function isTheirs({ findings }: InboundDocument, reason: string): boolean {
  if (reason !== 'MAPPING_FAILED') return THEIRS.includes(reason);
  const errors = findings.filter(({ severity }) => severity === 'error');
  return errors.length > 0 && errors.every(({ value }) => value !== undefined && value !== '');
}

/** Tells of documents that could not be read though their file could. */
export async function adviseOfRefused(work: Work, refused: readonly InboundDocument[]): Promise<void> {
  for (const document of refused) {
    const { reason = '', detail = '' } = document;
    await adviseSender(work, document, { reason, detail, decided: false });
  }
}

function adviseOf(document: InboundDocument, { reason, detail }: { readonly reason: string; readonly detail: string }): AdvisedDocument {
  const { setId, groupControl, setControl, businessKey, kind, findings } = document;
  const errors = findings.filter(({ severity }) => severity === 'error');
  const problems = errors.length > 0 ? errors.map(problemOf) : [{ code: reason, message: detail || reason }];
  return {
    verdict: 'rejected',
    ...(setId !== undefined && { setId }),
    ...(groupControl !== undefined && { groupControl }),
    ...(setControl !== undefined && { setControl }),
    reference: businessKey ?? `A${document.id}`,
    ...(businessKey !== undefined && { businessKey }),
    ...(kind !== undefined && { documentKind: kind }),
    messages: [],
    problems,
  };
}

function problemOf({ code, message, at, position, element, value }: Finding): NonNullable<AdvisedDocument['problems']>[number] {
  const row = position ?? at?.line ?? at?.segment;
  // Where it would stand in our document (`lines[0].quantity:`) names the field where nothing else does; where in our mapping is nothing to them.
  const [, path = '', text = message] = /^([\w.]+(?:\[\d+\][\w.]*)*): (.*?)(?: \([^()]*\.yaml:\d+:\d+(?:, [a-z]+ \d+)?\))?$/s.exec(message) ?? [];
  const field = element ?? path.split('.').at(-1) ?? '';
  return {
    code,
    ...(row !== undefined && { row: String(row) }),
    ...(field !== '' && { field }),
    ...(value !== undefined && value !== '' && { value }),
    message: text,
  };
}
