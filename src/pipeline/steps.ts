import { allocate } from './allocate.ts';
import { apply } from './apply.ts';
import type { Step } from './context.ts';
import { makeDeliver } from './deliver.ts';
import { makeReceive } from './receive.ts';
import { render } from './render.ts';
import { makeTranslate } from './translate.ts';

/** The six steps of one daemon, in the order of a file's life. */
export function makeSteps(): readonly Step[] {
  return [makeReceive(), makeTranslate(), apply, allocate, render, makeDeliver()];
}
