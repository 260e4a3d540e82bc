CREATE TABLE migration (version int not null primary key, name nvarchar(60) not null, applied_at bigint not null);

CREATE TABLE inbound_file (id integer primary key, partner nvarchar(60), channel nvarchar(120) not null, name nvarchar(255) not null, size bigint not null,
  modified_at bigint not null, source_id nvarchar(120) not null, sha256 nvarchar(64) not null, format nvarchar(10), received_at bigint not null,
  disposed_at bigint, finished_at bigint, status nvarchar(20) not null, reason nvarchar(40), detail text, attempts int not null default 0, due_at bigint not null default 0,
  claimed_by nvarchar(80), claimed_until bigint not null default 0, payload_removed_at bigint, unpacked_from bigint);

CREATE INDEX inbound_file_queue on inbound_file (status, due_at, id);

CREATE INDEX inbound_file_turn on inbound_file (status, channel, due_at, id);

CREATE INDEX inbound_file_seen on inbound_file (channel, disposed_at, name);

CREATE INDEX inbound_file_name on inbound_file (name);

CREATE TABLE payload (owner nvarchar(20) not null, owner_id bigint not null, chunk int not null, bytes blob not null, primary key (owner, owner_id, chunk));

CREATE TABLE interchange (id integer primary key, inbound_file_id bigint not null, position int not null, partner nvarchar(60), sender nvarchar(40) not null,
  receiver nvarchar(40) not null, control nvarchar(20) not null, version nvarchar(12) not null, usage nvarchar(1) not null, sent_on nvarchar(20) not null,
  content_hash nvarchar(64) not null, status nvarchar(20) not null, duplicate_of bigint, findings text, received_at bigint not null,
  unique (inbound_file_id, position), foreign key (inbound_file_id) references inbound_file (id));

CREATE INDEX interchange_control on interchange (control, partner, sender, receiver);

CREATE TABLE document (id integer primary key, inbound_file_id bigint not null, interchange_id bigint, position int not null, partner nvarchar(60) not null,
  kind nvarchar(30), set_id nvarchar(10), group_type nvarchar(2), group_control nvarchar(20), set_control nvarchar(20), business_key nvarchar(80), accepted int not null,
  canonical text, findings text, mapping nvarchar(120), mapping_hash nvarchar(64), content_hash nvarchar(64), order_id bigint, waits_for nvarchar(200),
  received_at bigint not null, finished_at bigint, status nvarchar(20) not null, reason nvarchar(40), detail text, attempts int not null default 0, due_at bigint not null default 0,
  claimed_by nvarchar(80), claimed_until bigint not null default 0,
  unique (inbound_file_id, position), foreign key (inbound_file_id) references inbound_file (id));

CREATE INDEX document_queue on document (status, due_at, id);

CREATE INDEX document_turn on document (status, partner, due_at, id);

CREATE INDEX document_business on document (business_key, partner);

CREATE INDEX document_order on document (order_id);

CREATE INDEX document_waits on document (waits_for);

CREATE TABLE outbox (id integer primary key, partner nvarchar(60) not null, kind nvarchar(30) not null, unique_key nvarchar(200) not null unique, order_id bigint,
  cause_document_id bigint, business_key nvarchar(80), canonical text not null, mapping nvarchar(120), mapping_hash nvarchar(64), channel nvarchar(120),
  set_id nvarchar(10), interchange_control nvarchar(20), group_type nvarchar(2), group_control nvarchar(20), set_control nvarchar(20), file_name nvarchar(255),
  size bigint, sha256 nvarchar(64), temporary_name nvarchar(255), created_at bigint not null, rendered_at bigint, sent_at bigint, settled_at bigint,
  ack_due_at bigint, ack_status nvarchar(20), ack_detail text, replaces_id bigint, status nvarchar(20) not null, reason nvarchar(40), detail text, attempts int not null default 0, due_at bigint not null default 0,
  claimed_by nvarchar(80), claimed_until bigint not null default 0, waived_by nvarchar(80), payload_removed_at bigint, packed_size bigint, packed_sha256 nvarchar(64), review_note nvarchar(400), reviewed_by nvarchar(120), reviewed_at bigint);

CREATE INDEX outbox_queue on outbox (status, due_at, id);

CREATE INDEX outbox_channel on outbox (status, channel, due_at, id);

CREATE INDEX outbox_group on outbox (group_control, partner, group_type);

CREATE INDEX outbox_interchange on outbox (interchange_control, partner);

CREATE INDEX outbox_name on outbox (file_name);

CREATE INDEX outbox_business on outbox (business_key, partner);

CREATE INDEX outbox_order on outbox (order_id);

CREATE INDEX outbox_cause on outbox (cause_document_id);

CREATE TABLE control_number (scope nvarchar(200) not null primary key, next bigint not null);

CREATE TABLE lease (resource nvarchar(120) not null primary key, owner nvarchar(80) not null, token bigint not null, expires_at bigint not null);

CREATE TABLE commit_mark (mark nvarchar(40) not null primary key, happened int not null, at bigint not null);

CREATE INDEX commit_mark_at on commit_mark (at);

