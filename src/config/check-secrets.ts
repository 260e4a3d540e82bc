import { leaves } from './plain.ts';
import type { Sources } from './sources.ts';
import type { Problem } from './types.ts';
import { showPath } from './validate.ts';
import { problem } from './yaml.ts';
import type { YamlFile } from './yaml.ts';

const REMEDY = 'Write { secret: name } and keep the value in secrets/name; change the secret, since whoever could read the file has seen it';

/** Private keys, and passwords inside addresses, that stand in a file as they are. */
export function checkClearSecrets(sources: Sources): readonly Problem[] {
  const files = [sources.gateway, ...sources.partners.values(), ...sources.templates.values()];
  return files.flatMap((yaml) => [...exposed(yaml)]);
}

function* exposed(yaml: YamlFile): Generator<Problem> {
  for (const { value, path } of leaves(yaml.content)) {
    const what = typeof value === 'string' ? kindOf(value) : undefined;
    if (what) yield problem(yaml.locate(path), 'SECRET_EXPOSED', `${showPath(path)} holds ${what}`, { remedy: REMEDY });
  }
}

function kindOf(value: string): string | undefined {
  if (/-----BEGIN [A-Z ]{0,30}PRIVATE KEY/.test(value)) return 'a private key';
  if (/^[a-z][a-z0-9+.-]{0,20}:\/\/[^/\s:@]{1,100}:[^/\s@]{1,100}@/i.test(value)) return 'a password inside an address';
  return undefined;
}
