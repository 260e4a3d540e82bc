/**
 * The ledger as views: what came in and what became of it, each row one thing and its counterparts. Quantities are millionths; columns that end in
 * `_units` are the same as decimals (exact on SQL Server), for people and their reports.
 */
export const views: readonly string[] = [
  // Files, and what was found in them.
  `create view {file_ledger} as
    select f.id, f.partner, f.channel, f.name, f.received_at, f.status, f.reason,
      (select count(*) from {interchange} i where i.inbound_file_id = f.id) as interchanges,
      (select count(*) from {document} d where d.inbound_file_id = f.id) as documents
    from {inbound_file} f`,

  // Interchanges, their sets, how many of those want an acknowledgment, and the acknowledgments that were made.
  `create view {interchange_ledger} as
    select i.id, i.inbound_file_id, i.partner, i.control, i.received_at, i.status,
      (select count(*) from {document} d where d.interchange_id = i.id) as documents,
      (select count(*) from {document} d where d.interchange_id = i.id and d.group_type <> 'FA') as to_acknowledge,
      (select count(*) from {outbox} x where x.partner = i.partner and x.unique_key like concat('ack:', i.id, ':%')
        and x.business_key in (select d.group_control from {document} d where d.interchange_id = i.id)) as acknowledgments
    from {interchange} i`,

  // Documents and what they came to: an order, a duplicate, something that waits for a person, or nothing because it was rejected.
  `create view {document_ledger} as
    select d.id, d.inbound_file_id, d.interchange_id, d.partner, d.kind, d.set_id, d.business_key, d.received_at, d.status, d.reason, d.order_id,
      case when d.accepted = 0 then 'rejected' when d.status = 'parked' then 'parked' when d.status <> 'done' then 'waiting'
        when d.reason = 'DUPLICATE' then 'duplicate' else 'applied' end as outcome
    from {document} d where d.status not like 'staged-%'`,

  // Order lines: every unit in its bucket, and what shipments and reservations say of the same line.
  `create view {line_ledger} as
    select l.id, l.order_id, o.partner, o.po_number, o.release_number, o.lifecycle, o.received_at, l.line_ref, l.sku, l.base_unit, l.base, l.price, l.numerator, l.denominator,
      l.pending + l.backordered + l.allocated + l.released as still_open, l.pending, l.backordered, l.allocated, l.released, l.shipped, l.cancelled, l.rejected,
      l.overshipped, l.invoiced, l.reason,
      coalesce((select sum(s.quantity) from {shipment_line} s where s.line_id = l.id), 0) as in_shipments,
      coalesce((select sum(s.over_quantity) from {shipment_line} s where s.line_id = l.id), 0) as over_in_shipments,
      coalesce((select sum(a.covers) from {allocation} a where a.order_id = l.order_id and a.line_id = l.id and a.state = 'firm'), 0) as reserved,
      l.base / 1000000.0 as ordered_units, l.shipped / 1000000.0 as shipped_units, l.invoiced / 1000000.0 as invoiced_units,
      (l.pending + l.backordered + l.allocated + l.released) / 1000000.0 as open_units, l.cancelled / 1000000.0 as cancelled_units, l.rejected / 1000000.0 as rejected_units
    from {order_line} l join {sales_order} o on o.id = l.order_id`,

  // Shipments with the notices and invoices that were made for them, sent or not.
  `create view {shipment_ledger} as
    select s.id, s.order_id, o.partner, o.po_number, s.location, s.shipment_ref, s.shipped_date, s.bill_of_lading, s.created_at,
      coalesce((select sum(l.quantity + l.over_quantity) from {shipment_line} l where l.shipment_id = s.id), 0) as quantity,
      (select count(*) from {outbox} x where x.order_id = s.order_id and x.unique_key like concat('shipment:', s.id, ':%')) as notices,
      (select min(x.sent_at) from {outbox} x where x.order_id = s.order_id and x.unique_key like concat('shipment:', s.id, ':%')) as told_at,
      (select count(*) from {invoice} b where b.order_id = s.order_id and b.shipment_id = s.id) as invoices
    from {shipment} s join {sales_order} o on o.id = s.order_id`,

  // Stock counters beside the sum of their movements, and beside what orders hold: firm reservations, and work that locations have not reported.
  `create view {stock_ledger} as
    select s.sku, s.location, s.on_hand, s.on_hold, s.allocated, s.safety,
      coalesce((select sum(m.on_hand) from {stock_movement} m where m.sku = s.sku and m.location = s.location), 0) as moved_on_hand,
      coalesce((select sum(m.on_hold) from {stock_movement} m where m.sku = s.sku and m.location = s.location), 0) as moved_on_hold,
      coalesce((select sum(m.allocated) from {stock_movement} m where m.sku = s.sku and m.location = s.location), 0) as moved_allocated,
      coalesce((select sum(a.quantity) from {allocation} a where a.sku = s.sku and a.location = s.location and a.state = 'firm'), 0)
        + coalesce(w.quantity, 0) as held_by_orders,
      s.on_hand / 1000000.0 as on_hand_units, s.allocated / 1000000.0 as allocated_units,
      (s.on_hand - s.on_hold - s.allocated - s.safety) / 1000000.0 as available_units
    from {stock} s left join (select l.sku, f.location, sum(l.quantity - l.shipped - l.short) as quantity from {fulfilment_order} f
        join {fulfilment_line} l on l.fulfilment_order_id = f.id where f.state in ('queued', 'part-shipped') group by l.sku, f.location) w
      on w.sku = s.sku and w.location = s.location`,
];
