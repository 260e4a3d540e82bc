import { readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { secretVariable } from './environment.ts';
import type { Environment } from './environment.ts';
import { locateInLayers } from './layers.ts';
import type { Layers } from './layers.ts';
import { codeOf, isObject } from './plain.ts';
import { isSecret, provide, reveal } from './secret.ts';
import type { Secret } from './secret.ts';
import type { Problem } from './types.ts';
import { problem, showFile } from './yaml.ts';
import type { Path } from './yaml.ts';

/** Part of the configuration that may hold secrets, and where it was written. */
export type Holder = { readonly value: unknown; readonly layers: Layers };

/** Gives every secret its value: from a file of the secrets folder, otherwise from the environment. What is not there is a problem where it is named. */
export async function provideSecrets(holders: readonly Holder[], gatewayFile: string, environment: Environment): Promise<readonly Problem[]> {
  const directory = environment.secretsDirectory ?? join(dirname(gatewayFile), 'secrets');
  const uses = holders.flatMap(({ value, layers }) => [...findSecrets(value)].map((use) => ({ ...use, layers })));
  const problems = await Promise.all(
    uses.map(async ({ secret, path, layers }) => {
      const found = await lookUp(secret.secret, directory, environment);
      if (found.value !== undefined) provide(secret, found.value);
      return found.fault && problem(locateInLayers(layers, path), found.fault.code, found.fault.message, { remedy: found.fault.remedy });
    }),
  );
  return problems.filter((each) => each !== undefined);
}

/** The mode of the folder that secrets lie in; undefined when there is none. */
export async function secretsFolderMode(gatewayFile: string, environment: Environment): Promise<number | undefined> {
  const directory = environment.secretsDirectory ?? join(dirname(gatewayFile), 'secrets');
  return stat(directory).then(
    ({ mode }) => mode,
    () => undefined,
  );
}

type Fault = { readonly code: 'SECRET_MISSING' | 'SECRET_EXPOSED'; readonly message: string; readonly remedy: string };
type Found = { readonly value?: string; readonly fault?: Fault };

async function lookUp(name: string, directory: string, environment: Environment): Promise<Found> {
  const file = join(directory, name);
  try {
    const { mode } = await stat(file);
    if ((mode & 0o077) !== 0 && !environment.anySecretMode) return { fault: exposed(name, file, mode) };
    return { value: (await readFile(file, 'utf8')).replace(/\r?\n$/, '') };
  } catch (error) {
    const value = environment.secret(name);
    if (value !== undefined && codeOf(error) === 'ENOENT') return { value };
    return { fault: missing(name, file, error) };
  }
}

function exposed(name: string, file: string, mode: number): Fault {
  return {
    code: 'SECRET_EXPOSED',
    message: `the file of the secret ${name} may be read by others (mode ${(mode & 0o777).toString(8).padStart(4, '0')})`,
    remedy: `chmod 600 ${showFile(file)}; where a container platform mounts it so, set WHARF_SECRETS_ANY_MODE=1`,
  };
}

function missing(name: string, file: string, error: unknown): Fault {
  const code = codeOf(error);
  const why = code === 'ENOENT' ? 'is not there' : `cannot be read (${code ?? String(error)})`;
  return {
    code: 'SECRET_MISSING',
    message: `the secret ${name} ${why}`,
    remedy: `Write it to ${showFile(file)} with mode 600, or set the environment variable ${secretVariable(name)}`,
  };
}

/** Whether every secret in a part of the configuration still has the value that it was given. */
export async function secretsStand(value: unknown, gatewayFile: string, environment: Environment): Promise<boolean> {
  const directory = environment.secretsDirectory ?? join(dirname(gatewayFile), 'secrets');
  const given = [...findSecrets(value)].map(async ({ secret }) => (await lookUp(secret.secret, directory, environment)).value === reveal(secret));
  return (await Promise.all(given)).every(Boolean);
}

function* findSecrets(value: unknown, path: Path = []): Generator<{ readonly secret: Secret; readonly path: Path }> {
  if (isSecret(value)) yield { secret: value, path };
  else if (value instanceof Map) for (const [key, member] of value) yield* findSecrets(member, [...path, String(key)]);
  else if (Array.isArray(value)) for (const [index, item] of value.entries()) yield* findSecrets(item, [...path, index]);
  else if (isObject(value)) for (const [key, member] of Object.entries(value)) yield* findSecrets(member, [...path, key]);
}
