import { fixedOptions, type FixedOptions } from './fixed/options.ts';
import { readFixed } from './fixed/read.ts';
import { writeFixed } from './fixed/write.ts';
import type { Format } from './format.ts';
import { sniffRecordFormat } from './sniff.ts';

/** Records of fixed columns, one a line or of one length. */
export const fixed: Format<FixedOptions> = {
  name: 'fixed',
  sniff: (head) => sniffRecordFormat(head) === 'fixed',
  read: (chunks, options) => readFixed(chunks, fixedOptions.parse(options)),
  write: (tree, options) => writeFixed(tree, fixedOptions.parse(options)),
};
