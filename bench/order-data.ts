/** Purchase orders of the sample customer for the benchmarks: 20 lines each of ten items, and stock that never ends. */

export const LINES = 20;
export const skus = ['HL-MUG-01', 'HL-MUG-02', 'HL-BWL-01', 'HL-PLT-01', 'HL-PLT-02', 'HL-GLS-01', 'HL-VAS-01', 'HL-CND-01', 'HL-TWL-01', 'HL-BRD-01'];
export const stockFile = `sku,location,on_hand\n${skus.flatMap((sku) => [`${sku},NW,90000000`, `${sku},HB,90000000`]).join('\n')}\n`;

/** One 850 with the purchase order number `PO` and `at`, for a day (`20260302`). */
export function transactionSet(at: number, control: number, day: string): string {
  const lines = Array.from({ length: LINES }, (_, index) => `PO1*${index + 1}*${1 + ((at + index) % 9)}*EA***VN*${skus[(at + index) % skus.length]!}~\n`);
  const head = `BEG*00*SA*PO${String(at).padStart(8, '0')}**${day}~\nREF*DP*0210~\nN1*ST*Acme Distribution Center 42*92*0042~\n`;
  return `ST*850*${String(control).padStart(4, '0')}~\n${head}${lines.join('')}CTT*${LINES}~\nSE*${LINES + 6}*${String(control).padStart(4, '0')}~\n`;
}

/** An interchange of these sets. */
export function interchange(control: number, sets: readonly string[], day: string): Buffer {
  const number = String(control).padStart(9, '0');
  const isa = `ISA*00*          *00*          *ZZ*ACME           *ZZ*HARBORLANE     *${day.slice(2)}*0915*U*00401*${number}*0*P*>~\n`;
  const group = `GS*PO*ACMESTORES*HARBORLANE*${day}*0915*${control}*X*004010~\n`;
  return Buffer.from(`${isa}${group}${sets.join('')}GE*${sets.length}*${control}~\nIEA*1*${number}~\n`);
}

/** One order in a file of its own. */
export function orderFile(at: number, day: string): Buffer {
  return interchange(at + 1, [transactionSet(at, 1, day)], day);
}