CREATE TABLE activity (id integer primary key, at bigint not null, verb nvarchar(20) not null, partner nvarchar(60), inbound_file_id bigint, document_id bigint, outbox_id bigint,
  order_id bigint, text text not null);

CREATE INDEX activity_file on activity (inbound_file_id);

CREATE INDEX activity_document on activity (document_id);

CREATE INDEX activity_outbox on activity (outbox_id);

CREATE INDEX activity_order on activity (order_id);

CREATE TABLE item (sku nvarchar(60) not null primary key, description nvarchar(200), base_unit nvarchar(4) not null, pack bigint not null default 1000000);

CREATE TABLE item_unit (sku nvarchar(60) not null, unit nvarchar(4) not null, numerator bigint not null, denominator bigint not null, primary key (sku, unit),
  foreign key (sku) references item (sku), check (numerator > 0 and denominator > 0));

CREATE TABLE item_reference (partner nvarchar(60) not null, qualifier nvarchar(4) not null, value nvarchar(60) not null, sku nvarchar(60) not null,
  primary key (partner, qualifier, value), foreign key (sku) references item (sku));

CREATE INDEX item_reference_sku on item_reference (sku);

CREATE TABLE price (partner nvarchar(60) not null, sku nvarchar(60) not null, unit nvarchar(4) not null, price bigint not null, primary key (partner, sku, unit),
  foreign key (sku) references item (sku));

CREATE TABLE stock (sku nvarchar(60) not null, location nvarchar(60) not null, on_hand bigint not null default 0, on_hold bigint not null default 0,
  allocated bigint not null default 0, safety bigint not null default 0, reorder_point bigint not null default 0, counted_at bigint, primary key (sku, location), foreign key (sku) references item (sku),
  check (allocated >= 0 and on_hold >= 0 and safety >= 0));

CREATE TABLE stock_movement (id integer primary key, sku nvarchar(60) not null, location nvarchar(60) not null, on_hand bigint not null, allocated bigint not null, cause nvarchar(30) not null,
  unique_key nvarchar(200) not null unique, order_id bigint, at bigint not null, on_hold bigint not null default 0);

CREATE INDEX stock_movement_stock on stock_movement (sku, location, at);

CREATE TABLE sales_order (id integer primary key, partner nvarchar(60) not null, po_number nvarchar(60) not null, release_number nvarchar(40) not null, lifecycle nvarchar(12) not null,
  document text not null, content_hash nvarchar(64) not null, document_id bigint not null, received_at bigint not null, version int not null default 1,
  decide_at bigint, responded_at bigint, answer_by bigint, ship_by nvarchar(10), unique (partner, po_number, release_number));

CREATE INDEX sales_order_decide on sales_order (decide_at, id);

CREATE INDEX sales_order_received on sales_order (received_at);

CREATE INDEX sales_order_po on sales_order (po_number);

CREATE TABLE order_line (id integer primary key, order_id bigint not null, line_no int not null, line_ref nvarchar(30) not null, ids text not null, sku nvarchar(60), description nvarchar(200),
  ordered bigint not null, unit nvarchar(4) not null, numerator bigint not null, denominator bigint not null, base_unit nvarchar(4) not null, base bigint not null, price bigint, pack bigint not null,
  pending bigint not null default 0, backordered bigint not null default 0, allocated bigint not null default 0, released bigint not null default 0,
  shipped bigint not null default 0, cancelled bigint not null default 0, rejected bigint not null default 0,
  overshipped bigint not null default 0, invoiced bigint not null default 0, promise_date nvarchar(10), reason nvarchar(40),
  unique (order_id, line_no), foreign key (order_id) references sales_order (id),
  check (pending >= 0 and backordered >= 0 and allocated >= 0 and released >= 0 and shipped >= 0 and cancelled >= 0 and rejected >= 0),
  check (base = pending + backordered + allocated + released + shipped + cancelled + rejected));

CREATE INDEX order_line_backordered on order_line (sku, order_id) where backordered > 0;

CREATE INDEX order_line_pending on order_line (sku, order_id) where pending > 0;

CREATE TABLE order_hold (id integer primary key, order_id bigint not null, line_id bigint, code nvarchar(40) not null, value nvarchar(200), detail text not null,
  document_id bigint, created_at bigint not null, resolved_at bigint, resolution nvarchar(200), foreign key (order_id) references sales_order (id));

CREATE INDEX order_hold_open on order_hold (resolved_at, code);

CREATE INDEX order_hold_order on order_hold (order_id);

CREATE TABLE decision (id integer primary key, order_id bigint not null, at bigint not null, kind nvarchar(20) not null, content text not null);

CREATE INDEX decision_order on decision (order_id);

CREATE TABLE allocation (id integer primary key, order_id bigint not null, line_id bigint not null, sku nvarchar(60) not null, location nvarchar(60) not null, quantity bigint not null,
  covers bigint not null, state nvarchar(10) not null, fulfilment_order_id bigint, foreign key (line_id) references order_line (id), check (quantity > 0));

CREATE INDEX allocation_order on allocation (order_id, state);

