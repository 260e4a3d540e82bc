/** The data of the X12 benchmark: orders as a grocer sends them, about 3 KB each. */
import { closeSync, openSync, writeSync } from 'node:fs';

/** What a run found in a file; it says only what it counted. */
export type Answer = { readonly segments: number; readonly sets?: number; readonly quantity?: number };
export type Made = Required<Answer> & { readonly bytes: number };

/** Writes one interchange of 850s of 5 to 40 lines until it has the size asked for. */
export function makeFile(path: string, size: number): Made {
  const file = openSync(path, 'w');
  const made = { bytes: 0, segments: 0, sets: 0, quantity: 0 };
  const put = (list: readonly string[]): void => {
    made.segments += list.length;
    made.bytes += writeSync(file, `${list.join('~\n')}~\n`);
  };
  put(envelopeOf(0)[0]);
  while (made.bytes < size) {
    put(purchaseOrder(++made.sets));
    made.quantity += quantityIn(made.sets);
  }
  put(envelopeOf(made.sets)[1]);
  closeSync(file);
  return made;
}

/** ISA and GS, GE and IEA. */
export function envelopeOf(sets: number): readonly [head: readonly string[], tail: readonly string[]] {
  const isa = 'ISA*00*          *00*          *ZZ*BENCHSENDER    *ZZ*BENCHRECEIVER  *260101*1200*U*00401*000000001*0*T*>';
  return [
    [isa, 'GS*PO*BENCHSENDER*BENCHRECEIVER*20260101*1200*1*X*004010'],
    [`GE*${sets}*1`, 'IEA*1*000000001'],
  ];
}

function linesOf(number: number): number {
  return 5 + ((number * 7) % 36);
}

/** The sum of PO102 of an order. */
export function quantityIn(number: number): number {
  const lines = linesOf(number);
  return 6 * lines * (lines + 1);
}

/** The segments of one 850; its number sets how many lines it has. */
export function purchaseOrder(number: number): string[] {
  const lines = linesOf(number);
  const control = String(number).padStart(9, '0');
  const list = [
    `ST*850*${control}`,
    `BEG*00*SA*PO${control}**20260101`,
    'REF*DP*0042',
    'DTM*010*20260110',
    'DTM*001*20260120',
    'N1*ST*STORE 0149*92*0149',
    'N3*1 MAIN STREET',
    'N4*DENVER*CO*80202*US',
    'N1*BT*ACME GROCERS INCORPORATED*92*0001',
    'N3*1200 WAREHOUSE DISTRICT BOULEVARD*SUITE 400',
    'N4*MINNEAPOLIS*MN*55401*US',
    'FOB*CC*OR*DENVER DISTRIBUTION CENTER',
    'TD5**2*RDWY*M*YRC FREIGHT STANDARD',
  ];
  for (let line = 1; line <= lines; line++) {
    list.push(`PO1*${line}*${line * 12}*EA*${line}.25**UP*${String(614141000000 + line)}*VN*SKU-${line}`, 'PID*F****TRAIL MIX 12 OZ RESEALABLE BAG ASSORTED');
    if (line % 4 === 0) list.push('SDQ*EA*92*0149*4*0150*4*0151*4');
  }
  return [...list, `CTT*${lines}`, `SE*${list.length + 2}*${control}`];
}
