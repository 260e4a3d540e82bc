/** Changes of orders, what warehouses are asked not to ship, reports of stock, and what people taught. Quantities are millionths. */
export const changes: readonly string[] = [
  `create table {order_change} (id <id>, order_id bigint not null, document_id bigint, initiative nvarchar(10) not null, sequence nvarchar(20) not null,
    content_hash nvarchar(64) not null, document <text>, lines <text> not null, received_at bigint not null, answered_at bigint,
    foreign key (order_id) references {sales_order} (id))`,
  `create index order_change_order on {order_change} (order_id, answered_at)`,

  `alter table {fulfilment_order} add request_state nvarchar(16) not null default 'none'`,
  `alter table {fulfilment_order} add request_due_at bigint`,
  `alter table {fulfilment_order} add revision int not null default 0`,
  `alter table {fulfilment_line} add ask bigint not null default 0`,
  `alter table {fulfilment_line} add covers bigint not null default 0`,

  `alter table {stock_movement} add on_hold bigint not null default 0`,
  `create table {stock_report} (id <id>, location nvarchar(60) not null, purpose nvarchar(12) not null, reference nvarchar(60) not null, as_of nvarchar(30) not null,
    content_hash nvarchar(64) not null, document_id bigint not null, at bigint not null, unique (location, purpose, reference, as_of))`,

  `create table {learned} (id <id>, at bigint not null, who nvarchar(80) not null, hold_id bigint not null, kind nvarchar(10) not null, partner nvarchar(60) not null,
    qualifier nvarchar(4) not null, value nvarchar(60) not null, target nvarchar(60) not null, replaced nvarchar(60), undone_at bigint, undone_by nvarchar(80))`,
];