CREATE INDEX allocation_stock on allocation (sku, location, state);

CREATE TABLE fulfilment_order (id integer primary key, order_id bigint not null, location nvarchar(60) not null, number nvarchar(40) not null unique, state nvarchar(16) not null, created_at bigint not null, request_state nvarchar(16) not null default 'none', request_due_at bigint, revision int not null default 0, destination nvarchar(80),
  foreign key (order_id) references sales_order (id));

CREATE INDEX fulfilment_order_order on fulfilment_order (order_id);

CREATE INDEX fulfilment_order_state on fulfilment_order (state);

CREATE INDEX fulfilment_order_location on fulfilment_order (location, created_at);

CREATE TABLE fulfilment_line (id integer primary key, fulfilment_order_id bigint not null, line_id bigint not null, line_ref nvarchar(30) not null, sku nvarchar(60) not null,
  quantity bigint not null, shipped bigint not null default 0, short bigint not null default 0, ask bigint not null default 0, covers bigint not null default 0, lot nvarchar(40), foreign key (fulfilment_order_id) references fulfilment_order (id));

CREATE INDEX fulfilment_line_order on fulfilment_line (fulfilment_order_id);

CREATE TABLE shipment (id integer primary key, order_id bigint not null, fulfilment_order_id bigint, location nvarchar(60) not null, shipment_ref nvarchar(60) not null,
  content_hash nvarchar(64) not null, document text not null, shipped_date nvarchar(10) not null, notice_by bigint, document_id bigint, created_at bigint not null, bill_of_lading nvarchar(60),
  unique (location, shipment_ref, fulfilment_order_id));

CREATE INDEX shipment_order on shipment (order_id);

CREATE TABLE shipment_line (id integer primary key, shipment_id bigint not null, line_id bigint not null, quantity bigint not null, over_quantity bigint not null default 0,
  foreign key (shipment_id) references shipment (id));

CREATE INDEX shipment_line_line on shipment_line (line_id);

CREATE INDEX shipment_line_shipment on shipment_line (shipment_id);

CREATE TABLE sscc (sscc nvarchar(18) not null primary key, shipment_id bigint not null, at bigint not null);

CREATE TABLE invoice (id integer primary key, number nvarchar(40) not null unique, order_id bigint not null, shipment_id bigint, document text not null, total bigint not null, created_at bigint not null);

CREATE INDEX invoice_order on invoice (order_id);

CREATE INDEX shipment_bill on shipment (bill_of_lading);

CREATE INDEX sales_order_answer on sales_order (responded_at, partner);

CREATE INDEX sales_order_lifecycle on sales_order (lifecycle);

CREATE TABLE order_change (id integer primary key, order_id bigint not null, document_id bigint, initiative nvarchar(10) not null, sequence nvarchar(20) not null,
  content_hash nvarchar(64) not null, document text, lines text not null, received_at bigint not null, answered_at bigint,
  foreign key (order_id) references sales_order (id));

CREATE INDEX order_change_order on order_change (order_id, answered_at);

CREATE TABLE stock_report (id integer primary key, location nvarchar(60) not null, purpose nvarchar(12) not null, reference nvarchar(60) not null, as_of nvarchar(30) not null,
  content_hash nvarchar(64) not null, document_id bigint not null, at bigint not null, unique (location, purpose, reference, as_of));

CREATE TABLE learned (id integer primary key, at bigint not null, who nvarchar(80) not null, hold_id bigint not null, kind nvarchar(10) not null, partner nvarchar(60) not null,
  qualifier nvarchar(4) not null, value nvarchar(60) not null, target nvarchar(60) not null, replaced nvarchar(60), undone_at bigint, undone_by nvarchar(80));

CREATE TABLE ship_to (partner nvarchar(60) not null, code nvarchar(60) not null, party text not null, source nvarchar(60) not null, at bigint not null,
  primary key (partner, code));

CREATE TABLE return_order (id integer primary key, number nvarchar(40) not null unique, partner nvarchar(60) not null, buyer_ref nvarchar(60) not null, order_id bigint not null,
  state nvarchar(12) not null, document text not null, document_id bigint, requested_at bigint not null, received_at bigint, inspected_at bigint, credited_at bigint,
  unique (partner, buyer_ref), foreign key (order_id) references sales_order (id));

CREATE INDEX return_order_order on return_order (order_id);

CREATE INDEX return_order_state on return_order (state);

CREATE TABLE return_line (id integer primary key, return_id bigint not null, line_id bigint not null, line_ref nvarchar(30) not null, sku nvarchar(60) not null, reason nvarchar(10),
  requested bigint not null, authorised bigint not null, denied_because nvarchar(30), received bigint not null default 0, restocked bigint not null default 0,
  quarantined bigint not null default 0, scrapped bigint not null default 0, credited bigint not null default 0, amount bigint not null default 0, location nvarchar(60),
  foreign key (return_id) references return_order (id), check (authorised >= 0 and received >= 0 and restocked + quarantined + scrapped <= received and credited >= 0));

CREATE INDEX return_line_return on return_line (return_id);

CREATE INDEX return_line_line on return_line (line_id);

