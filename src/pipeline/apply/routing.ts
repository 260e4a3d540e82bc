import type { RoutedLoad, RoutingInstructions } from '../../canonical/routing.ts';
import type { Partner } from '../../config/types.ts';
import { note } from '../../store/activity.ts';
import { WharfError } from '../../errors.ts';
import { readOrder, touchOrder } from '../../store/orders.ts';
import type { StoredRequest } from '../../store/routing-requests.ts';
import { answerRequest, requestsNamed } from '../../store/routing-requests.ts';
import { hashOf } from '../work.ts';
import type { Applied, Work } from '../work.ts';

/** Takes a buyer's word on who picks up what: what waited for it is released. Once a location was told another carrier, a person has to look. */
export async function applyRouting(work: Work, partner: Partner, documentId: number, { reference, loads }: RoutingInstructions): Promise<Applied> {
  const routed: { readonly load: RoutedLoad; readonly request: StoredRequest }[] = [];
  for (const load of loads) {
    const requests = await requestsNamed(work.tx, partner.id, { reference: load.request, poNumber: load.poNumber });
    if (requests.length === 0) {
      const named = load.request ?? load.poNumber ?? '(nothing)';
      return { status: 'parked', reason: 'ROUTING_UNKNOWN', detail: `${reference} routes ${named}, which ${partner.id} was not asked to route` };
    }
    routed.push(...requests.map((request) => ({ load, request })));
  }
  const news = routed.filter(({ load, request }) => request.answer === undefined || hashOf(request.answer) !== hashOf(load));
  const [first] = routed;
  if (news.length === 0) return { status: 'done', reason: 'DUPLICATE', detail: `${reference} says what was said before`, orderId: first!.request.orderId };
  const late = news.find(({ request }) => request.used);
  if (late) {
    const { reference: asked, location, orderId } = late.request;
    const detail = `${location} was told what ${partner.id} said before of ${asked}; now ${reference} says otherwise`;
    return { status: 'parked', reason: 'ROUTING_CONFLICT', detail, orderId };
  }
  for (const { load, request } of news) {
    await answerRequest(work.tx, request.id, load, { documentId, now: work.now });
    await wake(work, request.orderId);
    const by = [load.carrier.scac ?? load.carrier.name ?? 'a carrier', ...(load.loadId === undefined ? [] : [`load ${load.loadId}`])].join(', ');
    const text = `${partner.id} routes ${request.reference} by ${by}`;
    await note(work.tx, { at: work.now, verb: 'apply', partner: partner.id, documentId, orderId: request.orderId, text });
  }
  return { status: 'done', orderId: first!.request.orderId };
}

async function wake({ tx, now }: Work, orderId: number): Promise<void> {
  const order = (await readOrder(tx, orderId))!;
  if (!(await touchOrder(tx, order, { decideAt: now }))) throw new WharfError('DATABASE_CONFLICT', `order ${orderId} was changed at the same time`);
}
