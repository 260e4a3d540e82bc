import type { Finding } from '../../finding.ts';
import { leaf, type Node, type Position } from '../../tree.ts';
import type { Message } from '../format.ts';
import { recordPath } from '../record-path.ts';
import type { JsonSettings } from './options.ts';
import { Unreadable, type Token } from './tokens.ts';

const MAX_DEPTH = 100;
const MAX_NODES = 1_000_000;

/** An object or list that is open. Outside of messages there are no `children`; a list that is a member adds its items to the object around it. */
type Open = {
  readonly kind: '{' | '[';
  /** The name of the node this becomes; undefined when it becomes none. */
  readonly name: string | undefined;
  readonly children: Node[] | undefined;
  /** What the items of a list are called. */
  readonly itemName: string;
  readonly at: Position;
  readonly isMessage: boolean;
  readonly names: Set<string>;
  key: string;
  expects: 'first' | 'key' | 'colon' | 'value' | 'comma';
};

type Bracket = { readonly kind: '{' | '['; readonly at: Position };

export type Builder = { readonly take: (token: Token) => void; readonly end: (at: Position) => void };

/** Builds messages from tokens and checks the grammar of RFC 8259. Its functions throw `Unreadable`. */
export function builder(options: JsonSettings, messages: Message[]): Builder {
  const record = options.record?.split('/').slice(1) ?? [];
  const rootName = record.at(-1) ?? 'record';
  const way = recordPath(record);
  let any = false;
  const open: Open[] = [];
  let nodes = 0;
  let findings: Finding[] = [];

  const emit = (tree: Node): void => {
    messages.push({ tree, findings });
    nodes = 0;
    findings = [];
  };
  const count = (at: Position): void => {
    if (++nodes > MAX_NODES) throw new Unreadable('FORMAT_LIMIT', `a message of more than ${MAX_NODES} members`, at);
  };
  const add = (node: Node): void => {
    const around = open.at(-1)!;
    around.children!.push(around.kind === '[' ? { ...node, repeats: true } : node);
  };
  const begin = ({ kind, at }: Bracket): void => {
    if (open.length >= MAX_DEPTH) throw new Unreadable('FORMAT_LIMIT', `nested deeper than ${MAX_DEPTH}`, at);
    const fresh = { kind, at, names: new Set<string>(), key: '', expects: 'first' as const };
    const around = open.at(-1);
    const place = around?.children ? 'inside' : placeOf(open, record);
    if (place === 'inside') count(at);
    if (place === 'outside' || (place === 'record' && kind === '['))
      open.push({ ...fresh, name: undefined, children: undefined, itemName: '', isMessage: false });
    else if (place !== 'inside') open.push({ ...fresh, name: rootName, children: [], itemName: 'item', isMessage: true });
    else if (kind === '[' && around!.kind === '{')
      open.push({ ...fresh, name: undefined, children: around!.children, itemName: around!.key, isMessage: false });
    else open.push({ ...fresh, name: nameIn(around!), children: [], itemName: 'item', isMessage: false });
  };
  const finish = (token: Token): void => {
    const closed = open.pop();
    if (!closed || (closed.kind === '{') !== (token.kind === '}') || (closed.expects !== 'first' && closed.expects !== 'comma')) throw unexpected(token);
    if (!closed.children || closed.name === undefined) return;
    const node = { name: closed.name, children: closed.children, at: closed.at };
    if (closed.isMessage) emit(node);
    else add(node);
  };
  const scalar = (token: Token): void => {
    const around = open.at(-1);
    const inside = around?.children !== undefined;
    if (!('text' in token) || (!inside && placeOf(open, record) === 'outside')) return;
    count(token.at);
    if (inside) add(leaf(nameIn(around), token.text, token.at));
    else emit(leaf(rootName, token.text, token.at));
  };
  const takeKey = (around: Open, token: Token): void => {
    if (token.kind !== 'string') throw unexpected(token);
    if (around.children && around.names.has(token.text)) {
      const message = `line ${token.at.line}: the member "${token.text.slice(0, 99)}" is there twice`;
      findings.push({ code: 'RECORD_INVALID', severity: 'error', message, at: token.at });
    }
    if (around.children) around.names.add(token.text);
    else if (open.every(({ kind }) => kind === '{')) {
      way.saw(
        open.slice(0, -1).map(({ key }) => key),
        token.text,
      );
    }
    around.key = token.text;
    around.expects = 'colon';
  };

  return {
    take: (token) => {
      any = true;
      if (token.kind === '}' || token.kind === ']') return finish(token);
      const around = open.at(-1);
      const expects = around?.expects ?? 'value';
      if (around && expects === 'colon' && token.kind === ':') return void (around.expects = 'value');
      if (around && expects === 'comma' && token.kind === ',') return void (around.expects = around.kind === '{' ? 'key' : 'value');
      if (around && (expects === 'key' || (expects === 'first' && around.kind === '{'))) return takeKey(around, token);
      if ((expects !== 'value' && expects !== 'first') || token.kind === ':' || token.kind === ',') throw unexpected(token);
      if (around) around.expects = 'comma';
      if (token.kind === '{' || token.kind === '[') begin({ kind: token.kind, at: token.at });
      else scalar(token);
      return undefined;
    },
    end: (at) => {
      if (open.length > 0) throw new Unreadable('FILE_TRUNCATED', `the file ends inside ${open.length} objects and lists`, at);
      if (any && record.length > 0 && !way.reached()) throw new Unreadable('HEADER_INVALID', way.missed(), at);
    },
  };
}

function nameIn(around: Open): string {
  return around.kind === '{' ? around.key : around.itemName;
}

/** Whether a value outside of messages stands at the record path itself, is an item of a list there, or neither. */
function placeOf(open: readonly Open[], record: readonly string[]): 'record' | 'item' | 'outside' {
  const listed = open.at(-1)?.kind === '[';
  const objects = listed ? open.slice(0, -1) : open;
  const there = objects.length === record.length && objects.every((one, i) => one.kind === '{' && one.key === record[i]);
  return there ? (listed ? 'item' : 'record') : 'outside';
}

function unexpected(token: Token): Unreadable {
  return new Unreadable('FILE_MALFORMED', `"${'text' in token ? token.text.slice(0, 40) : token.kind}" is not expected`, token.at);
}
