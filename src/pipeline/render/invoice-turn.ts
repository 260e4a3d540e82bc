import type { Invoice } from '../../canonical/invoice.ts';
import type { NoticeState } from '../../store/conversation.ts';
import { noticesOf, shipmentOfInvoice } from '../../store/conversation.ts';
import type { PendingDocument } from '../../store/rendering.ts';
import { acknowledgmentDue } from '../deliver/acknowledgment-due.ts';
import type { Work } from '../work.ts';
import { partnerOf } from '../work.ts';

/** A shipment is not billed before its notice is there: what the invoice still waits for, in words; undefined when its turn has come. */
export async function waitsForNotice(work: Work, document: PendingDocument): Promise<string | undefined> {
  const invoiceId = /^invoice:(\d+):/.exec(document.uniqueKey)?.[1];
  if (invoiceId === undefined || document.orderId === undefined || document.waivedBy !== undefined) return undefined;
  const notices = await noticesOf(work.tx, document.orderId, document.partner);
  const one = (document.canonical as Invoice).shipmentId === undefined ? undefined : await shipmentOfInvoice(work.tx, Number(invoiceId));
  const open = notices.filter((notice) => (one === undefined || notice.shipmentId === one) && !isThere(work, notice));
  return open.length === 0 ? undefined : `waits for ${open.map(({ id, status }) => `the ship notice outbox:${id}, which is ${status}`).join(', ')}`;
}

function isThere({ config, now }: Work, notice: NoticeState): boolean {
  if (['pending', 'working', 'parked', 'rejected'].includes(notice.status)) return false;
  if (['acknowledged', 'done'].includes(notice.status)) return true;
  if (partnerOf(config, notice.partner).invoice.after === 'notice-sent') return true;
  return acknowledgmentDue(config, notice, now) === undefined;
}