CREATE TABLE deduction (id integer primary key, unique_key nvarchar(200) not null unique, partner nvarchar(60) not null, source nvarchar(10) not null, reference nvarchar(60),
  code nvarchar(10), reason nvarchar(200), amount bigint not null, currency nvarchar(3), date nvarchar(10), invoice_number nvarchar(60), invoice_id bigint, order_id bigint,
  shipment_id bigint, document_id bigint not null, state nvarchar(12) not null, at bigint not null);

CREATE INDEX deduction_partner on deduction (partner, state);

CREATE INDEX deduction_invoice on deduction (invoice_id);

CREATE TABLE decision_input (id integer primary key, at bigint not null, orders int not null, content blob not null);

CREATE INDEX decision_input_at on decision_input (at, id);

CREATE TABLE policy_version (version nvarchar(12) not null primary key, content text not null, at bigint not null);

CREATE VIEW file_ledger as
  select f.id, f.partner, f.channel, f.name, f.received_at, f.status, f.reason,
  (select count(*) from interchange i where i.inbound_file_id = f.id) as interchanges,
  (select count(*) from document d where d.inbound_file_id = f.id) as documents
  from inbound_file f;

CREATE VIEW line_ledger as
  select l.id, l.order_id, o.partner, o.po_number, o.release_number, o.lifecycle, o.received_at, l.line_ref, l.sku, l.base_unit, l.base, l.price, l.numerator, l.denominator,
  l.pending + l.backordered + l.allocated + l.released as still_open, l.pending, l.backordered, l.allocated, l.released, l.shipped, l.cancelled, l.rejected,
  l.overshipped, l.invoiced, l.reason,
  coalesce((select sum(s.quantity) from shipment_line s where s.line_id = l.id), 0) as in_shipments,
  coalesce((select sum(s.over_quantity) from shipment_line s where s.line_id = l.id), 0) as over_in_shipments,
  coalesce((select sum(a.covers) from allocation a where a.order_id = l.order_id and a.line_id = l.id and a.state = 'firm'), 0) as reserved,
  l.base / 1000000.0 as ordered_units, l.shipped / 1000000.0 as shipped_units, l.invoiced / 1000000.0 as invoiced_units,
  (l.pending + l.backordered + l.allocated + l.released) / 1000000.0 as open_units, l.cancelled / 1000000.0 as cancelled_units, l.rejected / 1000000.0 as rejected_units
  from order_line l join sales_order o on o.id = l.order_id;

CREATE VIEW shipment_ledger as
  select s.id, s.order_id, o.partner, o.po_number, s.location, s.shipment_ref, s.shipped_date, s.bill_of_lading, s.created_at,
  coalesce((select sum(l.quantity + l.over_quantity) from shipment_line l where l.shipment_id = s.id), 0) as quantity,
  (select count(*) from outbox x where x.order_id = s.order_id and x.unique_key like concat('shipment:', s.id, ':%')) as notices,
  (select min(x.sent_at) from outbox x where x.order_id = s.order_id and x.unique_key like concat('shipment:', s.id, ':%')) as told_at,
  (select count(*) from invoice b where b.order_id = s.order_id and b.shipment_id = s.id) as invoices
  from shipment s join sales_order o on o.id = s.order_id;

CREATE VIEW stock_ledger as
  select s.sku, s.location, s.on_hand, s.on_hold, s.allocated, s.safety,
  coalesce((select sum(m.on_hand) from stock_movement m where m.sku = s.sku and m.location = s.location), 0) as moved_on_hand,
  coalesce((select sum(m.on_hold) from stock_movement m where m.sku = s.sku and m.location = s.location), 0) as moved_on_hold,
  coalesce((select sum(m.allocated) from stock_movement m where m.sku = s.sku and m.location = s.location), 0) as moved_allocated,
  coalesce((select sum(a.quantity) from allocation a where a.sku = s.sku and a.location = s.location and a.state = 'firm'), 0)
  + coalesce(w.quantity, 0) as held_by_orders,
  s.on_hand / 1000000.0 as on_hand_units, s.allocated / 1000000.0 as allocated_units,
  (s.on_hand - s.on_hold - s.allocated - s.safety) / 1000000.0 as available_units
  from stock s left join (select l.sku, f.location, sum(l.quantity - l.shipped - l.short) as quantity from fulfilment_order f
  join fulfilment_line l on l.fulfilment_order_id = f.id where f.state in ('queued', 'part-shipped') group by l.sku, f.location) w
  on w.sku = s.sku and w.location = s.location;

