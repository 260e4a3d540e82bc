import { fieldText, type Field, type Node } from '../tree.ts';
import type { ElementRef, Path, Start, Step, Test } from './path.ts';
import { needsOf, type Needs } from './presence.ts';
import { spend, type Frame, type Run } from './run.ts';

/** A path compiled: reads nodes and text from the frame a rule stands in. Absent is ''. */
export type Selector = {
  readonly path: Path;
  readonly needs: Needs;
  /** Where the path is a name alone: all are the children of that name. */
  readonly name?: string | undefined;
  /** The node whose text or element this is; the first one when there are several. */
  readonly first: (frame: Frame) => Node | undefined;
  readonly all: (frame: Frame) => readonly Node[];
  /** The text of the first one, noting in the run where it stood. */
  readonly text: (frame: Frame) => string;
  /** Every text that is not empty, repetitions of an element included. */
  readonly texts: (frame: Frame) => readonly string[];
};

type Filter = (nodes: readonly Node[], run: Run) => readonly Node[];

/** The first node that the rest of a path leads to. */
type Find = (node: Node, run: Run) => Node | undefined;

/** Compiles a path to closures. */
export function compilePath(path: Path): Selector {
  if (path.start.kind === 'variable') return variable(path, path.start.name);
  const { start, element } = path;
  const steps = path.steps.map(compileStep);
  const only = path.steps.length === 1 && !element ? path.steps[0]! : undefined;
  const name = only?.kind === 'child' && only.tests.length === 0 ? only.name : undefined;
  const first = firstOf(path);
  const all = (frame: Frame): readonly Node[] => {
    const from = startNode(start, frame);
    if (!from) return [];
    if (name !== undefined) return named(from, name, frame.run);
    let nodes: readonly Node[] = [from];
    for (const step of steps) nodes = nodes.length === 1 ? step(nodes[0]!, frame.run) : nodes.flatMap((node) => step(node, frame.run));
    return element ? nodes.flatMap((node) => segmentsOf(node, element, frame.run)) : nodes;
  };
  return {
    path,
    needs: needsOf(path),
    name: start.kind === 'here' ? name : undefined,
    first,
    all,
    text: textReader(path, first),
    texts: textsReader(element, all),
  };
}

function firstOf(path: Path): Selector['first'] {
  const { start, steps, element } = path;
  const find = finder(path);
  if (start.kind !== 'here') {
    return (frame) => {
      const from = startNode(start, frame);
      return from && find(from, frame.run);
    };
  }
  if (!element || steps.length > 0) return ({ node, run }) => find(node, run);
  return ({ node, run }) => (node.name === element.segment ? node : segmentOf(node, element, run));
}

/** Each step leads on to the one after it, the last to the segment of the element. */
function finder({ steps, element }: Path): Find {
  let next: Find | undefined = element && ((node, run) => segmentOf(node, element, run));
  for (const step of steps.toReversed()) next = stepFinder(step, next);
  return next ?? ((node) => node);
}

function stepFinder(step: Step, next: Find | undefined): Find {
  const holds = quickTest(step);
  if (step.kind !== 'child' || (step.tests.length > 0 && !holds)) {
    const pick = compileStep(step);
    return (node, run) => {
      for (const candidate of pick(node, run)) {
        const found = next ? next(candidate, run) : candidate;
        if (found) return found;
      }
      return undefined;
    };
  }
  const { name } = step;
  return ({ children }, run) => {
    if (!children) return undefined;
    for (let i = 0; i < children.length; i++) {
      const candidate = children[i]!;
      if (candidate.name !== name || (holds && !holds(candidate))) continue;
      const found = next ? next(candidate, run) : candidate;
      if (!found) continue;
      spend(run, i);
      return found;
    }
    spend(run, children.length);
    return undefined;
  };
}

/** Most rules of a mapping find nothing in a document: that must cost next to nothing. */
const NONE: readonly Node[] = [];

/** The children of that name. */
function named({ children }: Node, name: string, run: Run): readonly Node[] {
  if (!children) return NONE;
  spend(run, children.length);
  let nodes: Node[] | undefined;
  for (let i = 0; i < children.length; i++) if (children[i]!.name === name) (nodes ??= []).push(children[i]!);
  return nodes ?? NONE;
}

function textReader(path: Path, first: Selector['first']): Selector['text'] {
  const { element, steps } = path;
  const last = steps.at(-1);
  const label = element
    ? `${element.segment}${String(element.element).padStart(2, '0')}${element.component > 1 ? `-${element.component}` : ''}`
    : last?.kind === 'child'
      ? last.name
      : undefined;
  return (frame) => {
    const node = first(frame);
    if (!node) return '';
    const { run } = frame;
    if (node.at) run.at = node.at;
    run.element = label;
    return textOf(node, path);
  };
}

function textsReader(element: ElementRef | undefined, all: Selector['all']): Selector['texts'] {
  return (frame) => {
    const result: string[] = [];
    for (const node of all(frame)) {
      const texts = element ? repetitions(node.fields?.[element.element - 1], element.component) : [node.value ?? ''];
      for (const text of texts) if (text !== '') result.push(text);
    }
    return result;
  };
}

function repetitions(field: Field | undefined, component: number): readonly string[] {
  if (field === undefined || typeof field === 'string') return [fieldText(field, component)];
  return field.map((repetition) => repetition[component - 1] ?? '');
}

