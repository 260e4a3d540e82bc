import type { QualifiedId } from '../canonical/common.ts';

/** Identifiers of items, places and cartons after the GS1 General Specifications (modulo 10, weights 3 and 1 from the right). */

const DIGITS = /^\d+$/;
const GTIN_LENGTHS = new Set([8, 12, 13, 14]);
/** X12 element 235: UP UPC-A, EN EAN-13, UK GTIN-14, UA case code, UI UPC without its check digit, EM EAN-8. */
const GTIN_QUALIFIERS = new Set(['UP', 'EN', 'UK', 'UA', 'UI', 'EM']);
/** X12 element 235: our own numbers. */
const OWN_QUALIFIERS = new Set(['SK', 'VN', 'VP']);

/** The check digit that goes behind these digits. */
export function checkDigit(digits: string): string {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) sum += Number(digits[digits.length - 1 - i]) * (i % 2 === 0 ? 3 : 1);
  return String((10 - (sum % 10)) % 10);
}

/** Whether the last digit is the check digit of those before it. */
export function hasCheckDigit(code: string): boolean {
  return DIGITS.test(code) && code.length > 1 && checkDigit(code.slice(0, -1)) === code.at(-1);
}

/** A GTIN of 8, 12, 13 or 14 digits whose check digit is right. */
export function isGtin(code: string): boolean {
  return GTIN_LENGTHS.has(code.length) && hasCheckDigit(code);
}

/** A GLN: 13 digits with its check digit. */
export function isGln(code: string): boolean {
  return code.length === 13 && hasCheckDigit(code);
}

/** An SSCC: 18 digits with its check digit. */
export function isSscc(code: string): boolean {
  return code.length === 18 && hasCheckDigit(code);
}

/** An SSCC as partners write it: 18 digits, or 20 with the application identifier 00 before them. Undefined when it is none. */
export function normaliseSscc(code: string): string | undefined {
  const text = code.trim().replace(/^\(00\)/, '00');
  const bare = text.length === 20 && text.startsWith('00') ? text.slice(2) : text;
  return isSscc(bare) ? bare : undefined;
}

/** A GTIN as 14 digits, whatever its length and even when a spreadsheet dropped its leading zeros; undefined when its check digit is wrong. */
export function normaliseGtin(code: string): string | undefined {
  const text = code.trim();
  if (!DIGITS.test(text) || text.length > 14 || text.length < 7) return undefined;
  return hasCheckDigit(text) && !/^0+$/.test(text) ? text.padStart(14, '0') : undefined;
}

/**
 * The SSCC of a carton: extension digit, GS1 company prefix (7 to 10 digits) and serial number as 17 digits, and the check digit.
 * @throws RangeError when the serial number does not fit beside the prefix, or a part is no digit.
 */
export function makeSscc(extension: number, prefix: string, serial: bigint): string {
  const room = 16 - prefix.length;
  const digits = serial.toString();
  if (!Number.isInteger(extension) || extension < 0 || extension > 9) throw new RangeError(`SSCC extension is not a digit: ${extension}`);
  if (!/^\d{7,10}$/.test(prefix)) throw new RangeError(`GS1 prefix is not 7 to 10 digits: ${prefix}`);
  if (serial < 0n || digits.length > room) throw new RangeError(`SSCC serial number does not fit in ${room} digits: ${digits}`);
  const body = `${extension}${prefix}${digits.padStart(room, '0')}`;
  return body + checkDigit(body);
}

/** The GTIN that an identifier is, as 14 digits: the same for an EAN-13, the UPC of 12 digits and the GTIN-14 of one item. Undefined when it is none. */
export function gtinOf({ qualifier, value }: QualifiedId): string | undefined {
  if (!GTIN_QUALIFIERS.has(qualifier)) return undefined;
  return normaliseGtin(qualifier === 'UI' && /^\d{11}$/.test(value) ? value + checkDigit(value) : value);
}

/** The ways in which a GTIN of 14 digits may be written: with 14, and with 13, 12 or 8 where only zeros are left out. */
export function gtinForms(gtin: string): readonly string[] {
  return [14, 13, 12, 8].filter((length) => /^0*$/.test(gtin.slice(0, 14 - length))).map((length) => gtin.slice(14 - length));
}

/** Where items are found by identifier; each gives a SKU. */
export type ItemLookup = {
  /** A cross-reference, the partner's own or the common one, by qualifier and value as written. */
  readonly ofReference: (qualifier: string, value: string) => string | undefined;
  /** By GTIN of 14 digits. */
  readonly ofGtin: (gtin: string) => string | undefined;
  /** Whether this is a SKU of ours. */
  readonly isSku: (value: string) => boolean;
};

/** The item that identifiers name: by cross-reference first, then by GTIN however long it is written, then by our own SKU where it is called so. */
export function itemOf(ids: readonly QualifiedId[], lookup: ItemLookup): string | undefined {
  const first = (find: (id: QualifiedId) => string | undefined): string | undefined => {
    for (const id of ids) {
      const sku = find(id);
      if (sku !== undefined) return sku;
    }
    return undefined;
  };
  return (
    first(({ qualifier, value }) => lookup.ofReference(qualifier, value)) ??
    first((id) => {
      const gtin = gtinOf(id);
      return gtin === undefined ? undefined : lookup.ofGtin(gtin);
    }) ??
    first(({ qualifier, value }) => (OWN_QUALIFIERS.has(qualifier) && lookup.isSku(value) ? value : undefined))
  );
}

/** A purchase order number as it is compared: trimmed and in capitals. Zeros stay. */
export function poKey(poNumber: string): string {
  return poNumber.trim().toUpperCase();
}
