/** Places partners let us ship to, returns, deductions from payments, and what stock alerts look at. Quantities and money are millionths. */
export const returns: readonly string[] = [
  `create table {ship_to} (partner nvarchar(60) not null, code nvarchar(60) not null, party <text> not null, source nvarchar(60) not null, at bigint not null,
    primary key (partner, code))`,

  `alter table {stock} add reorder_point bigint not null default 0`,
  `alter table {stock} add counted_at bigint`,

  `create table {return_order} (id <id>, number nvarchar(40) not null unique, partner nvarchar(60) not null, buyer_ref nvarchar(60) not null, order_id bigint not null,
    state nvarchar(12) not null, document <text> not null, document_id bigint, requested_at bigint not null, received_at bigint, inspected_at bigint, credited_at bigint,
    unique (partner, buyer_ref), foreign key (order_id) references {sales_order} (id))`,
  `create index return_order_order on {return_order} (order_id)`,
  `create index return_order_state on {return_order} (state)`,
  `create table {return_line} (id <id>, return_id bigint not null, line_id bigint not null, line_ref nvarchar(30) not null, sku nvarchar(60) not null, reason nvarchar(10),
    requested bigint not null, authorised bigint not null, denied_because nvarchar(30), received bigint not null default 0, restocked bigint not null default 0,
    quarantined bigint not null default 0, scrapped bigint not null default 0, credited bigint not null default 0, amount bigint not null default 0, location nvarchar(60),
    foreign key (return_id) references {return_order} (id), check (authorised >= 0 and received >= 0 and restocked + quarantined + scrapped <= received and credited >= 0))`,
  `create index return_line_return on {return_line} (return_id)`,
  `create index return_line_line on {return_line} (line_id)`,

  `create table {deduction} (id <id>, unique_key nvarchar(200) not null unique, partner nvarchar(60) not null, source nvarchar(10) not null, reference nvarchar(60),
    code nvarchar(10), reason nvarchar(200), amount bigint not null, currency nvarchar(3), date nvarchar(10), invoice_number nvarchar(60), invoice_id bigint, order_id bigint,
    shipment_id bigint, document_id bigint not null, state nvarchar(12) not null, at bigint not null)`,
  `create index deduction_partner on {deduction} (partner, state)`,
  `create index deduction_invoice on {deduction} (invoice_id)`,
];
