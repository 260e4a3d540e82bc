import type { ConfiguredMapping } from '../../config/types.ts';
import { WharfError } from '../../errors.ts';
import { csv } from '../../formats/csv.ts';
import { fixed } from '../../formats/fixed.ts';
import type { Format } from '../../formats/format.ts';
import { json } from '../../formats/json.ts';
import { xml } from '../../formats/xml.ts';
import type { Node } from '../../tree.ts';

type Options = Readonly<Record<string, unknown>>;

/** The formats without an envelope. A mapping says under `source` or `target` what a format has to know; `wharf check` has checked it. */
export const recordFormats = { csv, xml, json, fixed } as unknown as Readonly<Record<string, Format<Options>>>;

/** The bytes of a file that a mapping's target format makes of a tree; `own` comes before what the mapping says. @throws WharfError RENDER_FAILED. */
export function writeRecords(mapping: ConfiguredMapping, tree: Node, own: Options = {}): Uint8Array {
  return formatOf(mapping).write(tree, { ...optionsOf(mapping), ...own });
}

/** The format that a mapping reads or writes. @throws WharfError MAPPING_INVALID when there is no such format. */
export function formatOf(mapping: ConfiguredMapping): Format<Options> {
  const format = Object.hasOwn(recordFormats, mapping.side.format) ? recordFormats[mapping.side.format] : undefined;
  if (!format) throw new WharfError('MAPPING_INVALID', `mapping ${mapping.name}: ${mapping.side.format} is not a format`, { place: mapping.side.place });
  return format;
}

/** What the mapping says to its format: all but the format's own name. */
export function optionsOf(mapping: ConfiguredMapping): Options {
  const { format: _format, ...options } = mapping.side.options;
  return options;
}
