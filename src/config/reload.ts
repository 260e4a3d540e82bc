import type { Environment } from './environment.ts';
import { loadConfig } from './load.ts';
import { sameSecrets } from './secrets.ts';
import type { Config, Problem } from './types.ts';

/** What came of loading again: `unchanged` and `refused` keep the configuration that was. */
export type Reload =
  | { readonly outcome: 'changed'; readonly config: Config; readonly warnings: readonly Problem[] }
  | { readonly outcome: 'unchanged'; readonly config: Config }
  | { readonly outcome: 'refused'; readonly config: Config; readonly problems: readonly Problem[] };

/** Loads the configuration again from the same file. With any error the present one stays in force, untouched. */
export async function reloadConfig(present: Config, environment: Environment): Promise<Reload> {
  const loaded = await loadConfig(present.file, environment);
  if (!loaded.config) return { outcome: 'refused', config: present, problems: loaded.problems };
  if (loaded.config.hash === present.hash && sameSecrets(loaded.config, present)) return { outcome: 'unchanged', config: present };
  return { outcome: 'changed', config: loaded.config, warnings: loaded.warnings };
}
