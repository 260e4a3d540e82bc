import type { Notice } from '../../store/alerts.ts';

/** What is sent about alerts: ids, counts and codes, nothing of what partners wrote. */
export type Message = {
  readonly company: string;
  /** ISO 8601. */
  readonly at: string;
  readonly alerts: readonly {
    readonly id: string;
    readonly event: string;
    readonly kind: string;
    readonly subject: string;
    readonly detail: string;
    readonly since: string;
    readonly runbook: string;
  }[];
};

/** All that is due to one destination, as one message. */
export function messageOf(notices: readonly Notice[], company: string, now: number): Message {
  return {
    company,
    at: new Date(now).toISOString(),
    alerts: notices.map(({ event, alert: { id, kind, subject, detail, openedAt } }) => ({
      id: `alert:${id}`,
      event,
      kind,
      subject,
      detail,
      since: new Date(openedAt).toISOString(),
      runbook: runbookOf(kind),
    })),
  };
}

/** The page that says what an alert of this kind means and what to do. */
export function runbookOf(kind: string): string {
  return `docs/runbooks/${kind}.md`;
}

/** A message as a person reads it. */
export function textOf({ alerts }: Message): { readonly subject: string; readonly text: string } {
  const [first] = alerts;
  const words = { opened: '', again: 'still: ', closed: 'over: ' } as const;
  const head = first ? `${words[first.event as keyof typeof words] ?? ''}${first.kind} ${first.subject}` : 'nothing';
  const subject = `Wharf: ${head}${alerts.length > 1 ? ` and ${alerts.length - 1} more` : ''}`.replaceAll(/[\r\n]+/g, ' ').slice(0, 150);
  const text = alerts
    .map((each) => `${each.event.toUpperCase()} ${each.kind} ${each.subject}\n  ${each.detail}\n  since ${each.since}, ${each.id}\n  see ${each.runbook}\n`)
    .join('\n');
  return { subject, text };
}
