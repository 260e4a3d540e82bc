/** Files in, documents, the outbox, control numbers and the activity log: the three queues and what numbers and remembers them. */
const queue = `status nvarchar(20) not null, reason nvarchar(40), detail <text>, attempts int not null default 0, due_at bigint not null default 0,
  claimed_by nvarchar(80), claimed_until bigint not null default 0`;

export const gateway: readonly string[] = [
  `create table {inbound_file} (id <id>, partner nvarchar(60), channel nvarchar(120) not null, name nvarchar(255) not null, size bigint not null,
    modified_at bigint not null, source_id nvarchar(120) not null, sha256 nvarchar(64) not null, format nvarchar(10), received_at bigint not null,
    disposed_at bigint, finished_at bigint, ${queue})`,
  `create index inbound_file_queue on {inbound_file} (status, due_at, id)`,
  `create index inbound_file_turn on {inbound_file} (status, channel, due_at, id)`,
  `create index inbound_file_seen on {inbound_file} (channel, disposed_at, name)`,
  `create index inbound_file_name on {inbound_file} (name)`,
  `create table {payload} (owner nvarchar(20) not null, owner_id bigint not null, chunk int not null, bytes <blob> not null, primary key (owner, owner_id, chunk))`,

  `create table {interchange} (id <id>, inbound_file_id bigint not null, position int not null, partner nvarchar(60), sender nvarchar(40) not null,
    receiver nvarchar(40) not null, control nvarchar(20) not null, version nvarchar(12) not null, usage nvarchar(1) not null, sent_on nvarchar(20) not null,
    content_hash nvarchar(64) not null, status nvarchar(20) not null, duplicate_of bigint, findings <text>, received_at bigint not null,
    unique (inbound_file_id, position), foreign key (inbound_file_id) references {inbound_file} (id))`,
  `create index interchange_control on {interchange} (control, partner, sender, receiver)`,

  `create table {document} (id <id>, inbound_file_id bigint not null, interchange_id bigint, position int not null, partner nvarchar(60) not null,
    kind nvarchar(30), set_id nvarchar(10), group_type nvarchar(2), group_control nvarchar(20), set_control nvarchar(20), business_key nvarchar(80), accepted int not null,
    canonical <text>, findings <text>, mapping nvarchar(120), mapping_hash nvarchar(64), content_hash nvarchar(64), order_id bigint, waits_for nvarchar(200),
    received_at bigint not null, finished_at bigint, ${queue},
    unique (inbound_file_id, position), foreign key (inbound_file_id) references {inbound_file} (id))`,
  `create index document_queue on {document} (status, due_at, id)`,
  `create index document_turn on {document} (status, partner, due_at, id)`,
  `create index document_business on {document} (business_key, partner)`,
  `create index document_order on {document} (order_id)`,
  `create index document_waits on {document} (waits_for)`,

  `create table {outbox} (id <id>, partner nvarchar(60) not null, kind nvarchar(30) not null, unique_key nvarchar(200) not null unique, order_id bigint,
    cause_document_id bigint, business_key nvarchar(80), canonical <text> not null, mapping nvarchar(120), mapping_hash nvarchar(64), channel nvarchar(120),
    set_id nvarchar(10), interchange_control nvarchar(20), group_type nvarchar(2), group_control nvarchar(20), set_control nvarchar(20), file_name nvarchar(255),
    size bigint, sha256 nvarchar(64), temporary_name nvarchar(255), created_at bigint not null, rendered_at bigint, sent_at bigint, settled_at bigint,
    ack_due_at bigint, ack_status nvarchar(20), ack_detail <text>, replaces_id bigint, ${queue})`,
  `create index outbox_queue on {outbox} (status, due_at, id)`,
  `create index outbox_channel on {outbox} (status, channel, due_at, id)`,
  `create index outbox_group on {outbox} (group_control, partner, group_type)`,
  `create index outbox_interchange on {outbox} (interchange_control, partner)`,
  `create index outbox_name on {outbox} (file_name)`,
  `create index outbox_business on {outbox} (business_key, partner)`,
  `create index outbox_order on {outbox} (order_id)`,
  `create index outbox_cause on {outbox} (cause_document_id)`,

  `create table {control_number} (scope nvarchar(200) not null primary key, next bigint not null)`,
  `create table {lease} (resource nvarchar(120) not null primary key, owner nvarchar(80) not null, token bigint not null, expires_at bigint not null)`,

  // Commits on a server, so that one whose answer was lost can be told from one that never happened. See mssql-commit.ts.
  `create table {commit_mark} (mark nvarchar(40) not null primary key, happened int not null, at bigint not null)`,
  `create index commit_mark_at on {commit_mark} (at)`,

  `create table {activity} (id <id>, at bigint not null, verb nvarchar(20) not null, partner nvarchar(60), inbound_file_id bigint, document_id bigint, outbox_id bigint,
    order_id bigint, text <text> not null)`,
  `create index activity_file on {activity} (inbound_file_id)`,
  `create index activity_document on {activity} (document_id)`,
  `create index activity_outbox on {activity} (outbox_id)`,
  `create index activity_order on {activity} (order_id)`,
];
