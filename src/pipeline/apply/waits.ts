import { poKey } from '../../orders/identifiers.ts';

/** What a document that waits for an order names it by. */
export function orderKey(partner: string, poNumber: string): string {
  return `order:${partner}:${poKey(poNumber)}`;
}

/** What a document that waits for the answer to an earlier change names it by. */
export function changeKey(orderId: number): string {
  return `change:${orderId}`;
}

/** What a document that waits for warehouse work names it by. */
export function workKey(number: string): string {
  return `work:${number}`;
}

/** Until a document came to its end, for those of its order that came after it. */
export function documentKey(id: number): string {
  return `document:${id}`;
}
