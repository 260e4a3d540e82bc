import { queues } from '../store/queue.ts';
import { allocate } from './allocate.ts';
import { apply } from './apply.ts';
import type { Step } from './context.ts';
import { makeDeliver } from './deliver.ts';
import { makeReceive } from './receive.ts';
import { render } from './render.ts';
import { atLeastEachMinute, sparing, whenDue, whenToDecide } from './sparing.ts';
import { makeTranslate } from './translate.ts';

/** The six steps of one daemon, in the order of a file's life. */
export function makeSteps(): readonly Step[] {
  return [
    makeReceive(),
    sparing(makeTranslate(), whenDue(queues.translate)),
    sparing(apply, whenDue(queues.apply)),
    sparing(allocate, whenToDecide),
    sparing(render, atLeastEachMinute(whenDue(queues.render))),
    sparing(makeDeliver(), whenDue(queues.deliver)),
  ];
}
