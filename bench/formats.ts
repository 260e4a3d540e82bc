/**
 * Reading large files of the formats without an envelope: a file of many orders, mapped order by order, in a process of its own for each
 * format. Prints the time and the most memory that the process held. Usage: `node bench/formats.ts [megabytes] [format]`.
 */
import { fork } from 'node:child_process';
import { parseYaml } from '../src/config/yaml-whole.ts';
import { csv } from '../src/formats/csv.ts';
import { fixed } from '../src/formats/fixed.ts';
import type { Format } from '../src/formats/format.ts';
import { json } from '../src/formats/json.ts';
import { xml } from '../src/formats/xml.ts';
import { compileMapping } from '../src/mapping/compile.ts';

const LINES = 20;
const pad = (text: string | number, width: number): string => String(text).padEnd(width);
const lines = (write: (n: number) => string): string => Array.from({ length: LINES }, (_, n) => write(n + 1)).join('');

type Case = {
  readonly format: Format<never>;
  readonly options: string;
  readonly map: string;
  readonly head: string;
  readonly order: (po: number) => string;
  readonly tail: string;
};

const cases: Readonly<Record<string, Case>> = {
  csv: {
    format: csv,
    options: 'group: [po]',
    map: 'poNumber: row.po, lines: { each: row, map: { sku: sku, quantity: { from: qty, decimal: true } } }',
    head: 'po,date,store,line,sku,description,qty,unit,price\n',
    order: (po) => lines((n) => `${po},2026-03-02,S${po % 400},${n},SKU-${n},"Stoneware mug, white",${n},EA,6.25\n`),
    tail: '',
  },
  xml: {
    format: xml,
    options: 'record: /orders/order',
    map: 'poNumber: "@po", lines: { each: line, map: { sku: sku, quantity: { from: qty, decimal: true } } }',
    head: '<orders>',
    order: (po) =>
      `<order po="${po}" date="2026-03-02">${lines((n) => `<line n="${n}"><sku>SKU-${n}</sku><qty>${n}</qty><price>6.25</price></line>\n`)}</order>`,
    tail: '</orders>',
  },
  json: {
    format: json,
    options: 'record: /orders',
    map: 'poNumber: po, lines: { each: lines, map: { sku: sku, quantity: { from: qty, decimal: true } } }',
    head: '{"orders":[{"po":"0","lines":[]}',
    order: (po) => `,{"po":"${po}","date":"2026-03-02","lines":[${lines((n) => `{"sku":"SKU-${n}","qty":${n},"price":6.25}${n < LINES ? ',' : ''}`)}]}\n`,
    tail: ']}',
  },
  fixed: {
    format: fixed,
    options: 'type: "1", start: H, records: { H: { po: 2-11, date: 12-21 }, L: { sku: 2-13, qty: 14-20, unit: 21-22, text: 23-62 } }',
    map: 'poNumber: H.po, lines: { each: L, map: { sku: sku, quantity: { from: qty, decimal: true } } }',
    head: '',
    order: (po) => `H${pad(po, 10)}2026-03-02\n${lines((n) => `L${pad(`SKU-${n}`, 12)}${pad(n, 7)}EA${pad('Stoneware mug, white', 40)}\n`)}`,
    tail: '',
  },
};

/** About so many bytes of orders, in the pieces of 64 KB in which a file is read. */
function* fileOf({ head, order, tail }: Case, bytes: number): Generator<Buffer> {
  let text = head;
  for (let po = 1, written = 0; written < bytes; po += 1) {
    text += order(po);
    if (text.length < 65_536) continue;
    written += text.length;
    yield Buffer.from(text);
    text = '';
  }
  yield Buffer.from(text + tail);
}

async function read(name: string, megabytes: number): Promise<void> {
  const one = cases[name]!;
  const parsed = parseYaml('bench.yaml', Buffer.from(`direction: in\ndocument: order\nsource: { format: ${name}, ${one.options} }\nmap: { ${one.map} }\n`));
  if (!('yaml' in parsed)) throw new Error('the YAML of the bench is wrong');
  const { content, locate } = parsed.yaml;
  const compiled = compileMapping({ name, file: 'bench.yaml', content, locate: (path) => locate(path) });
  if ('problems' in compiled) throw new Error(compiled.problems.map(({ message }) => message).join('; '));
  const { format: _format, ...options } = compiled.mapping.side.options;
  const started = process.cpuUsage();
  let orders = 0;
  for await (const event of one.format.read(fileOf(one, megabytes * 1e6), options as never)) {
    if (event.kind === 'finding' || event.message.findings.length > 0)
      throw new Error(JSON.stringify(event.kind === 'finding' ? event.finding : event.message.findings).slice(0, 300));
    const { tree, findings } = compiled.mapping.run(event.message.tree, { variables: {}, table: () => undefined });
    if (!tree || findings.length > 0) throw new Error(findings[0]?.message ?? 'nothing was mapped');
    orders += 1;
  }
  const { user, system } = process.cpuUsage(started);
  const seconds = (user + system) / 1e6;
  const most = process.resourceUsage().maxRSS / 1024;
  console.log(
    `${name}: ${megabytes} MB, ${orders} orders of ${LINES} lines: ${seconds.toFixed(0)} s of CPU (${(megabytes / seconds).toFixed(0)} MB/s), at most ${most.toFixed(0)} MB of memory`,
  );
}

const megabytes = Number(process.argv[2] ?? 500);
const only = process.argv[3];
if (only !== undefined) await read(only, megabytes);
else for (const name of Object.keys(cases)) await new Promise((resolve) => fork(import.meta.filename, [String(megabytes), name]).once('exit', resolve));
