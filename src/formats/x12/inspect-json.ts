/** A report as JSON, a set a line, in pieces: of a file with a million sets it would be too long for one text. */
import type { Inspection } from './inspect.ts';

/** The pieces of one JSON object; joined, they are what `JSON.parse` reads as the report. */
export function* jsonPieces({ interchanges, findings }: Inspection): Generator<string> {
  yield '{"interchanges":[';
  for (const [at, { groups, ...interchange }] of interchanges.entries()) {
    yield opened(at, interchange, 'groups');
    for (const [place, { sets, ...group }] of groups.entries()) {
      yield opened(place, group, 'sets');
      for (const [index, set] of sets.entries()) yield `${index === 0 ? '' : ','}\n${JSON.stringify(set)}`;
      yield ']}';
    }
    yield ']}';
  }
  yield `],\n"findings":${JSON.stringify(findings)}}\n`;
}

/** An object that goes on with a list. */
function opened(at: number, fields: object, list: string): string {
  return `${at === 0 ? '' : ','}\n${JSON.stringify(fields).slice(0, -1)},"${list}":[`;
}
