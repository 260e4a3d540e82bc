import type { Config } from '../../config/types.ts';
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
    /** Whom to ask at the partner it is about. */
    readonly contacts: readonly string[];
  }[];
};

/** All that is due to one destination, as one message. */
export function messageOf(notices: readonly Notice[], config: Config, now: number): Message {
  return {
    company: config.company.name,
    at: new Date(now).toISOString(),
    alerts: notices.map(({ event, alert: { id, kind, subject, detail, openedAt } }) => ({
      id: `alert:${id}`,
      event,
      kind,
      subject,
      detail,
      since: new Date(openedAt).toISOString(),
      runbook: runbookOf(kind),
      contacts: contactsOf(config, subject),
    })),
  };
}

/** The page that says what an alert of this kind means and what to do. */
export function runbookOf(kind: string): string {
  return `docs/runbooks/${kind}.md`;
}

/** Whom to ask at the partner whose id a subject begins with, as its file says: `EDI desk (X12), edi@acme.example`. */
export function contactsOf({ partners }: Pick<Config, 'partners'>, subject: string): readonly string[] {
  const partner = partners.get(subject.split(/[ /]/, 1)[0]!);
  return (partner?.contacts ?? []).map(({ name, for: what, email, phone }) =>
    [what === undefined ? name : `${name} (${what})`, phone, email].filter((part) => part !== undefined).join(', '),
  );
}

/** A message as a person reads it. */
export function textOf({ alerts }: Message): { readonly subject: string; readonly text: string } {
  const [first] = alerts;
  const words = { opened: '', again: 'still: ', closed: 'over: ' } as const;
  const head = first ? `${words[first.event as keyof typeof words] ?? ''}${first.kind} ${first.subject}` : 'nothing';
  const subject = `Wharf: ${head}${alerts.length > 1 ? ` and ${alerts.length - 1} more` : ''}`.replaceAll(/[\r\n]+/g, ' ').slice(0, 150);
  const text = alerts
    .map((each) => {
      const ask = each.contacts.map((contact) => `  ask ${contact}\n`).join('');
      return `${each.event.toUpperCase()} ${each.kind} ${each.subject}\n  ${each.detail}\n  since ${each.since}, ${each.id}\n  see ${each.runbook}\n${ask}`;
    })
    .join('\n');
  return { subject, text };
}
