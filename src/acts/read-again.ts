import type { Config } from '../config/types.ts';
import type { Message } from '../formats/format.ts';
import { readX12 } from '../formats/x12/read.ts';
import type { GroupHeader, InterchangeHeader, TransactionSet } from '../formats/x12/types.ts';
import type { InboundDocument } from '../store/documents.ts';
import type { InboundFile } from '../store/files.ts';
import { readPayload } from '../store/payload.ts';
import type { Database } from '../store/transaction.ts';
import { formatOf, optionsOf } from '../pipeline/translate/record-formats.ts';
import { mappingForFile } from '../pipeline/translate/records.ts';
import { readOptions } from '../pipeline/translate/read-options.ts';
import { partnerOf } from '../pipeline/work.ts';

/** Where a document stands in its file: both count from 1. */
export type DocumentPlace = { readonly position: number; readonly interchange: number | undefined };

export type FoundSet = { readonly set: TransactionSet; readonly header: InterchangeHeader; readonly group: GroupHeader | undefined };

/** The transaction set that a document was made of, read again from the stored bytes; undefined when it is not found any more. */
export async function readSetAgain(
  db: Database,
  config: Config,
  file: InboundFile,
  document: InboundDocument,
  place: DocumentPlace,
): Promise<FoundSet | undefined> {
  let ordinal = 0;
  let header: InterchangeHeader | undefined;
  let group: GroupHeader | undefined;
  for await (const event of readX12(readPayload(db, 'inbound', file.id), readOptions(config, file))) {
    if (event.kind === 'interchange') {
      ordinal += 1;
      header = event.interchange;
    }
    if (event.kind === 'group') group = event.group;
    if (event.kind !== 'set' || ordinal !== place.interchange || !header) continue;
    const { set } = event;
    if (set.type === document.setId && set.control === (document.setControl ?? '') && group?.control === document.groupControl) return { set, header, group };
  }
  return undefined;
}

/** The message that a document was made of, read again with the mapping that is configured now; undefined when there is no mapping or no such message. */
export async function readMessageAgain(db: Database, config: Config, file: InboundFile, place: DocumentPlace): Promise<Message | undefined> {
  const mapping = mappingForFile(config, partnerOf(config, file.partner), file.name, file.format);
  if (!mapping) return undefined;
  let position = 0;
  for await (const event of formatOf(mapping).read(readPayload(db, 'inbound', file.id), optionsOf(mapping))) {
    if (event.kind === 'message' && ++position === place.position) return event.message;
  }
  return undefined;
}
