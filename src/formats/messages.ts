import type { Finding } from '../finding.ts';
import type { Node, Position } from '../tree.ts';
import type { Message } from './format.ts';

/** A row or record of a flat file: `key` says which message it belongs to, `type` what it is where the file has types. */
export type Row = { readonly node: Node; readonly key: string; readonly type: string; readonly findings: readonly Finding[] };

/** How rows make messages. */
export type Grouping =
  | { readonly by: 'file' | 'row' | 'key' }
  | { readonly by: 'type'; readonly start: string; readonly end: string | undefined; readonly ignore: readonly string[] };

/** Takes rows in file order and gives each message when it is complete. */
export type Collector = {
  readonly push: (row: Row) => Message | undefined;
  /**
   * A row that could not be read: what it belongs to is not known, so that the messages on both sides of it are refused. Where each row is a message, it is
   * one that is refused by itself.
   */
  readonly broken: (finding: Finding, key?: string) => Message | undefined;
  /** Nothing more can be read: the message that was not complete is refused. Where each row is a message, all that came are complete. */
  readonly cut: (finding: Finding) => void;
  readonly end: () => Message | undefined;
};

type Open = { key: string; readonly rows: Node[]; readonly findings: Finding[]; complete: boolean };
type Broken = { readonly finding: Finding; readonly key: string | undefined };

const MAX_ROWS = 1_000_000;

/** Gathers rows into messages whose tree is a node `name` with the rows as children. */
export function collector(name: string, grouping: Grouping): Collector {
  let open: Open | undefined;
  let pending: Broken[] = [];

  const close = (): Message | undefined => {
    const closed = open;
    open = undefined;
    if (!closed || closed.rows.length + closed.findings.length === 0) return undefined;
    if (grouping.by === 'type' && grouping.end !== undefined && !closed.complete) closed.findings.push(unfinished(grouping.end, closed.rows.at(-1)?.at));
    const at = closed.rows[0]?.at;
    return { tree: { name, children: closed.rows, ...(at && { at }) }, findings: closed.findings };
  };

  const begin = (key: string): Open => (open = { key, rows: [], findings: [], complete: false });

  const taint = (next: Open | undefined): void => {
    for (const { finding, key } of pending) {
      const ofOpen = key !== undefined && key === open?.key;
      const ofNext = key !== undefined && key === next?.key;
      if (open && !ofNext) open.findings.push(finding);
      if (next && !ofOpen) next.findings.push(finding);
      if (!open && !next) begin('').findings.push(finding);
    }
    pending = [];
  };

  const add = (row: Row, to: Open): void => {
    to.findings.push(...row.findings);
    if (to.rows.length < MAX_ROWS) to.rows.push(row.node);
    else if (to.rows.length === MAX_ROWS) to.findings.push(tooMany(row.node.at));
  };

  const startsMessage = (row: Row): boolean => {
    if (!open) return true;
    if (grouping.by === 'type') return row.type === grouping.start;
    return grouping.by === 'row' || (grouping.by === 'key' && row.key !== open.key);
  };

  const push = (row: Row): Message | undefined => {
    if (grouping.by === 'type' && grouping.ignore.includes(row.type)) return undefined;
    if (!startsMessage(row)) {
      taint(undefined);
      add(row, open!);
      if (grouping.by === 'type' && row.type === grouping.end) open!.complete = true;
      return undefined;
    }
    const next: Open = { key: row.key, rows: [], findings: [], complete: grouping.by === 'type' && row.type === grouping.end };
    if (grouping.by === 'type' && row.type !== grouping.start) next.findings.push(misplaced(row, grouping.start));
    taint(next);
    const done = close();
    open = next;
    add(row, next);
    return done;
  };

  return {
    push,
    broken: (finding, key) => {
      if (grouping.by === 'row')
        return push({ node: { name: 'row', children: [], ...(finding.at && { at: finding.at }) }, key: '', type: '', findings: [finding] });
      pending.push({ finding, key });
      return undefined;
    },
    cut: (finding) => {
      if (grouping.by !== 'row') pending.push({ finding, key: undefined });
    },
    end: () => {
      taint(undefined);
      return close();
    },
  };
}

function unfinished(end: string, at: Position | undefined): Finding {
  return { code: 'FILE_TRUNCATED', severity: 'error', message: `the message does not end with a record ${end}`, ...(at && { at }) };
}

function misplaced({ node, type }: Row, start: string): Finding {
  return { code: 'RECORD_INVALID', severity: 'error', message: `the record ${type} stands before any ${start}`, ...(node.at && { at: node.at }) };
}

function tooMany(at: Position | undefined): Finding {
  return { code: 'FORMAT_LIMIT', severity: 'error', message: `a message of more than ${MAX_ROWS} rows`, ...(at && { at }) };
}
