/** What is told at times of the day, with the last time (local, `2026-03-05T18:00`) for which it went out; and what buyers were asked to route and said. */
export const reports: readonly string[] = [
  `create table {report_run} (partner nvarchar(60) not null, report nvarchar(30) not null, period nvarchar(16) not null, primary key (partner, report))`,
  `create table {routing_request} (id <id>, order_id bigint not null, location nvarchar(60) not null, reference nvarchar(30) not null unique, requested_at bigint not null,
    due_at bigint not null, answered_at bigint, document_id bigint, answer <text>, used_at bigint, foreign key (order_id) references {sales_order} (id))`,
  `create index routing_request_order on {routing_request} (order_id, location)`,
];
