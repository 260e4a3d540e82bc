import type { Command } from './command.ts';

/** Every command, loaded when it is used. A name of two words is a command of a family: `stock import`. */
export const commands: Readonly<Record<string, () => Promise<Command>>> = {
  demo: async () => (await import('./demo.ts')).demo,
  help: async () => (await import('./help.ts')).help,
};
