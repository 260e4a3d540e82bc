/** One row an order, a shipment and a piece of unfilled demand, with all that `wharf metrics` counts. Instants are milliseconds since 1970, `_units` decimals. */
export const facts: readonly string[] = [
  `create view {order_facts} as
    select o.id, o.partner, o.po_number, o.lifecycle, o.received_at, o.answer_by, o.ship_by,
      (select min(x.sent_at) from {outbox} x where x.order_id = o.id and x.kind = 'order-response' and x.partner = o.partner) as answered_at,
      (select max(s.created_at) from {shipment} s where s.order_id = o.id) as shipped_at,
      (select max(s.shipped_date) from {shipment} s where s.order_id = o.id) as shipped_date,
      (select count(*) from {order_hold} h where h.order_id = o.id) as holds,
      (select count(*) from {activity} a where a.order_id = o.id and a.verb in ('replay', 'resend', 'discard')) as hands,
      (select count(*) from {outbox} x where x.order_id = o.id and x.status in ('parked', 'rejected')) as stopped,
      (select count(*) from {order_line} l where l.order_id = o.id) as line_count,
      (select count(*) from {order_line} l where l.order_id = o.id and l.shipped >= l.base - l.cancelled) as full_lines,
      (select coalesce(sum(l.base - l.cancelled), 0) from {order_line} l where l.order_id = o.id) as wanted,
      (select coalesce(sum(l.shipped), 0) from {order_line} l where l.order_id = o.id) as shipped,
      (select coalesce(sum(l.overshipped), 0) from {order_line} l where l.order_id = o.id) as overshipped,
      (select coalesce(sum(r.received), 0) from {return_line} r join {order_line} l on l.id = r.line_id where l.order_id = o.id) as returned
    from {sales_order} o`,

  `create view {shipment_facts} as
    select s.id, s.partner, s.created_at, h.notice_by, s.told_at, s.notices, s.quantity / 1000000.0 as shipped_units
    from {shipment_ledger} s join {shipment} h on h.id = s.id where s.quantity > 0`,

  `create view {unfilled_demand} as
    select l.partner, l.po_number, l.line_ref, l.sku, l.received_at, coalesce(l.reason, case when l.pending > 0 then 'UNDECIDED' else 'NO_STOCK' end) as reason,
      l.pending + l.backordered + l.rejected as unfilled, (l.pending + l.backordered + l.rejected) / 1000000.0 as unfilled_units
    from {line_ledger} l where l.pending + l.backordered + l.rejected > 0`,
];
