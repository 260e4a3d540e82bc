/** Views of the versions before, found by their indexes: as they were, they read a whole table for each row. */
export const quickViews: readonly string[] = [
  'drop view {interchange_ledger}',
  // Interchanges, their sets, how many of those want an acknowledgment, and the acknowledgments that were made.
  `create view {interchange_ledger} as
    select i.id, i.inbound_file_id, i.partner, i.control, i.received_at, i.status,
      (select count(*) from {document} d where d.inbound_file_id = i.inbound_file_id and d.interchange_id = i.id) as documents,
      (select count(*) from {document} d where d.inbound_file_id = i.inbound_file_id and d.interchange_id = i.id and d.group_type <> 'FA') as to_acknowledge,
      (select count(*) from {outbox} x where x.partner = i.partner and x.unique_key like concat('ack:', i.id, ':%')
        and x.business_key in (select d.group_control from {document} d where d.inbound_file_id = i.inbound_file_id and d.interchange_id = i.id)) as acknowledgments
    from {interchange} i`,

  'drop view {v_shipment}',
  `create view {v_shipment} as
    select s.id as shipment_id, s.order_id, o.partner, o.po_number, s.location, s.shipment_ref, s.bill_of_lading, s.shipped_date, <utc s.created_at> as booked_at,
      (select <units sum(l.quantity + l.over_quantity)> from {shipment_line} l where l.shipment_id = s.id) as quantity,
      (select min(i.number) from {invoice} i where i.order_id = s.order_id and i.shipment_id = s.id) as invoice_number,
      (select <units sum(i.total)> from {invoice} i where i.order_id = s.order_id and i.shipment_id = s.id) as invoiced_amount
    from {shipment} s join {sales_order} o on o.id = s.order_id`,
];
