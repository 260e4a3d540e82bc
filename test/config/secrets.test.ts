import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { reloadConfig } from '../../src/config/reload.ts';
import { readEnvironment, secretVariable } from '../../src/config/environment.ts';
import { makeSecret, provide, reveal } from '../../src/config/secret.ts';
import type { Config } from '../../src/config/types.ts';
import { baseFiles, configFolder, loadFolder, problemsOf, showProblem, writeFiles } from '../support/config-folder.ts';
import type { Files } from '../support/config-folder.ts';

const gateway = baseFiles['config/gateway.yaml'].replace(
  /database: .*/,
  'database: { type: mssql, server: s, database: d, login: { type: sql, user: u, password: { secret: db-main } } }',
);
const files: Files = { 'config/gateway.yaml': gateway };
const passwordOf = (config: Config): string =>
  config.database.type === 'mssql' && config.database.login.type === 'sql' ? reveal(config.database.login.password) : '';

async function load(extra: Files, variables: Readonly<Record<string, string>> = {}) {
  const folder = await configFolder({ ...files, ...extra });
  const loaded = await loadFolder(folder, variables);
  if (!loaded.config) throw new Error(loaded.problems.map((each) => showProblem(each, folder)).join('\n'));
  return { config: loaded.config, folder };
}

test('nothing that prints, copies or serialises a secret shows its value', () => {
  const secret = makeSecret('db');
  provide(secret, 'hunter2');
  const holder = { user: 'u', password: secret };
  const shown = [
    String(secret),
    JSON.stringify(holder),
    inspect(holder, { depth: 9, showHidden: true }),
    JSON.stringify({ ...secret }),
    inspect(structuredClone({ ...secret })),
  ];
  expect(shown.join(' ')).not.toContain('hunter2');
  expect(JSON.stringify(holder)).toBe('{"user":"u","password":"[secret]"}');
  expect(inspect(holder)).toBe("{ user: 'u', password: [secret] }");
  expect(reveal(secret)).toBe('hunter2');
});

test('a secret comes from its file, without the line break at its end, before the environment', async () => {
  const { config } = await load({ 'config/secrets/db-main': 'from file\n' }, { WHARF_SECRET_DB_MAIN: 'from environment' });
  expect(passwordOf(config)).toBe('from file');
  expect(inspect(config, { depth: 20, showHidden: true })).not.toContain('from file');
});

test('a secret comes from the folder that WHARF_SECRETS names, or from its variable', async () => {
  const folder = await configFolder({ ...files, 'run/secrets/db-main': 'mounted' });
  const mounted = await loadFolder(folder, { WHARF_SECRETS: join(folder, 'run/secrets') });
  expect(mounted.config && passwordOf(mounted.config)).toBe('mounted');
  expect(passwordOf((await load({}, { WHARF_SECRET_DB_MAIN: 'variable' })).config)).toBe('variable');
  expect(secretVariable('db-main')).toBe('WHARF_SECRET_DB_MAIN');
});

test('a secret that is nowhere is an error where it is named', async () => {
  expect(await problemsOf(files)).toEqual(['config/gateway.yaml:6:79 SECRET_MISSING the secret db-main is not there']);
});

test('fault/I9 a secret file that others may read is refused, unless that is allowed', async () => {
  const folder = await configFolder({ ...files, 'config/secrets/db-main': 'x' });
  await chmod(join(folder, 'config/secrets/db-main'), 0o644);
  const refused = await loadFolder(folder);
  expect(refused.config ? [] : refused.problems.map((each) => showProblem(each, folder))).toEqual([
    'config/gateway.yaml:6:79 SECRET_EXPOSED the file of the secret db-main may be read by others (mode 0644)',
  ]);
  const allowed = await loadFolder(folder, { WHARF_SECRETS_ANY_MODE: '1' });
  expect(allowed.config && passwordOf(allowed.config)).toBe('x');
});

test('the name of a secret cannot lead out of its folder', async () => {
  expect((await problemsOf({ 'config/gateway.yaml': gateway.replace('db-main', '../../etc/passwd') }))[0]).toContain(
    'CONFIG_VALUE database.login.password.secret:',
  );
});

test('fault/I3 loading again takes up a valid change, keeps the old configuration when the new one has errors, and sees changed secrets', async () => {
  const { config, folder } = await load({ 'config/secrets/db-main': 'one' });
  const environment = readEnvironment({});
  expect(await reloadConfig(config, environment)).toEqual({ outcome: 'unchanged', config });

  await writeFiles(folder, { 'partners/acme.yaml': baseFiles['partners/acme.yaml'].replace('Acme Stores', 'Acme') });
  const changed = await reloadConfig(config, environment);
  expect(changed.outcome).toBe('changed');
  expect(changed.config.partners.get('acme')?.name).toBe('Acme');

  await writeFiles(folder, { 'partners/acme.yaml': `${baseFiles['partners/acme.yaml']}nothing: here\n` });
  const refused = await reloadConfig(changed.config, environment);
  expect(refused).toMatchObject({ outcome: 'refused', problems: [{ code: 'CONFIG_KEY_UNKNOWN', place: { line: 10, column: 1 } }] });
  expect(refused.config).toBe(changed.config);

  await writeFiles(folder, { 'partners/acme.yaml': baseFiles['partners/acme.yaml'].replace('Acme Stores', 'Acme'), 'config/secrets/db-main': 'two' });
  const rotated = await reloadConfig(changed.config, environment);
  expect([rotated.outcome, passwordOf(rotated.config)]).toEqual(['changed', 'two']);
});
