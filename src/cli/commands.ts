import type { Command } from './command.ts';

/** Every command, loaded when it is used. A name of two words is a command of a family: `stock import`. */
export const commands: Readonly<Record<string, () => Promise<Command>>> = {
  demo: async () => (await import('./demo.ts')).demo,
  help: async () => (await import('./help.ts')).help,
  run: async () => (await import('./run.ts')).run,
  status: async () => (await import('./status.ts')).status,
  trace: async () => (await import('./trace.ts')).trace,
  check: async () => (await import('./check.ts')).check,
  explain: async () => (await import('./explain.ts')).explain,
  schema: async () => (await import('./schema.ts')).schema,
  'items import': async () => (await import('./import.ts')).itemsImport,
  'stock import': async () => (await import('./import.ts')).stockImport,
  migrate: async () => (await import('./migrate.ts')).migrate,
};
