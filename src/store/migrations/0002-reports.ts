/** What is told at times of the day: the last time (local, `2026-03-05T18:00`) for which each report went out. */
export const reports: readonly string[] = [
  `create table {report_run} (partner nvarchar(60) not null, report nvarchar(30) not null, period nvarchar(16) not null, primary key (partner, report))`,
];
