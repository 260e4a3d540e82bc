/** By set, the element that says which business document it is: what a 999 names beside a fault. */
const businessIds: Readonly<Record<string, string>> = {
  180: 'BGN02',
  753: 'BGN02',
  754: 'BGN02',
  810: 'BIG02',
  812: 'BCD02',
  820: 'TRN02',
  824: 'BGN02',
  846: 'BIA03',
  850: 'BEG03',
  855: 'BAK03',
  856: 'BSN02',
  860: 'BCH03',
  865: 'BCA03',
  870: 'BSR03',
  940: 'W0502',
  943: 'W0602',
  944: 'W1703',
  945: 'W0602',
  947: 'W1502',
};

/** The segment and the element of a set that name its business document: `BEG03` of an 850. */
export function businessIdOf(set: string): { readonly name: string; readonly segment: string; readonly element: number } | undefined {
  const name = businessIds[set];
  return name === undefined ? undefined : { name, segment: name.slice(0, -2), element: Number(name.slice(-2)) };
}
