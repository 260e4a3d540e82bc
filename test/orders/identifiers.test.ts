import { describe, expect, it } from 'vitest';
import {
  checkDigit,
  gtinForms,
  gtinOf,
  hasCheckDigit,
  isGln,
  isGtin,
  isSscc,
  itemOf,
  makeSscc,
  normaliseGtin,
  normaliseSscc,
  poKey,
} from '../../src/orders/identifiers.ts';

const valid = ['036000291452', '4006381333931', '10614141000415', '0614141000012', '106141412345678908', '96385074'];

describe('check digits', () => {
  it.each(valid)('takes %s and refuses every change of one digit', (code) => {
    expect(hasCheckDigit(code)).toBe(true);
    for (let at = 0; at < code.length; at++) {
      for (const digit of '0123456789') {
        if (digit !== code[at]) expect(hasCheckDigit(code.slice(0, at) + digit + code.slice(at + 1))).toBe(false);
      }
    }
  });

  it('knows the lengths', () => {
    expect(valid.map(isGtin)).toEqual([true, true, true, true, false, true]);
    expect(isGln('0614141000012')).toBe(true);
    expect(isGln('036000291452')).toBe(false);
    expect(isSscc('106141412345678908')).toBe(true);
    expect(isGtin('03600029145a')).toBe(false);
  });

  it('makes an SSCC of 18 digits', () => {
    expect(checkDigit('00614141123456789')).toBe('0');
    expect(makeSscc(0, '0614141', 123_456_789n)).toBe('006141411234567890');
    expect(makeSscc(1, '0614141', 5n)).toMatch(/^10614141000000005\d$/);
    expect(isSscc(makeSscc(9, '0614141000', 999_999n))).toBe(true);
    expect(() => makeSscc(0, '0614141', 10n ** 9n)).toThrow(RangeError);
    expect(() => makeSscc(10, '0614141', 1n)).toThrow(RangeError);
    expect(() => makeSscc(0, '06141', 1n)).toThrow(RangeError);
  });

  it('reads an SSCC with or without its application identifier', () => {
    expect(normaliseSscc('00106141412345678908')).toBe('106141412345678908');
    expect(normaliseSscc('(00)106141412345678908')).toBe('106141412345678908');
    expect(normaliseSscc('106141412345678908')).toBe('106141412345678908');
    expect(normaliseSscc('106141412345678907')).toBeUndefined();
  });
});

describe('items', () => {
  it('normalises a GTIN to 14 digits, also without its leading zeros', () => {
    expect(normaliseGtin('036000291452')).toBe('00036000291452');
    expect(normaliseGtin('36000291452')).toBe('00036000291452');
    expect(normaliseGtin(' 4006381333931 ')).toBe('04006381333931');
    expect(normaliseGtin('036000291453')).toBeUndefined();
    expect(normaliseGtin('000000000000')).toBeUndefined();
    expect(normaliseGtin('ABC')).toBeUndefined();
  });

  const lookup = {
    ofReference: (qualifier: string, value: string) => (qualifier === 'BP' && value === '77' ? 'MUG' : undefined),
    ofGtin: (gtin: string) => (gtin === '00036000291452' ? 'CUP' : undefined),
    isSku: (value: string) => value === 'CUP' || value === 'BOX',
  };

  it('asks the partner first, then the GTIN, then our SKU', () => {
    const bp = { qualifier: 'BP', value: '77' };
    const up = { qualifier: 'UP', value: '36000291452' };
    const vn = { qualifier: 'VN', value: 'BOX' };
    expect(itemOf([vn, up, bp], lookup)).toBe('MUG');
    expect(itemOf([vn, up], lookup)).toBe('CUP');
    expect(itemOf([vn], lookup)).toBe('BOX');
    expect(itemOf([{ qualifier: 'UI', value: '03600029145' }], lookup)).toBe('CUP');
    // Somebody else's number that happens to be one of ours is not ours.
    expect(itemOf([{ qualifier: 'BP', value: 'BOX' }], lookup)).toBeUndefined();
  });

  it('takes the UPC, the EAN and the GTIN-14 of an item for one', () => {
    const written = [
      { qualifier: 'UP', value: '036000291452' },
      { qualifier: 'EN', value: '0036000291452' },
      { qualifier: 'UK', value: '00036000291452' },
    ];
    expect(written.map(gtinOf)).toEqual(['00036000291452', '00036000291452', '00036000291452']);
    expect(gtinForms('00036000291452')).toEqual(['00036000291452', '0036000291452', '036000291452']);
    expect(gtinForms('10614141000415')).toEqual(['10614141000415']);
    expect(gtinForms('00000096385074')).toEqual(['00000096385074', '0000096385074', '000096385074', '96385074']);
  });

  it('compares order numbers without case or blanks, but with their zeros', () => {
    expect(poKey(' 00ab1 ')).toBe('00AB1');
  });
});
