/**
 * The views that people and their reporting tools read: stable names, quantities and money as decimals, instants as dates and times in UTC. Nothing in
 * the program reads them. docs/sql.md describes each column.
 */
export const plainSql: readonly string[] = [
  `create view {v_order} as
    select o.id as order_id, o.partner, o.po_number, o.release_number, o.lifecycle as state, <utc o.received_at> as received_at, <utc o.responded_at> as answered_at,
      (select count(*) from {order_line} l where l.order_id = o.id) as lines,
      (select <units sum(l.base)> from {order_line} l where l.order_id = o.id) as ordered,
      (select <units sum(l.pending + l.backordered + l.allocated + l.released)> from {order_line} l where l.order_id = o.id) as still_open,
      (select <units sum(l.backordered)> from {order_line} l where l.order_id = o.id) as backordered,
      (select <units sum(l.shipped)> from {order_line} l where l.order_id = o.id) as shipped,
      (select <units sum(l.cancelled)> from {order_line} l where l.order_id = o.id) as cancelled,
      (select <units sum(l.rejected)> from {order_line} l where l.order_id = o.id) as rejected,
      (select <units sum(l.invoiced)> from {order_line} l where l.order_id = o.id) as invoiced,
      (select round(sum(<units l.ordered> * <units l.price>), 6) from {order_line} l where l.order_id = o.id) as amount,
      (select count(*) from {order_hold} h where h.order_id = o.id and h.resolved_at is null) as open_holds
    from {sales_order} o`,

  `create view {v_order_line} as
    select l.id as line_id, l.order_id, o.partner, o.po_number, o.release_number, o.lifecycle as state, <utc o.received_at> as received_at, l.line_ref, l.sku, l.description,
      <units l.ordered> as ordered_quantity, l.unit as ordered_unit, <units l.price> as price, l.base_unit, <units l.base> as ordered, <units l.pending> as pending,
      <units l.backordered> as backordered, <units l.allocated> as allocated, <units l.released> as released, <units l.shipped> as shipped,
      <units l.cancelled> as cancelled, <units l.rejected> as rejected, <units l.overshipped> as overshipped, <units l.invoiced> as invoiced, l.promise_date, l.reason
    from {order_line} l join {sales_order} o on o.id = l.order_id`,

  `create view {v_stock} as
    select s.sku, i.description, i.base_unit, s.location, <units s.on_hand> as on_hand, <units s.on_hold> as on_hold, <units s.allocated> as allocated,
      <units s.safety> as safety, <units (s.on_hand - s.on_hold - s.allocated - s.safety)> as available,
      <units s.reorder_point> as reorder_point, <utc s.counted_at> as counted_at
    from {stock} s join {item} i on i.sku = s.sku`,

  `create view {v_shipment} as
    select s.id as shipment_id, s.order_id, o.partner, o.po_number, s.location, s.shipment_ref, s.bill_of_lading, s.shipped_date, <utc s.created_at> as booked_at,
      (select <units sum(l.quantity + l.over_quantity)> from {shipment_line} l where l.shipment_id = s.id) as quantity,
      (select min(i.number) from {invoice} i where i.shipment_id = s.id) as invoice_number,
      (select <units sum(i.total)> from {invoice} i where i.shipment_id = s.id) as invoiced_amount
    from {shipment} s join {sales_order} o on o.id = s.order_id`,

  `create view {v_hold} as
    select h.id as hold_id, h.order_id, o.partner, o.po_number, l.line_ref, h.code, h.value, h.detail, <utc h.created_at> as held_at, <utc h.resolved_at> as resolved_at, h.resolution
    from {order_hold} h join {sales_order} o on o.id = h.order_id left join {order_line} l on l.id = h.line_id`,

  `create view {v_document} as
    select d.id as document_id, d.partner, d.kind, d.set_id, d.business_key, d.status, d.outcome, d.reason, <utc d.received_at> as received_at, d.order_id,
      i.control as interchange_control, d.inbound_file_id, f.name as file_name, f.channel
    from {document_ledger} d join {inbound_file} f on f.id = d.inbound_file_id left join {interchange} i on i.id = d.interchange_id`,

  `create view {v_outbox} as
    select x.id as outbox_id, x.partner, x.kind, x.set_id, x.business_key, x.order_id, o.po_number, x.status, x.reason, x.attempts, x.channel, x.file_name,
      x.interchange_control, x.group_control, x.set_control, <utc x.created_at> as created_at, <utc x.rendered_at> as rendered_at, <utc x.sent_at> as sent_at,
      <utc x.ack_due_at> as ack_due_at, x.ack_status, x.ack_detail, <utc x.settled_at> as settled_at
    from {outbox} x left join {sales_order} o on o.id = x.order_id`,

  // Sent, to be acknowledged, and late: by the gateway's own mark, or by the server's clock where the gateway has not looked yet.
  `create view {v_ack_overdue} as
    select x.id as outbox_id, x.partner, x.kind, x.set_id, x.business_key, x.order_id, x.file_name, x.interchange_control, x.group_control,
      <utc x.sent_at> as sent_at, <utc x.ack_due_at> as ack_due_at
    from {outbox} x where x.status = 'overdue' or (x.status = 'sent' and x.ack_due_at > 0 and <utc x.ack_due_at> <= <clock>)`,

  // Every unit that was ordered is in one bucket; what left is what shipments say. Both differences are 0 as long as the ledger balances.
  `create view {v_balance} as
    select partner, sku, <units sum(base)> as ordered, <units sum(still_open)> as still_open, <units sum(shipped)> as shipped, <units sum(cancelled)> as cancelled,
      <units sum(rejected)> as rejected, <units sum(overshipped)> as overshipped, <units sum(invoiced)> as invoiced,
      <units sum(base - still_open - shipped - cancelled - rejected)> as bucket_difference,
      <units sum(shipped - in_shipments)> as shipment_difference
    from {line_ledger} group by partner, sku`,

  // A row for each order with the figures that fill rate, answer time and perfect orders are made of; days as texts, so that they group.
  `create view {v_order_metric} as
    select f.id as order_id, f.partner, f.po_number, f.lifecycle as state, <day f.received_at> as received_on, f.line_count as lines, f.full_lines,
      <units f.wanted> as wanted, <units f.shipped> as shipped, <units f.overshipped> as overshipped, <units f.returned> as returned,
      (f.answered_at - f.received_at) / 60000 as minutes_to_answer, (f.shipped_at - f.received_at) / 60000 as minutes_to_ship, f.shipped_date,
      f.holds + f.hands + f.stopped as touches
    from {order_facts} f`,

  // The figures of `wharf metrics` by partner and day: each is `part` of `whole`, to be summed over days and partners before it is divided.
  `create view {v_metric} as
    select f.partner, <day f.received_at> as received_on, 'touchless' as metric, case when f.holds + f.hands + f.stopped = 0 then 1 else 0 end as part, 1 as whole from {order_facts} f
    union all select f.partner, <day f.received_at>, 'unit_fill', <units f.shipped>, <units f.wanted> from {order_facts} f where f.lifecycle in ('shipped', 'closed', 'rejected')
    union all select f.partner, <day f.received_at>, 'line_fill', f.full_lines, f.line_count from {order_facts} f where f.lifecycle in ('shipped', 'closed', 'rejected')
    union all select f.partner, <day f.received_at>, 'on_time', case when f.ship_by is null or f.shipped_date <= f.ship_by then 1 else 0 end, 1
      from {order_facts} f where f.lifecycle in ('shipped', 'closed')
    union all select f.partner, <day f.received_at>, 'in_full', case when f.shipped >= f.wanted then 1 else 0 end, 1 from {order_facts} f where f.lifecycle in ('shipped', 'closed')
    union all select f.partner, <day f.received_at>, 'on_time_in_full',
      case when (f.ship_by is null or f.shipped_date <= f.ship_by) and f.shipped >= f.wanted then 1 else 0 end, 1 from {order_facts} f where f.lifecycle in ('shipped', 'closed')
    union all select f.partner, <day f.received_at>, 'accurate', case when f.shipped >= f.wanted and f.overshipped = 0 and f.returned = 0 then 1 else 0 end, 1
      from {order_facts} f where f.lifecycle in ('shipped', 'closed')
    union all select f.partner, <day f.received_at>, 'returned', <units f.returned>, <units (f.shipped + f.overshipped)> from {order_facts} f where f.lifecycle in ('shipped', 'closed')
    union all select f.partner, <day f.received_at>, 'answers_in_time', case when f.answered_at <= f.answer_by then 1 else 0 end, 1
      from {order_facts} f where f.answer_by is not null and (f.answered_at is not null or <utc f.answer_by> <= <clock>)
    union all select s.partner, <day s.created_at>, 'notices_in_time', case when s.told_at <= s.notice_by then 1 else 0 end, 1
      from {shipment_facts} s where s.notices > 0 and (s.told_at is not null or <utc s.notice_by> <= <clock>)`,

  `create view {v_unfilled} as
    select u.partner, u.po_number, u.line_ref, u.sku, <day u.received_at> as received_on, u.reason, <units u.unfilled> as unfilled from {unfilled_demand} u`,

  `create view {v_chargeback} as
    select d.id as deduction_id, d.partner, <day d.at> as deducted_on, d.source, d.code, d.reason, d.currency, <units d.amount> as amount, d.order_id, d.invoice_id, d.shipment_id from {deduction} d`,
];