CREATE VIEW order_facts as
  select o.id, o.partner, o.po_number, o.lifecycle, o.received_at, o.answer_by, o.ship_by,
  (select min(x.sent_at) from outbox x where x.order_id = o.id and x.kind = 'order-response' and x.partner = o.partner) as answered_at,
  (select max(s.created_at) from shipment s where s.order_id = o.id) as shipped_at,
  (select max(s.shipped_date) from shipment s where s.order_id = o.id) as shipped_date,
  (select count(*) from order_hold h where h.order_id = o.id) as holds,
  (select count(*) from activity a where a.order_id = o.id and a.verb in ('replay', 'resend', 'discard')) as hands,
  (select count(*) from outbox x where x.order_id = o.id and x.status in ('parked', 'rejected')) as stopped,
  (select count(*) from order_line l where l.order_id = o.id) as line_count,
  (select count(*) from order_line l where l.order_id = o.id and l.shipped >= l.base - l.cancelled) as full_lines,
  (select coalesce(sum(l.base - l.cancelled), 0) from order_line l where l.order_id = o.id) as wanted,
  (select coalesce(sum(l.shipped), 0) from order_line l where l.order_id = o.id) as shipped,
  (select coalesce(sum(l.overshipped), 0) from order_line l where l.order_id = o.id) as overshipped,
  (select coalesce(sum(r.received), 0) from return_line r join order_line l on l.id = r.line_id where l.order_id = o.id) as returned
  from sales_order o;

CREATE VIEW shipment_facts as
  select s.id, s.partner, s.created_at, h.notice_by, s.told_at, s.notices, s.quantity / 1000000.0 as shipped_units
  from shipment_ledger s join shipment h on h.id = s.id where s.quantity > 0;

CREATE VIEW unfilled_demand as
  select l.partner, l.po_number, l.line_ref, l.sku, l.received_at, coalesce(l.reason, case when l.pending > 0 then 'UNDECIDED' else 'NO_STOCK' end) as reason,
  l.pending + l.backordered + l.rejected as unfilled, (l.pending + l.backordered + l.rejected) / 1000000.0 as unfilled_units
  from line_ledger l where l.pending + l.backordered + l.rejected > 0;

CREATE TABLE item_relation (sku nvarchar(60) not null, to_sku nvarchar(60) not null, partner nvarchar(60) not null, numerator bigint not null, denominator bigint not null,
  rank int not null, valid_from nvarchar(10), valid_to nvarchar(10), primary key (sku, to_sku, partner), foreign key (sku) references item (sku),
  foreign key (to_sku) references item (sku), check (numerator > 0 and denominator > 0));

CREATE TABLE inbound_supply (reference nvarchar(60) not null, sku nvarchar(60) not null, location nvarchar(60) not null, quantity bigint not null,
  received bigint not null default 0, arrives nvarchar(10) not null, usable_on nvarchar(10) not null, at bigint not null, primary key (reference, sku, location),
  foreign key (sku) references item (sku), check (quantity >= 0 and received >= 0));

CREATE INDEX inbound_supply_item on inbound_supply (sku, location);

CREATE TABLE promise (order_id bigint not null, line_id bigint not null, sku nvarchar(60) not null, quantity bigint not null, date nvarchar(10) not null,
  primary key (line_id, sku, date), foreign key (line_id) references order_line (id), check (quantity > 0));

CREATE INDEX promise_order on promise (order_id);

CREATE INDEX promise_item on promise (sku);

CREATE TABLE lot_stock (sku nvarchar(60) not null, location nvarchar(60) not null, lot nvarchar(40) not null, expires nvarchar(10), received_on nvarchar(10) not null,
  on_hand bigint not null default 0, allocated bigint not null default 0, primary key (sku, location, lot), foreign key (sku) references item (sku),
  check (allocated >= 0));

CREATE TABLE stock_pool (name nvarchar(60) not null, sku nvarchar(60) not null, location nvarchar(60) not null, quantity bigint not null, valid_from nvarchar(10) not null,
  valid_to nvarchar(10), at bigint not null, primary key (sku, location, name), foreign key (sku) references item (sku), check (quantity >= 0));

CREATE TABLE credit_status (partner nvarchar(60) not null primary key, status nvarchar(10) not null, at bigint not null);

CREATE TABLE report_run (partner nvarchar(60) not null, report nvarchar(30) not null, period nvarchar(16) not null, primary key (partner, report));

CREATE TABLE routing_request (id integer primary key, order_id bigint not null, location nvarchar(60) not null, reference nvarchar(30) not null unique, requested_at bigint not null,
  due_at bigint not null, answered_at bigint, document_id bigint, answer text, used_at bigint, foreign key (order_id) references sales_order (id));

CREATE INDEX routing_request_order on routing_request (order_id, location);

CREATE TABLE balance_check (id integer primary key, at bigint not null, content text not null);

CREATE TABLE audit (seq bigint not null primary key, at bigint not null, who nvarchar(120) not null, act nvarchar(40) not null, target nvarchar(200),
  reason nvarchar(400), before_state text, after_state text not null, previous_hash nvarchar(64) not null, hash nvarchar(64) not null);

CREATE INDEX audit_at on audit (at);

CREATE TABLE audit_head (name nvarchar(20) not null primary key, seq bigint not null, hash nvarchar(64) not null);

CREATE TABLE alert (id integer primary key, kind nvarchar(30) not null, subject nvarchar(200) not null, detail text not null, opened_at bigint not null, seen_at bigint not null,
  closed_at bigint, acknowledged_at bigint, acknowledged_by nvarchar(120), snoozed_until bigint not null default 0);

