import type { Format } from './format.ts';
import { sniffRecordFormat } from './sniff.ts';
import { xmlOptions, type XmlOptions } from './xml/options.ts';
import { readXml } from './xml/read.ts';
import { writeXml } from './xml/write.ts';

/** XML 1.0 with namespaces: any vocabulary. No DTD is read, no entity but the five of XML, nothing is fetched. */
export const xml: Format<XmlOptions> = {
  name: 'xml',
  sniff: (head) => sniffRecordFormat(head) === 'xml',
  read: (chunks, options) => readXml(chunks, xmlOptions.parse(options)),
  write: (tree, options) => writeXml(tree, xmlOptions.parse(options)),
};
