import { inspect } from 'node:util';

/** A password, passphrase or key. Its value is no property of it: whatever prints, copies or serialises it gives `[secret]`. */
export type Secret = {
  readonly secret: string;
  readonly toString: () => string;
  readonly toJSON: () => string;
};

const HIDDEN = '[secret]';
const values = new WeakMap<Secret, string>();
const hide = (): string => HIDDEN;

/** A secret by its name; it has no value until `provide` gives it one. */
export function makeSecret(name: string): Secret {
  const secret = Object.defineProperties({} as Secret, {
    secret: { value: name },
    toString: { value: hide },
    toJSON: { value: hide },
    [inspect.custom]: { value: hide },
  });
  values.set(secret, '');
  return Object.freeze(secret);
}

/** Gives a secret its value. */
export function provide(secret: Secret, value: string): void {
  values.set(secret, value);
}

/** The value of a secret: the only way to it. Call it where the value is used, and keep the result nowhere. */
export function reveal(secret: Secret): string {
  return values.get(secret) ?? '';
}

/** Whether a value of the configuration is a secret. */
export function isSecret(value: unknown): value is Secret {
  return typeof value === 'object' && value !== null && values.has(value as Secret);
}