CREATE INDEX alert_open on alert (closed_at, kind, subject);

CREATE TABLE notice (id integer primary key, alert_id bigint not null, destination nvarchar(120) not null, event nvarchar(10) not null, due_at bigint not null, attempts int not null default 0,
  sent_at bigint, given_up_at bigint, error text, foreign key (alert_id) references alert (id));

CREATE INDEX notice_due on notice (sent_at, due_at);

CREATE TABLE control_skip (id integer primary key, scope nvarchar(200) not null, first bigint not null, last bigint not null, at bigint not null, who nvarchar(120) not null);

CREATE TABLE gateway_switch (name nvarchar(200) not null primary key, value nvarchar(200) not null, at bigint not null, who nvarchar(120) not null);

CREATE INDEX inbound_file_unpacked on inbound_file (unpacked_from);

CREATE TABLE channel_state (channel nvarchar(120) not null primary key, looked_at bigint, answered_at bigint, failing_since bigint, code nvarchar(40),
  failures int not null default 0, rests_until bigint, login int, ran_at bigint);

CREATE INDEX inbound_file_partner on inbound_file (partner, received_at);

CREATE VIEW v_order as
  select o.id as order_id, o.partner, o.po_number, o.release_number, o.lifecycle as state, strftime('%Y-%m-%d %H:%M:%f', o.received_at / 1000.0, 'unixepoch') as received_at, strftime('%Y-%m-%d %H:%M:%f', o.responded_at / 1000.0, 'unixepoch') as answered_at,
  (select count(*) from order_line l where l.order_id = o.id) as lines,
  (select (sum(l.base) / 1000000.0) from order_line l where l.order_id = o.id) as ordered,
  (select (sum(l.pending + l.backordered + l.allocated + l.released) / 1000000.0) from order_line l where l.order_id = o.id) as still_open,
  (select (sum(l.backordered) / 1000000.0) from order_line l where l.order_id = o.id) as backordered,
  (select (sum(l.shipped) / 1000000.0) from order_line l where l.order_id = o.id) as shipped,
  (select (sum(l.cancelled) / 1000000.0) from order_line l where l.order_id = o.id) as cancelled,
  (select (sum(l.rejected) / 1000000.0) from order_line l where l.order_id = o.id) as rejected,
  (select (sum(l.invoiced) / 1000000.0) from order_line l where l.order_id = o.id) as invoiced,
  (select round(sum((l.ordered / 1000000.0) * (l.price / 1000000.0)), 6) from order_line l where l.order_id = o.id) as amount,
  (select count(*) from order_hold h where h.order_id = o.id and h.resolved_at is null) as open_holds
  from sales_order o;

CREATE VIEW v_order_line as
  select l.id as line_id, l.order_id, o.partner, o.po_number, o.release_number, o.lifecycle as state, strftime('%Y-%m-%d %H:%M:%f', o.received_at / 1000.0, 'unixepoch') as received_at, l.line_ref, l.sku, l.description,
  (l.ordered / 1000000.0) as ordered_quantity, l.unit as ordered_unit, (l.price / 1000000.0) as price, l.base_unit, (l.base / 1000000.0) as ordered, (l.pending / 1000000.0) as pending,
  (l.backordered / 1000000.0) as backordered, (l.allocated / 1000000.0) as allocated, (l.released / 1000000.0) as released, (l.shipped / 1000000.0) as shipped,
  (l.cancelled / 1000000.0) as cancelled, (l.rejected / 1000000.0) as rejected, (l.overshipped / 1000000.0) as overshipped, (l.invoiced / 1000000.0) as invoiced, l.promise_date, l.reason
  from order_line l join sales_order o on o.id = l.order_id;

CREATE VIEW v_stock as
  select s.sku, i.description, i.base_unit, s.location, (s.on_hand / 1000000.0) as on_hand, (s.on_hold / 1000000.0) as on_hold, (s.allocated / 1000000.0) as allocated,
  (s.safety / 1000000.0) as safety, ((s.on_hand - s.on_hold - s.allocated - s.safety) / 1000000.0) as available,
  (s.reorder_point / 1000000.0) as reorder_point, strftime('%Y-%m-%d %H:%M:%f', s.counted_at / 1000.0, 'unixepoch') as counted_at
  from stock s join item i on i.sku = s.sku;

CREATE VIEW v_hold as
  select h.id as hold_id, h.order_id, o.partner, o.po_number, l.line_ref, h.code, h.value, h.detail, strftime('%Y-%m-%d %H:%M:%f', h.created_at / 1000.0, 'unixepoch') as held_at, strftime('%Y-%m-%d %H:%M:%f', h.resolved_at / 1000.0, 'unixepoch') as resolved_at, h.resolution
  from order_hold h join sales_order o on o.id = h.order_id left join order_line l on l.id = h.line_id;

