import { yamlText } from './yaml-text.ts';

/** One value that documents of a sample have: what it is told apart by, how a mapping writes it, the name it goes by, and what it held first. */
export type Leaf = { readonly id: string; readonly path: string; readonly name: string; readonly value: string };

/** A sample's values: those of the order, and those of each of its lines. `each` is the path to a line. */
export type Leaves = { readonly head: readonly Leaf[]; readonly lines: readonly Leaf[]; readonly each: string };

/** What names are usual for a value of an order, and the rule that reads it. The first that fits a name takes it. */
type Guess = { readonly target: string; readonly names: RegExp; readonly rule: (path: string, value: string) => string };

const plain = (path: string): string => path;
const trimmed = (path: string): string => `{ from: ${path}, trim: true, required: true }`;
const dated = (path: string, value: string): string => `{ from: ${path}, date: ${dateFormat(value)} }`;
const decimal = (path: string, value: string): string => `{ from: ${path}, decimal: ${/,\d{1,4}$/.test(value) ? '{ point: ",", group: "." }' : 'true'} }`;

const orderGuesses: readonly Guess[] = [
  { target: 'poNumber', names: /^(po|order|purchase_order|customer_order)(_(no|nr|num|number|id|ref))?$|^number$/, rule: trimmed },
  {
    target: 'orderDate',
    names: /^((po|order|purchase_order|issue)_)?date$|^ordered_on$/,
    rule: (path, value) => dated(path, value).replace(' }', ', required: true }'),
  },
  { target: 'shipNotBefore', names: /not_before|earliest|ship_from/, rule: dated },
  { target: 'shipNoLater', names: /ship_by|not_later|latest|ship_date/, rule: dated },
  { target: 'cancelAfter', names: /cancel/, rule: dated },
  { target: 'deliverBy', names: /deliver(y)?_(by|date)|due|need|required|wanted/, rule: dated },
  { target: 'currency', names: /^currency(_code)?$/, rule: plain },
  { target: 'department', names: /^dep(artmen)?t(_no)?$/, rule: plain },
  { target: 'vendorNumber', names: /^(vendor|supplier)(_(no|number|id|code))?$/, rule: plain },
];

const TO = '(ship(_to)?|deliver[a-z]*(_to)?|destination|store)';

const shipToGuesses: readonly Guess[] = [
  { target: 'code', names: new RegExp(`^${TO}(_(id|no|number|code|store|location|gln))*$`), rule: plain },
  { target: 'name', names: new RegExp(`^${TO}(_.*)?_name$`), rule: plain },
  { target: 'address2', names: /(address|street|line)_?2$/, rule: plain },
  { target: 'address', names: /(address|street|line)_?1?$/, rule: plain },
  { target: 'city', names: /(city|town)$/, rule: plain },
  { target: 'state', names: /(state|province|region)$/, rule: plain },
  { target: 'postalCode', names: /(zip|postal|postcode|zip_code|postal_code)$/, rule: plain },
  { target: 'country', names: /country(_code)?$/, rule: plain },
];
/** Places of others, and the line number, which ends like an address. */
const ELSEWHERE = /^(bill|invoice|sold|buyer|payer|from)_|^(order_)?line$/;

const lineGuesses: readonly Guess[] = [
  { target: 'lineRef', names: /^(line|pos|position)(_(no|nr|num|number|id))?$|^no$/, rule: plain },
  { target: 'UP', names: /upc|ean|gtin|barcode|bar_code/, rule: plain },
  { target: 'BP', names: /^(sku|item|product|article|part|style|code)(_(no|nr|num|number|id|code|sku))?$/, rule: plain },
  {
    target: 'quantity',
    names: /^(order(ed)?_)?(qty|quantity|units|count|amount)(_ordered)?$/,
    rule: (path) => `{ from: ${path}, decimal: true, required: true }`,
  },
  { target: 'unit', names: /^(uom|unit|unit_of_measure)$/, rule: (path) => `{ from: ${path}, upper: true, default: EA }` },
  { target: 'price', names: /price|cost/, rule: decimal },
  { target: 'description', names: /desc|^(item|product|article|style)_name$|^(title|name)$/, rule: plain },
  { target: 'requestedShip', names: /ship_by|ship_date/, rule: dated },
];

