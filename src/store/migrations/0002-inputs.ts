/** What each allocation looked at, compressed: for weighing another policy against what was decided. And each version of a policy that decided something. */
export const inputs: readonly string[] = [
  `create table {decision_input} (id <id>, at bigint not null, orders int not null, content <blob> not null)`,
  `create index decision_input_at on {decision_input} (at, id)`,
  `create table {policy_version} (version nvarchar(12) not null primary key, content <text> not null, at bigint not null)`,
];
