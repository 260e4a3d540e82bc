import type { Command } from './command.ts';

/** Every command, loaded when it is used. A name of two words is a command of a family: `stock import`. */
export const commands: Readonly<Record<string, () => Promise<Command>>> = {
  help: async () => (await import('./help.ts')).help,
  demo: async () => (await import('./demo.ts')).demo,
  run: async () => (await import('./run.ts')).run,
  status: async () => (await import('./status.ts')).status,
  balance: async () => (await import('./balance.ts')).balance,
  due: async () => (await import('./due.ts')).due,
  trace: async () => (await import('./trace.ts')).trace,
  replay: async () => (await import('./replay.ts')).replay,
  release: async () => (await import('./replay.ts')).release,
  reissue: async () => (await import('./replay.ts')).reissue,
  resend: async () => (await import('./replay.ts')).resend,
  resolve: async () => (await import('./resolve.ts')).resolve,
  discard: async () => (await import('./resolve.ts')).discard,
  try: async () => (await import('./try.ts')).tryCommand,
  inspect: async () => (await import('./inspect.ts')).inspect,
  anonymise: async () => (await import('./anonymise.ts')).anonymise,
  check: async () => (await import('./check.ts')).check,
  'new partner': async () => (await import('./new.ts')).newPartner,
  test: async () => (await import('./test.ts')).test,
  explain: async () => (await import('./explain.ts')).explain,
  schema: async () => (await import('./schema.ts')).schema,
  'items import': async () => (await import('./import.ts')).itemsImport,
  'stock import': async () => (await import('./import.ts')).stockImport,
  migrate: async () => (await import('./migrate.ts')).migrate,
};