CREATE VIEW v_outbox as
  select x.id as outbox_id, x.partner, x.kind, x.set_id, x.business_key, x.order_id, o.po_number, x.status, x.reason, x.attempts, x.channel, x.file_name,
  x.interchange_control, x.group_control, x.set_control, strftime('%Y-%m-%d %H:%M:%f', x.created_at / 1000.0, 'unixepoch') as created_at, strftime('%Y-%m-%d %H:%M:%f', x.rendered_at / 1000.0, 'unixepoch') as rendered_at, strftime('%Y-%m-%d %H:%M:%f', x.sent_at / 1000.0, 'unixepoch') as sent_at,
  strftime('%Y-%m-%d %H:%M:%f', x.ack_due_at / 1000.0, 'unixepoch') as ack_due_at, x.ack_status, x.ack_detail, strftime('%Y-%m-%d %H:%M:%f', x.settled_at / 1000.0, 'unixepoch') as settled_at
  from outbox x left join sales_order o on o.id = x.order_id;

CREATE VIEW v_ack_overdue as
  select x.id as outbox_id, x.partner, x.kind, x.set_id, x.business_key, x.order_id, x.file_name, x.interchange_control, x.group_control,
  strftime('%Y-%m-%d %H:%M:%f', x.sent_at / 1000.0, 'unixepoch') as sent_at, strftime('%Y-%m-%d %H:%M:%f', x.ack_due_at / 1000.0, 'unixepoch') as ack_due_at
  from outbox x where x.status = 'overdue' or (x.status = 'sent' and x.ack_due_at > 0 and strftime('%Y-%m-%d %H:%M:%f', x.ack_due_at / 1000.0, 'unixepoch') <= strftime('%Y-%m-%d %H:%M:%f', 'now'));

CREATE VIEW v_balance as
  select partner, sku, (sum(base) / 1000000.0) as ordered, (sum(still_open) / 1000000.0) as still_open, (sum(shipped) / 1000000.0) as shipped, (sum(cancelled) / 1000000.0) as cancelled,
  (sum(rejected) / 1000000.0) as rejected, (sum(overshipped) / 1000000.0) as overshipped, (sum(invoiced) / 1000000.0) as invoiced,
  (sum(base - still_open - shipped - cancelled - rejected) / 1000000.0) as bucket_difference,
  (sum(shipped - in_shipments) / 1000000.0) as shipment_difference
  from line_ledger group by partner, sku;

CREATE VIEW v_order_metric as
  select f.id as order_id, f.partner, f.po_number, f.lifecycle as state, date(f.received_at / 1000, 'unixepoch') as received_on, f.line_count as lines, f.full_lines,
  (f.wanted / 1000000.0) as wanted, (f.shipped / 1000000.0) as shipped, (f.overshipped / 1000000.0) as overshipped, (f.returned / 1000000.0) as returned,
  (f.answered_at - f.received_at) / 60000 as minutes_to_answer, (f.shipped_at - f.received_at) / 60000 as minutes_to_ship, f.shipped_date,
  f.holds + f.hands + f.stopped as touches
  from order_facts f;

CREATE VIEW v_metric as
  select f.partner, date(f.received_at / 1000, 'unixepoch') as received_on, 'touchless' as metric, case when f.holds + f.hands + f.stopped = 0 then 1 else 0 end as part, 1 as whole from order_facts f
  union all select f.partner, date(f.received_at / 1000, 'unixepoch'), 'unit_fill', (f.shipped / 1000000.0), (f.wanted / 1000000.0) from order_facts f where f.lifecycle in ('shipped', 'closed', 'rejected')
  union all select f.partner, date(f.received_at / 1000, 'unixepoch'), 'line_fill', f.full_lines, f.line_count from order_facts f where f.lifecycle in ('shipped', 'closed', 'rejected')
  union all select f.partner, date(f.received_at / 1000, 'unixepoch'), 'on_time', case when f.ship_by is null or f.shipped_date <= f.ship_by then 1 else 0 end, 1
  from order_facts f where f.lifecycle in ('shipped', 'closed')
  union all select f.partner, date(f.received_at / 1000, 'unixepoch'), 'in_full', case when f.shipped >= f.wanted then 1 else 0 end, 1 from order_facts f where f.lifecycle in ('shipped', 'closed')
  union all select f.partner, date(f.received_at / 1000, 'unixepoch'), 'on_time_in_full',
  case when (f.ship_by is null or f.shipped_date <= f.ship_by) and f.shipped >= f.wanted then 1 else 0 end, 1 from order_facts f where f.lifecycle in ('shipped', 'closed')
  union all select f.partner, date(f.received_at / 1000, 'unixepoch'), 'accurate', case when f.shipped >= f.wanted and f.overshipped = 0 and f.returned = 0 then 1 else 0 end, 1
  from order_facts f where f.lifecycle in ('shipped', 'closed')
  union all select f.partner, date(f.received_at / 1000, 'unixepoch'), 'returned', (f.returned / 1000000.0), ((f.shipped + f.overshipped) / 1000000.0) from order_facts f where f.lifecycle in ('shipped', 'closed')
  union all select f.partner, date(f.received_at / 1000, 'unixepoch'), 'answers_in_time', case when f.answered_at <= f.answer_by then 1 else 0 end, 1
  from order_facts f where f.answer_by is not null and (f.answered_at is not null or strftime('%Y-%m-%d %H:%M:%f', f.answer_by / 1000.0, 'unixepoch') <= strftime('%Y-%m-%d %H:%M:%f', 'now'))
  union all select s.partner, date(s.created_at / 1000, 'unixepoch'), 'notices_in_time', case when s.told_at <= s.notice_by then 1 else 0 end, 1
  from shipment_facts s where s.notices > 0 and (s.told_at is not null or strftime('%Y-%m-%d %H:%M:%f', s.notice_by / 1000.0, 'unixepoch') <= strftime('%Y-%m-%d %H:%M:%f', 'now'));