export type GuessedOrder = {
  /** The lines under `map:` of a mapping. */
  readonly map: readonly string[];
  /** Values whose names told nothing. */
  readonly lost: readonly Leaf[];
  /** What an order needs and nothing was found for. */
  readonly missing: readonly string[];
};

/** A mapping to an order as far as the names of a sample tell. */
export function guessOrder({ head, lines, each }: Leaves): GuessedOrder {
  const taken = new Set<string>();
  const free = (leaves: readonly Leaf[]): readonly Leaf[] => leaves.filter(({ id }) => !taken.has(id));
  const find = (leaves: readonly Leaf[], guesses: readonly Guess[]): ReadonlyMap<string, Found> => {
    const found = take(free(leaves), guesses);
    for (const { leaf } of found.values()) taken.add(leaf.id);
    return found;
  };
  const order = find(head, orderGuesses);
  const place = find(
    head.filter(({ name }) => !ELSEWHERE.test(name)),
    shipToGuesses,
  );
  const line = find(lines, lineGuesses);
  const ids = ['BP', 'UP'].flatMap((qualifier) => {
    const found = line.get(qualifier);
    return found ? [`        - { qualifier: { const: ${qualifier} }, value: ${found.rule} }`] : [];
  });
  const map = [
    ...members(order, '  '),
    ...(place.size > 0 ? ['  shipTo:', ...members(place, '    ')] : []),
    '  lines:',
    `    each: ${yamlPath(each)}`,
    '    map:',
    ...(line.has('lineRef') ? [] : ['      lineRef: $position']),
    ...members(line, '      '),
    ...(line.has('unit') ? [] : ['      unit: { const: EA }']),
    ...(ids.length > 0 ? ['      ids:', ...ids] : []),
  ];
  const missing = [
    ...['poNumber', 'orderDate'].filter((name) => !order.has(name)),
    ...(line.has('quantity') ? [] : ['lines[].quantity']),
    ...(ids.length > 0 ? [] : ['lines[].ids']),
  ];
  return { map, missing, lost: [...new Map(free([...head, ...lines]).map((leaf) => [leaf.id, leaf])).values()] };
}

function members(found: ReadonlyMap<string, Found>, indent: string): readonly string[] {
  return [...found].filter(([target]) => /^[a-z]/.test(target)).map(([target, { rule }]) => `${indent}${target}: ${rule}`);
}

type Found = { readonly leaf: Leaf; readonly rule: string };

function take(leaves: readonly Leaf[], guesses: readonly Guess[]): ReadonlyMap<string, Found> {
  const free = [...leaves];
  const found = new Map<string, Found>();
  for (const { target, names, rule } of guesses) {
    const at = free.findIndex(({ name }) => names.test(name));
    if (at < 0) continue;
    const [leaf] = free.splice(at, 1);
    found.set(target, { leaf: leaf!, rule: rule(yamlPath(leaf!.path), leaf!.value) });
  }
  return found;
}

/** `OrderNo`, `@order-no` and `Order No` are all `order_no`. */
export function wordsOf(name: string): string {
  return name
    .replace(/^@/, '')
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .replace(/^_|_$/g, '')
    .toLowerCase();
}

/** A path as YAML takes it in a flow map. */
export function yamlPath(path: string): string {
  return /^[A-Za-z][A-Za-z0-9_/.-]*$/.test(path) ? path : yamlText(path);
}

function dateFormat(value: string): string {
  const shapes: readonly (readonly [RegExp, string])[] = [
    [/^\d{4}-\d\d-\d\d(T.*)?$/, 'iso'],
    [/^\d{8}$/, 'yyyyMMdd'],
    [/^\d{1,2}\/\d{1,2}\/\d{4}$/, 'M/d/yyyy'],
    [/^\d{1,2}\.\d{1,2}\.\d{4}$/, 'd.M.yyyy'],
    [/^\d{4}\/\d{1,2}\/\d{1,2}$/, 'yyyy/M/d'],
  ];
  return shapes.find(([shape]) => shape.test(value))?.[1] ?? 'iso';
}
