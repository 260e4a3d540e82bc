import { csvOptions, type CsvOptions } from './csv/options.ts';
import { readCsv } from './csv/read.ts';
import { writeCsv } from './csv/write.ts';
import type { Format } from './format.ts';
import { sniffRecordFormat } from './sniff.ts';

/** Comma-separated values (RFC 4180) with any delimiter, quote and encoding. */
export const csv: Format<CsvOptions> = {
  name: 'csv',
  sniff: (head) => sniffRecordFormat(head) === 'csv',
  read: (chunks, options) => readCsv(chunks, csvOptions.parse(options)),
  write: (tree, options) => writeCsv(tree, csvOptions.parse(options)),
};
