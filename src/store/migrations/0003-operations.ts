/** What operating needs: who did what, alerts and what became of them, switches, and which bytes were removed after their time. */
export const operations: readonly string[] = [
  // What the daily balance found.
  `create table {balance_check} (id <id>, at bigint not null, content <text> not null)`,

  // Each row's hash covers the one before it; the head says where the chain ends, so that its end cannot be cut off unseen.
  `create table {audit} (seq bigint not null primary key, at bigint not null, who nvarchar(120) not null, act nvarchar(40) not null, target nvarchar(200),
    reason nvarchar(400), before_state <text>, after_state <text> not null, previous_hash nvarchar(64) not null, hash nvarchar(64) not null)`,
  `create index audit_at on {audit} (at)`,
  `create table {audit_head} (name nvarchar(20) not null primary key, seq bigint not null, hash nvarchar(64) not null)`,
  `insert into {audit_head} (name, seq, hash) values ('audit', 0, '')`,

  `create table {alert} (id <id>, kind nvarchar(30) not null, subject nvarchar(200) not null, detail <text> not null, opened_at bigint not null, seen_at bigint not null,
    closed_at bigint, acknowledged_at bigint, acknowledged_by nvarchar(120), snoozed_until bigint not null default 0)`,
  `create index alert_open on {alert} (closed_at, kind, subject)`,
  // What has to be told of alerts, to whom, and how often it was tried: a destination that is down delays no other.
  `create table {notice} (id <id>, alert_id bigint not null, destination nvarchar(120) not null, event nvarchar(10) not null, due_at bigint not null, attempts int not null default 0,
    sent_at bigint, given_up_at bigint, error <text>, foreign key (alert_id) references {alert} (id))`,
  `create index notice_due on {notice} (sent_at, due_at)`,

  // Control numbers that a person skipped: they explain a gap.
  `create table {control_skip} (id <id>, scope nvarchar(200) not null, first bigint not null, last bigint not null, at bigint not null, who nvarchar(120) not null)`,

  `create table {gateway_switch} (name nvarchar(200) not null primary key, value nvarchar(200) not null, at bigint not null, who nvarchar(120) not null)`,

  `alter table {inbound_file} add payload_removed_at bigint`,
  `alter table {outbox} add payload_removed_at bigint`,
  // Files that came out of a packed one, and the bytes of outgoing files as they leave where those are packed.
  `alter table {inbound_file} add unpacked_from bigint`,
  `create index inbound_file_unpacked on {inbound_file} (unpacked_from)`,
  `alter table {outbox} add packed_size bigint`,
  `alter table {outbox} add packed_sha256 nvarchar(64)`,

  // What a person found out about the acknowledgment of an outgoing document.
  `alter table {outbox} add review_note nvarchar(400)`,
  `alter table {outbox} add reviewed_by nvarchar(120)`,
  `alter table {outbox} add reviewed_at bigint`,

  // How each channel did last, as its daemon tells it now and then, and when a schedule of it ran last.
  `create table {channel_state} (channel nvarchar(120) not null primary key, looked_at bigint, answered_at bigint, failing_since bigint, code nvarchar(40),
    failures int not null default 0, rests_until bigint, login int, ran_at bigint)`,
  `create index inbound_file_partner on {inbound_file} (partner, received_at)`,
];
