import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { pack, unpack } from '../../src/packing/packing.ts';
import { makeZip, openZip } from '../../src/packing/zip.ts';
import { codeOf } from '../transports/conformance.ts';

const limits = { bytes: 20_000_000 };
const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const gzip = { compression: 'gzip', pgp: undefined } as const;
const zip = { compression: 'zip', pgp: undefined } as const;

/** Runs a script of Python, which knows archives of every kind, in a folder of its own; gives the file `a.zip` that it made. */
function madeBy(script: string): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'wharf-zip-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  execFileSync('python3', ['-W', 'ignore', '-c', `import zipfile, struct\nz = zipfile.ZipFile('a.zip', 'w', zipfile.ZIP_DEFLATED)\n${script}`], {
    cwd: folder,
  });
  return readFileSync(join(folder, 'a.zip'));
}

describe('gzip and zip', () => {
  it('give back what they were given', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 5000 }), async (bytes) => {
        for (const packing of [gzip, zip]) {
          const [file, ...others] = await unpack('a.edi.gz', await pack('a.edi.gz', bytes, packing), packing, limits);
          expect(others).toEqual([]);
          expect(Buffer.from(file!.bytes).equals(bytes)).toBe(true);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('name what is inside', async () => {
    expect((await unpack('a.csv.GZ', await pack('a.csv.gz', text('x'), gzip), gzip, limits))[0]!.name).toBe('a.csv');
    expect((await unpack('x.zip', await pack('a.csv.zip', text('x'), zip), zip, limits))[0]!.name).toBe('a.csv');
  });

  it('make archives that other programs read', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'wharf-zip-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    writeFileSync(join(folder, 'a.zip'), await makeZip('é.csv', text('a,b\n1,2\n')));
    expect(
      execFileSync('python3', ['-c', "import zipfile; z = zipfile.ZipFile('a.zip'); print(z.testzip(), z.namelist(), z.read('é.csv'))"], {
        cwd: folder,
        encoding: 'utf8',
      }),
    ).toBe("None ['é.csv'] b'a,b\\n1,2\\n'\n");
  });

  it('take every file of an archive, without its folders', async () => {
    const packed = madeBy(`z.writestr('in/', ''); z.writestr('in/one.edi', 'ISA'); z.writestr('two.edi', 'ISB', zipfile.ZIP_STORED); z.close()`);
    expect(await openZip('a.zip', packed, limits)).toMatchObject([{ name: 'one.edi' }, { name: 'two.edi' }]);
    const members = Buffer.concat([gzipSync('a'), gzipSync('b')]);
    expect(Buffer.from((await unpack('a.gz', members, gzip, limits))[0]!.bytes).toString()).toBe('ab');
  });

  it('fault/C19 are not taken when damaged, cut, encrypted, nested, or something else', async () => {
    const whole = await makeZip('a.csv', text('a,b\n'.repeat(500)));
    const refused = (bytes: Uint8Array, packing: typeof gzip | typeof zip): Promise<string> => codeOf(unpack('a', bytes, packing, limits));
    for (const bytes of [text(''), text('ISA*00'), whole.subarray(0, 40), whole.subarray(0, -3)]) {
      expect(await refused(bytes, zip)).toBe('PACKING_INVALID');
      expect(await refused(bytes, gzip)).toBe('PACKING_INVALID');
    }
    const packed = gzipSync('a,b\n'.repeat(500));
    for (const at of [12, packed.length - 6]) {
      const changed = Buffer.from(packed);
      changed[at]! ^= 0x55;
      expect(await refused(changed, gzip), `byte ${at}`).toBe('PACKING_INVALID');
    }
    const wrongSum = Buffer.from(whole);
    wrongSum.writeUInt32LE(1, wrongSum.indexOf('504b0102', 0, 'hex') + 16);
    expect(await refused(wrongSum, zip)).toBe('PACKING_INVALID');
    expect(await refused(await makeZip('b.zip', whole), zip)).toBe('PACKING_INVALID');
    expect(await refused(await makeZip('b.gz', packed), zip)).toBe('PACKING_INVALID');
    const encrypted = Buffer.from(whole);
    encrypted[encrypted.indexOf('504b0102', 0, 'hex') + 8]! |= 1;
    expect(await refused(encrypted, zip)).toBe('PACKING_INVALID');
    const link = madeBy(`i = zipfile.ZipInfo('passwd'); i.create_system = 3; i.external_attr = 0o120777 << 16; z.writestr(i, '/etc/passwd'); z.close()`);
    expect(await refused(link, zip)).toBe('PACKING_INVALID');
    expect(await refused(madeBy(`z.writestr('../../etc/passwd', 'x'); z.close()`), zip)).toBe('PACKING_INVALID');
    expect(await refused(madeBy('z.close()'), zip)).toBe('PACKING_INVALID');
  });

  it('fault/C19 are not unpacked beyond the limits', async () => {
    const refused = (bytes: Uint8Array, packing: typeof gzip | typeof zip): Promise<string> => codeOf(unpack('a', bytes, packing, limits));
    expect(await refused(gzipSync(Buffer.alloc(30_000_000)), gzip)).toBe('PACKING_LIMIT');
    expect(await refused(await makeZip('a', Buffer.alloc(30_000_000)), zip)).toBe('PACKING_LIMIT');
    // Within the limit, and far more than any business document packs to.
    expect(await refused(gzipSync(Buffer.alloc(15_000_000)), gzip)).toBe('PACKING_LIMIT');
    expect(await refused(madeBy(`[z.writestr(f'{n}.edi', 'x') for n in range(101)]; z.close()`), zip)).toBe('PACKING_LIMIT');
    const overlapping = madeBy(
      `import os; z.writestr('a', os.urandom(1000)); z.filelist += z.filelist * 50; z.NameToInfo = {}; z._didModify = True; z.close()`,
    );
    expect(await refused(overlapping, zip)).toBe('PACKING_INVALID');
    const lying = Buffer.from(await makeZip('a', Buffer.alloc(100_000)));
    lying.writeUInt32LE(10, lying.indexOf('504b0102', 0, 'hex') + 24);
    expect(await refused(lying, zip)).toBe('PACKING_INVALID');
  });
});
