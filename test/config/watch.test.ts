import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { watchConfig } from '../../src/config/watch.ts';
import { configFolder } from '../support/config-folder.ts';

test('a file that is replaced is seen each time, and so is one in a folder that is new', async () => {
  const folder = await configFolder();
  let hints = 0;
  onTestFinished(await watchConfig(join(folder, 'config/gateway.yaml'), () => void hints++));
  const seen = async (change: () => Promise<unknown>): Promise<void> => {
    const before = hints;
    await change();
    await vi.waitFor(() => expect(hints).toBeGreaterThan(before), { timeout: 10_000, interval: 20 });
  };
  // As editors save, and deployments do: another file gets the name.
  const replace = async (name: string): Promise<void> => {
    await writeFile(join(folder, `${name}.new.txt`), 'id: acme\n');
    await rename(join(folder, `${name}.new.txt`), join(folder, name));
  };
  for (const name of ['partners/acme.yaml', 'partners/acme.yaml', 'mappings/x12/850.yaml', 'mappings/x12/850.yaml', 'config/gateway.yaml'])
    await seen(() => replace(name));
  await seen(() => mkdir(join(folder, 'mappings/acme')));
  await seen(() => replace('mappings/acme/850.yaml'));
});
