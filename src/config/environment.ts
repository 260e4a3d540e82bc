import type { FailOrder } from '../fail-point.ts';
import { readFailOrder } from '../fail-point.ts';

/** What the program takes from its environment. This file is the only one that reads it. */
export type Environment = {
  /** WHARF_CONFIG: the gateway file, where no option names one. */
  readonly configFile: string | undefined;
  /** WHARF_SECRETS: the folder of secret files; absent, `secrets/` beside the gateway file. */
  readonly secretsDirectory: string | undefined;
  /** WHARF_SECRETS_ANY_MODE=1: secret files may be readable by others, as container platforms mount them. */
  readonly anySecretMode: boolean;
  /** WHARF_FAIL_POINTS=point:action:visit,… has the daemon fail at places on purpose; `wharf torture` uses it. */
  readonly failPoints: readonly FailOrder[];
  /** WHARF_SECRET_<NAME>: the value of a secret; `acme-sftp` is WHARF_SECRET_ACME_SFTP. */
  readonly secret: (name: string) => string | undefined;
};

/** The environment of this process, or of the given variables. */
export function readEnvironment(variables: Readonly<Record<string, string | undefined>> = process.env): Environment {
  return {
    configFile: variables['WHARF_CONFIG'] || undefined,
    secretsDirectory: variables['WHARF_SECRETS'] || undefined,
    anySecretMode: variables['WHARF_SECRETS_ANY_MODE'] === '1',
    failPoints: (variables['WHARF_FAIL_POINTS'] ?? '').split(',').filter(Boolean).map(readFailOrder),
    secret: (name) => variables[secretVariable(name)],
  };
}

/** The environment variable that may hold a secret. */
export function secretVariable(name: string): string {
  return `WHARF_SECRET_${name.toUpperCase().replace(/[^A-Z0-9]/g, '_')}`;
}
