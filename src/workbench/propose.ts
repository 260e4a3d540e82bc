import type { Config } from '../config/types.ts';
import type { Sources } from '../config/sources.ts';
import { didYouMean } from '../config/suggest.ts';
import { WharfError } from '../errors.ts';
import { sniffRecordFormat } from '../formats/sniff.ts';
import { looksLikeX12 } from '../formats/x12/sniff.ts';
import { proposeRecords } from './propose-records.ts';
import { proposeX12 } from './propose-x12.ts';
import { nameOf, SCHEMA_LINE, yamlText } from './yaml-text.ts';

/** What is to be proposed: a partner of this id, from a file of theirs, by a template, or both. */
export type Wanted = {
  readonly id: string;
  readonly template: string | undefined;
  readonly file: { readonly name: string; readonly bytes: Uint8Array } | undefined;
};

/** Configuration files that a person reads and completes, and what was seen in the sample, as lines of text. */
export type Proposal = {
  /** The text of partners/<id>.yaml. */
  readonly partner: string;
  readonly mappings: readonly { readonly name: string; readonly text: string }[];
  readonly seen: readonly string[];
  /** What the proposal does not do yet. */
  readonly open: readonly string[];
};

/** Proposes the files of a new partner. @throws WharfError FILE_EMPTY, FILE_UNKNOWN_TYPE, NOT_FOUND for a template that is not there. */
export async function propose(config: Config, sources: Sources, wanted: Wanted): Promise<Proposal> {
  const { template, file } = wanted;
  if (template !== undefined && !sources.templates.has(template)) {
    const known = [...sources.templates.keys()];
    const remedy = known.length === 0 ? 'Leave --template out: there is none in partners/templates' : `Name one of: ${known.join(', ')}`;
    throw new WharfError('NOT_FOUND', `there is no template ${template}${didYouMean(template, known)}`, { value: template, remedy });
  }
  if (!file) return fromTemplate(wanted.id, template!);
  const head = file.bytes.subarray(0, 4096);
  const format = looksLikeX12(head) ? 'x12' : sniffRecordFormat(head);
  if (format === 'x12') return proposeX12(config, sources, wanted, file.bytes);
  if (format === 'csv' || format === 'xml' || format === 'json') return proposeRecords(config, sources, wanted, { ...file, format });
  throw new WharfError(
    format === 'empty' ? 'FILE_EMPTY' : 'FILE_UNKNOWN_TYPE',
    `${file.name} looks like ${format}; a proposal can be made of X12, CSV, XML and JSON`,
  );
}

function fromTemplate(id: string, template: string): Proposal {
  const lines = [SCHEMA_LINE, `id: ${id}`, `name: ${yamlText(nameOf(id))}`, `extends: ${template}`];
  return {
    partner: `${lines.join('\n')}\n`,
    mappings: [],
    seen: [],
    open: ['identities, where the partner speaks X12: identities: [{ theirs: ZZ/THEIR-ID }]'],
  };
}
