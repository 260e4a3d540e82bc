import type { Environment } from './environment.ts';
import { hashOfSources, loadConfig } from './load.ts';
import { secretsStand } from './secrets.ts';
import { readSources } from './sources.ts';
import type { Config, Problem } from './types.ts';

/** What came of loading again: `unchanged` and `refused` keep the configuration that was. */
export type Reload =
  | { readonly outcome: 'changed'; readonly config: Config; readonly warnings: readonly Problem[] }
  | { readonly outcome: 'unchanged'; readonly config: Config }
  | { readonly outcome: 'refused'; readonly config: Config; readonly problems: readonly Problem[] };

/** Loads the configuration again from the same file. With any error the present one stays in force, untouched. */
export async function reloadConfig(present: Config, environment: Environment): Promise<Reload> {
  if (await stands(present, environment)) return { outcome: 'unchanged', config: present };
  const loaded = await loadConfig(present.file, environment);
  if (!loaded.config) return { outcome: 'refused', config: present, problems: loaded.problems };
  return { outcome: 'changed', config: loaded.config, warnings: loaded.warnings };
}

/** Whether nothing has changed. Asked at every hint, and at every start: what was compiled and checked already need not be for that. */
async function stands({ mappings: _compiled, ...settings }: Config, environment: Environment): Promise<boolean> {
  const sources = await readSources(settings.file);
  if (!sources.gateway || sources.problems.some(({ severity }) => severity === 'error')) return false;
  return hashOfSources(sources) === settings.hash && (await secretsStand(settings, settings.file, environment));
}
