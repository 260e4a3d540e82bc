import { AsyncLocalStorage } from 'node:async_hooks';
import { WharfError } from '../errors.ts';

/** Refuses a transaction that is asked for inside another: it would wait for its own. */
export type Nesting = { readonly enter: <T>(work: () => Promise<T>) => Promise<T>; readonly refuse: () => void; readonly exit: <T>(work: () => T) => T };

/** Each database has its own: a transaction on one may ask for one on another. */
export function makeNesting(): Nesting {
  const inside = new AsyncLocalStorage<true>();
  return {
    enter: (work) => inside.run(true, work),
    refuse: () => {
      if (inside.getStore()) throw new WharfError('INTERNAL', 'a transaction was asked for inside a transaction: it would wait for itself');
    },
    exit: (work) => inside.exit(work),
  };
}

/** Runs `work` with a connection that is refused once it is over: a statement that was not awaited must not land in the next transaction. */
export async function whileOpen<C, T>(connection: C, work: (live: () => C) => Promise<T>): Promise<T> {
  let open = true;
  try {
    return await work(() => {
      if (!open) throw new WharfError('INTERNAL', 'a statement was run after its transaction had ended: something was not awaited');
      return connection;
    });
  } finally {
    open = false;
  }
}
