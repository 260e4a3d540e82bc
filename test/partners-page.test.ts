import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { home, stockedCompany, wharf, wharfJson, write } from './cli/support.ts';

/** The files that docs/partners.md shows, by the name after the language of the block. */
async function filesOfPage(): Promise<ReadonlyMap<string, string>> {
  const page = await readFile(join(home, 'docs', 'partners.md'), 'utf8');
  return new Map([...page.matchAll(/```\w+ (\S+)\n([^]*?)```/g)].map((match) => [match[1]!, match[2]!]));
}

test('docs/partners.md: done as it stands, the partner is there, check is green and the order translates', async () => {
  const files = await filesOfPage();
  const folder = await stockedCompany();
  const edi = await write(folder, 'dogwood.edi', files.get('dogwood.edi')!);
  const proposed = await wharf(folder, 'new', 'partner', 'dogwood', '--from', edi, '--write');
  expect(proposed.code, proposed.err).toBe(0);
  expect(proposed.out).toContain('#   DTM02 "20260320" (segment 5)');
  const partner = await readFile(join(folder, 'partners', 'dogwood.yaml'), 'utf8');
  for (const said of ['usage: test', 'extends: retailer', 'vendorNumber: "77120"', 'set: "850", segment: MSG, treat: warning', '# shipTos:'])
    expect(partner).toContain(said);

  await writeFile(join(folder, 'mappings', 'dogwood', '850.yaml'), files.get('mappings/dogwood/850.yaml')!);
  expect((await wharf(folder, 'check')).code).toBe(0);

  const tried = await wharfJson(folder, 'try', edi, '--date', '2026-03-02');
  expect(tried.code).toBe(0);
  expect(tried.data.documents).toMatchObject([{ partner: 'dogwood', mapping: 'dogwood/850', canonical: { poNumber: 'DW-88120', deliverBy: '2026-03-20' } }]);
  expect(tried.data.outgoing.map((each: { setId: string }) => each.setId)).toEqual(expect.arrayContaining(['997', '855', '940']));
  const why = await wharfJson(folder, 'try', edi, '--date', '2026-03-02', '--why', 'deliverBy');
  expect(why.data.documents[0].why).toMatchObject([{ value: '2026-03-20', source: 'segment 5: DTM*067*20260320' }]);

  const story = join(folder, 'samples', 'dogwood', 'first-order', 'in.edi');
  await mkdir(dirname(story), { recursive: true });
  await writeFile(story, files.get('dogwood.edi')!);
  expect((await wharf(folder, 'test', 'dogwood', '--update')).code).toBe(0);
  expect((await wharf(folder, 'test', 'dogwood')).out).toContain('1 sample, all as expected');
});
