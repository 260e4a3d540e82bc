/** What people ask of a large book is found by indexes (docs/sql.md), without reading all of it. */
export const quickQuestions: readonly string[] = [
  // What came and went lately.
  'create index inbound_file_received on {inbound_file} (received_at, partner)',
  'create index document_received on {document} (received_at)',
  'create index outbox_sent on {outbox} (sent_at, partner)',
  // Who has ordered an item.
  'create index order_line_sku on {order_line} (sku, order_id)',
  // What shipped on a day, or under a number.
  'create index shipment_shipped on {shipment} (shipped_date)',
  'create index shipment_reference on {shipment} (shipment_ref)',
  // The few that need a look among all that were acknowledged, or taken.
  `create index outbox_with_errors on {outbox} (id) where ack_status = 'accepted-with-errors'`,
  'create index document_refused on {document} (id) where accepted = 0',

  // What was written anew in place of another, which few are.
  'create index outbox_replaces on {outbox} (replaces_id) where replaces_id is not null',

  'drop view {v_document}',
  'drop view {document_ledger}',
  // As before, and `accepted` with it: by that the index finds what was refused.
  `create view {document_ledger} as
    select d.id, d.inbound_file_id, d.interchange_id, d.partner, d.kind, d.set_id, d.business_key, d.received_at, d.status, d.reason, d.order_id,
      case when d.accepted = 0 then 'rejected' when d.status = 'parked' then 'parked' when d.status <> 'done' then 'waiting'
        when d.reason = 'DUPLICATE' then 'duplicate' else 'applied' end as outcome, d.accepted
    from {document} d where d.status not like 'staged-%'`,
  `create view {v_document} as
    select d.id as document_id, d.partner, d.kind, d.set_id, d.business_key, d.status, d.outcome, d.reason, <utc d.received_at> as received_at, d.order_id,
      i.control as interchange_control, d.inbound_file_id, f.name as file_name, f.channel, d.accepted
    from {document_ledger} d join {inbound_file} f on f.id = d.inbound_file_id left join {interchange} i on i.id = d.interchange_id`,

  // What nobody has resolved yet: few among all that were ever held.
  `create view {v_open_hold} as
    select h.id as hold_id, h.order_id, o.partner, o.po_number, l.line_ref, h.code, h.value, h.detail, <utc h.created_at> as held_at
    from {order_hold} h join {sales_order} o on o.id = h.order_id left join {order_line} l on l.id = h.line_id where h.resolved_at is null`,

  // Lines that wait for stock: few among all that were ever ordered.
  `create view {v_backorder} as
    select l.id as line_id, l.order_id, o.partner, o.po_number, <utc o.received_at> as received_at, l.line_ref, l.sku, l.description, l.base_unit,
      <units l.backordered> as backordered, l.promise_date, l.reason
    from {order_line} l join {sales_order} o on o.id = l.order_id where l.backordered > 0`,
];
