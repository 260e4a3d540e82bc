/** What the checks before sending and the clocks look at: under which bill of lading a shipment left, and who had a document sent although it contradicts its order. */
export const conversation: readonly string[] = [
  `alter table {shipment} add bill_of_lading nvarchar(60)`,
  `create index shipment_bill on {shipment} (bill_of_lading)`,
  `create index sales_order_answer on {sales_order} (responded_at, partner)`,
  `create index sales_order_lifecycle on {sales_order} (lifecycle)`,
  `alter table {outbox} add waived_by nvarchar(80)`,
];