CREATE VIEW v_unfilled as
  select u.partner, u.po_number, u.line_ref, u.sku, date(u.received_at / 1000, 'unixepoch') as received_on, u.reason, (u.unfilled / 1000000.0) as unfilled from unfilled_demand u;

CREATE VIEW v_chargeback as
  select d.id as deduction_id, d.partner, date(d.at / 1000, 'unixepoch') as deducted_on, d.source, d.code, d.reason, d.currency, (d.amount / 1000000.0) as amount, d.order_id, d.invoice_id, d.shipment_id from deduction d;

CREATE VIEW interchange_ledger as
  select i.id, i.inbound_file_id, i.partner, i.control, i.received_at, i.status,
  (select count(*) from document d where d.inbound_file_id = i.inbound_file_id and d.interchange_id = i.id) as documents,
  (select count(*) from document d where d.inbound_file_id = i.inbound_file_id and d.interchange_id = i.id and d.group_type <> 'FA') as to_acknowledge,
  (select count(*) from outbox x where x.partner = i.partner and x.unique_key like concat('ack:', i.id, ':%')
  and x.business_key in (select d.group_control from document d where d.inbound_file_id = i.inbound_file_id and d.interchange_id = i.id)) as acknowledgments
  from interchange i;

CREATE VIEW v_shipment as
  select s.id as shipment_id, s.order_id, o.partner, o.po_number, s.location, s.shipment_ref, s.bill_of_lading, s.shipped_date, strftime('%Y-%m-%d %H:%M:%f', s.created_at / 1000.0, 'unixepoch') as booked_at,
  (select (sum(l.quantity + l.over_quantity) / 1000000.0) from shipment_line l where l.shipment_id = s.id) as quantity,
  (select min(i.number) from invoice i where i.order_id = s.order_id and i.shipment_id = s.id) as invoice_number,
  (select (sum(i.total) / 1000000.0) from invoice i where i.order_id = s.order_id and i.shipment_id = s.id) as invoiced_amount
  from shipment s join sales_order o on o.id = s.order_id;

CREATE INDEX inbound_file_received on inbound_file (received_at, partner);

CREATE INDEX document_received on document (received_at);

CREATE INDEX outbox_sent on outbox (sent_at, partner);

CREATE INDEX order_line_sku on order_line (sku, order_id);

CREATE INDEX shipment_shipped on shipment (shipped_date);

CREATE INDEX shipment_reference on shipment (shipment_ref);

CREATE INDEX outbox_with_errors on outbox (id) where ack_status = 'accepted-with-errors';

CREATE INDEX document_refused on document (id) where accepted = 0;

CREATE INDEX outbox_replaces on outbox (replaces_id) where replaces_id is not null;

CREATE VIEW document_ledger as
  select d.id, d.inbound_file_id, d.interchange_id, d.partner, d.kind, d.set_id, d.business_key, d.received_at, d.status, d.reason, d.order_id,
  case when d.accepted = 0 then 'rejected' when d.status = 'parked' then 'parked' when d.status <> 'done' then 'waiting'
  when d.reason = 'DUPLICATE' then 'duplicate' else 'applied' end as outcome, d.accepted
  from document d where d.status not like 'staged-%';

CREATE VIEW v_document as
  select d.id as document_id, d.partner, d.kind, d.set_id, d.business_key, d.status, d.outcome, d.reason, strftime('%Y-%m-%d %H:%M:%f', d.received_at / 1000.0, 'unixepoch') as received_at, d.order_id,
  i.control as interchange_control, d.inbound_file_id, f.name as file_name, f.channel, d.accepted
  from document_ledger d join inbound_file f on f.id = d.inbound_file_id left join interchange i on i.id = d.interchange_id;

CREATE VIEW v_open_hold as
  select h.id as hold_id, h.order_id, o.partner, o.po_number, l.line_ref, h.code, h.value, h.detail, strftime('%Y-%m-%d %H:%M:%f', h.created_at / 1000.0, 'unixepoch') as held_at
  from order_hold h join sales_order o on o.id = h.order_id left join order_line l on l.id = h.line_id where h.resolved_at is null;

CREATE VIEW v_backorder as
  select l.id as line_id, l.order_id, o.partner, o.po_number, strftime('%Y-%m-%d %H:%M:%f', o.received_at / 1000.0, 'unixepoch') as received_at, l.line_ref, l.sku, l.description, l.base_unit,
  (l.backordered / 1000000.0) as backordered, l.promise_date, l.reason
  from order_line l join sales_order o on o.id = l.order_id where l.backordered > 0;
