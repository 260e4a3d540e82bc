/** X12 files as partners of the sample company send them, made of segments. */

const senders = { acme: ['ACME', 'ACMESTORES'], northwind: ['NORTHWIND', 'NORTHWIND'], pinecrest: ['PINECREST', 'PINECREST'] } as const;
const groups: Readonly<Record<string, string>> = { '850': 'PO', '860': 'PC', '945': 'SW', '944': 'RE', '947': 'AW', '846': 'IB', '855': 'PR' };
export type Sender = keyof typeof senders;

let control = 700;

/** One interchange with one set. */
export function interchange(sender: Sender, set: string, segments: readonly string[]): string {
  const [isa, gs] = senders[sender];
  const number = String((control += 1));
  return [
    `ISA*00*          *00*          *ZZ*${isa.padEnd(15)}*ZZ*HARBORLANE     *260302*0915*U*00401*${number.padStart(9, '0')}*0*P*>`,
    `GS*${groups[set]!}*${gs}*HARBORLANE*20260302*0915*${number}*X*004010`,
    `ST*${set}*0001`,
    ...segments,
    `SE*${segments.length + 2}*0001`,
    `GE*1*${number}`,
    `IEA*1*${number.padStart(9, '0')}`,
    '',
  ].join('~\n');
}

export type OrderLineText = { readonly quantity: number; readonly item: string; readonly price?: string };

/** An 850 of Acme to its distribution center. */
export function order(number: string, lines: readonly OrderLineText[], more: readonly string[] = [], purpose = '00'): string {
  return interchange('acme', '850', [
    `BEG*${purpose}*SA*${number}**20260302`,
    ...more,
    'N1*BY*Acme Stores*92*9000',
    'N1*ST*Acme Distribution Center 42*92*0042',
    ...lines.map(({ quantity, item, price }, index) => `PO1*${index + 1}*${quantity}*EA*${price ?? ''}**BP*${item}`),
    `CTT*${lines.length}`,
  ]);
}

/** An 860 of Acme. */
export function change(number: string, lines: readonly string[], { purpose = '04', sequence = '' } = {}): string {
  return interchange('acme', '860', [
    `BCH*${purpose}*SA*${number}**${sequence}*20260302*****20260302`,
    ...lines,
    ...(lines.length > 0 ? [`CTT*${lines.length}`] : []),
  ]);
}

/** A 945 of Northwind: what it shipped of each line of a piece of work, with a status. */
export function shipped(
  work: string,
  number: string,
  shipment: string,
  lines: readonly (readonly [line: string, sku: string, quantity: bigint, status?: string])[],
): string {
  return interchange('northwind', '945', [
    `W06*N*${work}*20260303*${shipment}**${number}`,
    'N1*ST*Acme Distribution Center 42*92*0042',
    `N9*BM*${shipment}`,
    'G62*11*20260303',
    'W27*M*RDWY*Roadway',
    ...lines.flatMap(([line, sku, quantity, status], index) => [`LX*${index + 1}`, `W12*${status ?? 'CC'}**${quantity}**EA**VN*${sku}`, `N9*LI*${line}`]),
    `W03*${lines.reduce((sum, [, , quantity]) => sum + quantity, 0n)}`,
  ]);
}

/** A 944, 947 or 846 of Northwind. */
export function received(reference: string, lines: readonly (readonly [sku: string, quantity: number])[]): string {
  return interchange('northwind', '944', [
    `W17*F*20260304*${reference}`,
    'N1*WH*Northwind Logistics*91*NW',
    ...lines.map(([sku, quantity]) => `W07*${quantity}*EA**VN*${sku}`),
    'W14*1',
  ]);
}

export function adjusted(reference: string, lines: readonly (readonly [sku: string, quantity: number, reason?: string])[]): string {
  return interchange('northwind', '947', [
    `W15*20260304*${reference}*${reference}`,
    'N1*WH*Northwind Logistics*91*NW',
    ...lines.map(([sku, quantity, reason]) => `W19*${reason ?? 'AA'}*${quantity}*EA**VN*${sku}`),
  ]);
}

export function counted(
  reference: string,
  time: string,
  lines: readonly (readonly [sku: string, quantity: number])[],
  scope: 'full' | 'partial' = 'full',
): string {
  return interchange('northwind', '846', [
    `BIA*${scope === 'full' ? '00' : '04'}*MB*${reference}*20260303*${time}`,
    'N1*WH*Northwind Logistics*91*NW',
    ...lines.flatMap(([sku, quantity], index) => [`LIN*${index + 1}*VN*${sku}`, `QTY*17*${quantity}*EA`]),
    `CTT*${lines.length}`,
  ]);
}
