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
];