function variable(path: Path, name: string): Selector {
  const text = (frame: Frame): string => {
    if (name === 'position') return position(frame);
    const { variables } = frame.run.context;
    return Object.hasOwn(variables, name) ? variables[name]! : '';
  };
  const node = (frame: Frame): Node => ({ name, value: text(frame) });
  const texts = (frame: Frame): readonly string[] => [text(frame)].filter((value) => value !== '');
  return { path, needs: undefined, first: node, all: (frame) => [node(frame)], text, texts };
}

/** Which of its list the record is, from 1. */
function position(frame: Frame): string {
  let at: Frame | undefined = frame;
  while (at && at.index < 0) at = at.up;
  return at ? String(at.index + 1) : '';
}

function startNode(start: Start, frame: Frame): Node | undefined {
  if (start.kind === 'here') return frame.node;
  if (start.kind === 'root') return frame.run.root;
  if (start.kind === 'parent') {
    let node: Node | undefined = frame.node;
    for (let level = start.levels; level > 0 && node; level--) node = parentsIn(frame.run).get(node);
    return node;
  }
  let at: Frame | undefined = frame;
  for (let level = start.kind === 'up' ? start.levels : 0; level > 0 && at; level--) at = at.up;
  return at?.node;
}

/** What holds each node of the document. Nodes do not know it: it is found out once, for a mapping that asks. */
function parentsIn(run: Run): ReadonlyMap<Node, Node> {
  if (run.parents) return run.parents;
  const parents = new Map<Node, Node>();
  for (const node of descendants(run.root, run)) for (const child of node.children ?? []) parents.set(child, node);
  return (run.parents = parents);
}

/** The node itself when it is the segment, otherwise its first child of that id. The elements of ST are those of the set. */
function segmentOf(node: Node, { segment }: ElementRef, run: Run): Node | undefined {
  if (node.name === segment) return node;
  if (segment === 'ST' && node === run.root) return node;
  const { children } = node;
  if (!children) return undefined;
  for (let i = 0; i < children.length; i++) {
    if (children[i]!.name !== segment) continue;
    spend(run, i);
    return children[i];
  }
  spend(run, children.length);
  return undefined;
}

function segmentsOf(node: Node, element: ElementRef, run: Run): readonly Node[] {
  if (node.name === element.segment || element.segment === 'ST') return [segmentOf(node, element, run) ?? node];
  spend(run, node.children?.length ?? 0);
  return node.children?.filter((child) => child.name === element.segment) ?? [];
}

/** The test of a step such as `N1[N101=ST]`, which most are: a name and one test on the element of the segment itself. */
function quickTest(step: Step): ((node: Node) => boolean) | undefined {
  const [test] = step.tests;
  if (step.kind !== 'child' || step.tests.length !== 1 || test?.kind !== 'equals') return undefined;
  const { element, steps, start } = test.path;
  if (!element || element.segment !== step.name || steps.length > 0 || start.kind !== 'here') return undefined;
  const values = new Set(test.values);
  return (node) => values.has(fieldText(node.fields?.[element.element - 1], element.component)) !== test.not;
}

function compileStep(step: Step): (node: Node, run: Run) => readonly Node[] {
  const pick = candidates(step);
  const filters = step.tests.map(compileTest);
  return (node, run) => {
    let nodes = pick(node, run);
    for (const filter of filters) nodes = filter(nodes, run);
    return nodes;
  };
}

function candidates(step: Step): (node: Node, run: Run) => readonly Node[] {
  if (step.kind === 'nth') return (node) => node.children?.slice(step.index - 1, step.index) ?? [];
  if (step.kind === 'deep') return descendants;
  return (node, run) => {
    const { children } = node;
    if (!children) return [];
    spend(run, children.length);
    return step.kind === 'any' ? children : children.filter((child) => child.name === step.name);
  };
}

/** The node and everything below it, in document order, without recursion: a tree may be deep. */
function descendants(node: Node, run: Run): readonly Node[] {
  const result: Node[] = [];
  const stack: Node[] = [node];
  for (let next = stack.pop(); next; next = stack.pop()) {
    spend(run, 1);
    result.push(next);
    const { children } = next;
    if (children) for (let i = children.length - 1; i >= 0; i--) stack.push(children[i]!);
  }
  return result;
}

function compileTest(test: Test): Filter {
  if (test.kind === 'position') return (nodes) => (test.index < 0 ? nodes.slice(-1) : nodes.slice(test.index - 1, test.index));
  const selector = compilePath(test.path);
  if (test.kind === 'exists') return (nodes, run) => nodes.filter((node) => isThere(selector.first(here(node, run)), test.path, run));
  const values = new Set(test.values);
  return (nodes, run) =>
    nodes.filter((node) => {
      spend(run, 1);
      const found = selector.first(here(node, run));
      return values.has(found ? textOf(found, test.path) : '') !== test.not;
    });
}

function here(node: Node, run: Run): Frame {
  return { node, up: undefined, run, label: '', index: -1 };
}

function textOf(node: Node, { element }: Path): string {
  return element ? fieldText(node.fields?.[element.element - 1], element.component) : (node.value ?? '');
}

/** Whether there is something: a value that is not empty, or a record. */
export function isThere(node: Node | undefined, path: Path, run: Run): boolean {
  spend(run, 1);
  if (!node) return false;
  if (path.element) return textOf(node, path) !== '';
  return (node.value ?? '') !== '' || (node.children?.length ?? 0) > 0 || (node.fields?.length ?? 0) > 0;
}
