import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { readEnvironment } from '../../src/config/environment.ts';
import { loadConfig } from '../../src/config/load.ts';
import type { Problem } from '../../src/config/types.ts';

/** File contents by path from the root of a configuration; `undefined` leaves out a file that `baseFiles` has. */
export type Files = Readonly<Record<string, string | undefined>>;

/** A small configuration without errors. */
export const baseFiles = {
  'config/gateway.yaml': `company:
  name: Harbor Lane Trading
  identity: ZZ/HARBORLANE
  address: { name: Harbor Lane Trading }
  timezone: America/New_York
database: { type: sqlite, file: ../var/wharf.db }
`,
  'partners/acme.yaml': `id: acme
name: Acme Stores
role: customer
identities: [{ theirs: ZZ/ACME }]
channels:
  in: { type: folder, directory: ../var/acme/in }
  out: { type: folder, directory: ../var/acme/out }
inbound: [{ mapping: x12/850 }]
outbound: [{ mapping: x12/855, file: "855_{control}.edi" }]
`,
  'mappings/x12/850.yaml': `direction: in
document: order
source: { format: x12, set: "850" }
map: { poNumber: BEG03 }
`,
  'mappings/x12/855.yaml': `direction: out
document: order-response
target: { format: x12, set: "855" }
map: { BAK: { BAK03: poNumber } }
`,
} as const;

/** Writes the base files with the given ones over them to a folder of its own, which goes away with the test. Returns the folder. */
export async function configFolder(files: Files = {}): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'wharf-config-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFiles(folder, { ...baseFiles, ...files });
  return folder;
}

/** Writes files below a folder; secrets get mode 600. */
export async function writeFiles(folder: string, files: Files): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    if (content === undefined) continue;
    const file = join(folder, name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
    if (name.includes('/secrets/')) await chmod(file, 0o600);
  }
}

/** Loads the configuration of a folder, in an environment that holds only the given variables. */
export function loadFolder(folder: string, variables: Readonly<Record<string, string>> = {}) {
  return loadConfig(join(folder, 'config/gateway.yaml'), readEnvironment(variables));
}

/** What is wrong with these files, each problem as `file:line:column CODE message`, with files named from the folder. */
export async function problemsOf(files: Files, variables: Readonly<Record<string, string>> = {}): Promise<readonly string[]> {
  const folder = await configFolder(files);
  const loaded = await loadFolder(folder, variables);
  return (loaded.config ? loaded.warnings : loaded.problems).map((each) => showProblem(each, folder));
}

export function showProblem({ place, code, message }: Problem, folder: string): string {
  const where = [place.file, place.line, place.column].filter((part) => part !== undefined).join(':');
  return `${where} ${code} ${message}`.replaceAll(`${folder}/`, '');
}
