/** What stands in for an item, what is on its way, what was promised of it, its lots, what of it is kept for whom, and whose orders wait for credit. Quantities are millionths. */
export const supply: readonly string[] = [
  `create table {item_relation} (sku nvarchar(60) not null, to_sku nvarchar(60) not null, partner nvarchar(60) not null, numerator bigint not null, denominator bigint not null,
    rank int not null, valid_from nvarchar(10), valid_to nvarchar(10), primary key (sku, to_sku, partner), foreign key (sku) references {item} (sku),
    foreign key (to_sku) references {item} (sku), check (numerator > 0 and denominator > 0))`,
  `create table {inbound_supply} (reference nvarchar(60) not null, sku nvarchar(60) not null, location nvarchar(60) not null, quantity bigint not null,
    received bigint not null default 0, arrives nvarchar(10) not null, usable_on nvarchar(10) not null, at bigint not null, primary key (reference, sku, location),
    foreign key (sku) references {item} (sku), check (quantity >= 0 and received >= 0))`,
  `create index inbound_supply_item on {inbound_supply} (sku, location)`,
  `create table {promise} (order_id bigint not null, line_id bigint not null, sku nvarchar(60) not null, quantity bigint not null, date nvarchar(10) not null,
    primary key (line_id, sku, date), foreign key (line_id) references {order_line} (id), check (quantity > 0))`,
  `create index promise_order on {promise} (order_id)`,
  `create index promise_item on {promise} (sku)`,

  `create table {lot_stock} (sku nvarchar(60) not null, location nvarchar(60) not null, lot nvarchar(40) not null, expires nvarchar(10), received_on nvarchar(10) not null,
    on_hand bigint not null default 0, allocated bigint not null default 0, primary key (sku, location, lot), foreign key (sku) references {item} (sku),
    check (allocated >= 0))`,
  `alter table {fulfilment_line} add lot nvarchar(40)`,
  `alter table {fulfilment_order} add destination nvarchar(80)`,

  `create table {stock_pool} (name nvarchar(60) not null, sku nvarchar(60) not null, location nvarchar(60) not null, quantity bigint not null, valid_from nvarchar(10) not null,
    valid_to nvarchar(10), at bigint not null, primary key (sku, location, name), foreign key (sku) references {item} (sku), check (quantity >= 0))`,

  `create table {credit_status} (partner nvarchar(60) not null primary key, status nvarchar(10) not null, at bigint not null)`,
];
