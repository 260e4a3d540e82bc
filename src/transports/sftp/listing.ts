import { WharfError } from '../../errors.ts';
import { claimOf, nameProblem, type refusalsOnce } from '../names.ts';
import type { Entry, Refusal } from '../transport.ts';
import { isAnswer, meaningOf } from './errors.ts';
import { type Attributes, lookAt, pagesOf } from './requests.ts';
import type { Session } from './session.ts';

export type ListingRules = {
  readonly wanted: (name: string) => boolean;
  readonly hasPattern: boolean;
  readonly temporary: (name: string) => boolean;
  readonly maxBytes: number;
  readonly refusals: ReturnType<typeof refusalsOnce<Refusal>>;
  readonly restore: (session: Session, claim: string) => Promise<void>;
};

/** A server that never ends its listing is broken or hostile. A page may be empty: the folder itself and the one above are left out. */
const mostNames = 2_000_000;
const mostEmptyPages = 100;

/** Lists a directory page by page, up to `limit` entries. A server can send any string for a name: what could be a path is dropped. */
export async function listDirectory(
  session: Session,
  directory: string,
  rules: ListingRules,
  { limit, known }: { readonly limit: number; readonly known: ((entry: Entry) => boolean) | undefined },
): Promise<readonly Entry[]> {
  const entries = new Map<string, Entry>();
  let seen = 0;
  let empty = 0;
  try {
    for await (const page of pagesOf(session, directory)) {
      seen += page.length;
      if (page.length === 0) empty += 1;
      if (seen > mostNames || empty > mostEmptyPages) throw new WharfError('SFTP_PROTOCOL', `The listing of ${directory} does not end`, { value: directory });
      for (const { name, attributes } of page) {
        const entry = await judge(session, directory, rules, { name, attributes });
        if (entry !== undefined && known?.(entry) !== true) entries.set(name, entry);
        if (entries.size >= limit) return [...entries.values()];
      }
    }
  } catch (error) {
    throw isAnswer(error) ? meaningOf(error, 'FOLDER_UNUSABLE', `${directory} cannot be listed`, directory) : error;
  }
  rules.refusals.listingDone();
  return [...entries.values()];
}

type Found = { readonly name: string; readonly attributes: Attributes };

async function judge(session: Session, directory: string, rules: ListingRules, { name, attributes }: Found): Promise<Entry | undefined> {
  const problem = nameProblem(name);
  if (problem !== undefined) {
    rules.refusals.add({ name, code: 'FILE_NAME_INVALID', detail: `The name ${JSON.stringify(name)} ${problem}` });
    return undefined;
  }
  if (claimOf(name) !== undefined) {
    await rules.restore(session, name);
    return undefined;
  }
  if (!rules.wanted(name) || rules.temporary(name)) return undefined;
  // Some servers leave the kind of file out of a listing.
  const sure = attributes.isRegular === undefined ? await lookAt(session, `${directory}/${name}`) : attributes;
  if (sure === undefined || (sure.isDirectory && !rules.hasPattern)) return undefined;
  if (sure.isRegular === false) {
    rules.refusals.add({ name, code: 'FILE_NOT_REGULAR', detail: `"${name}" is a folder, a link, a pipe or a device` });
    return undefined;
  }
  if (sure.size > rules.maxBytes) {
    rules.refusals.add({ name, code: 'FILE_TOO_LARGE', detail: `"${name}" has ${sure.size} bytes; the limit is ${rules.maxBytes}` });
    return undefined;
  }
  return { name, size: sure.size, modifiedAt: sure.modifiedAt, id: '' };
}
