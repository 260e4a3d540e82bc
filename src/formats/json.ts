import type { Format } from './format.ts';
import { jsonOptions, type JsonOptions } from './json/options.ts';
import { readJson } from './json/read.ts';
import { writeJson } from './json/write.ts';
import { sniffRecordFormat } from './sniff.ts';

/** JSON (RFC 8259) and JSON lines. Numbers keep their source text; null is absent. */
export const json: Format<JsonOptions> = {
  name: 'json',
  sniff: (head) => sniffRecordFormat(head) === 'json',
  read: (chunks, options) => readJson(chunks, jsonOptions.parse(options)),
  write: (tree, options) => writeJson(tree, jsonOptions.parse(options)),
};
