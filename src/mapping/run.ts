import { showPlace } from '../errors.ts';
import type { Finding } from '../finding.ts';
import type { Node, Position } from '../tree.ts';
import type { Limits, Rule, RunContext } from './types.ts';

/** The state of one run. `at` and `element` (of X12, or the column, XML element or member) tell what was read last, so that a finding can point at it. */
export type Run = {
  steps: number;
  output: number;
  at: Position | undefined;
  element: string | undefined;
  readonly findings: Finding[];
  readonly context: RunContext;
  readonly root: Node;
  /** What holds each node, once a rule has asked. */
  parents: ReadonlyMap<Node, Node> | undefined;
};

/** Where a rule stands: the node its paths start from, and the context around it that `../` goes to. */
export type Frame = {
  readonly node: Node;
  readonly up: Frame | undefined;
  readonly run: Run;
  /** The output path of the record that moved the context here, from the frame above. */
  readonly label: string;
  /** Which of a list, from 0; -1 when not of a list. */
  readonly index: number;
};

/** A value that could not be made, and why. */
export type Failure = { readonly problem: string };

export const DEFAULT_LIMITS: Limits = { steps: 20_000_000, output: 64_000_000 };
const MAX_FINDINGS = 1000;

/** Ends a run whose budget is spent; never leaves the mapping. */
export class OverBudget extends Error {}

export function startRun(root: Node, context: RunContext): Run {
  const limits = context.limits ?? DEFAULT_LIMITS;
  return { steps: limits.steps, output: limits.output, at: undefined, element: undefined, findings: [], context, root, parents: undefined };
}

/** Pays for `steps` rules or nodes. @throws OverBudget */
export function spend(run: Run, steps: number): void {
  if ((run.steps -= steps) < 0) throw new OverBudget('more steps than a mapping may take');
}

/** Pays for output. @throws OverBudget */
export function spendOutput(run: Run, characters: number): void {
  if ((run.output -= characters + 32) < 0) throw new OverBudget('more output than a mapping may make');
}

/** `lines[2].quantity` */
export function outputPath(frame: Frame, relative: string): string {
  let path = relative;
  for (let f: Frame | undefined = frame; f; f = f.up) {
    if (f.label === '') continue;
    const head = f.index < 0 ? f.label : `${f.label}[${f.index}]`;
    path = path === '' ? head : `${head}.${path}`;
  }
  return path;
}

/** Notes that a rule could not make its value. @throws OverBudget when there are too many. */
export function report(frame: Frame, rule: Rule, relative: string, problem: { code: Finding['code']; message: string; value?: string }): void {
  const { run } = frame;
  const at = run.at ?? nearest(frame);
  run.findings.push({
    code: problem.code,
    severity: 'error',
    message: `${outputPath(frame, relative)}: ${problem.message} (${[showPlace(rule.place), ...sourceOf(at)].join(', ')})`,
    ...(at && { at }),
    ...(at?.segment !== undefined && { position: at.segment }),
    // Only the tree of a transaction set has elements at its root.
    ...(run.element !== undefined && run.root.fields && { segment: run.element.slice(0, run.element.search(/\d\d(-|$)/)) }),
    ...(run.element !== undefined && { element: run.element }),
    ...(problem.value !== undefined && { value: problem.value.slice(0, 99) }),
  });
  if (run.findings.length >= MAX_FINDINGS) throw new OverBudget(`${MAX_FINDINGS} findings; the rest is not looked at`);
}

function sourceOf(at: Position | undefined): readonly string[] {
  if (at?.segment !== undefined) return [`segment ${at.segment}`];
  return at?.line === undefined ? [] : [`line ${at.line}`];
}

function nearest(frame: Frame): Position | undefined {
  for (let f: Frame | undefined = frame; f; f = f.up) if (f.node.at) return f.node.at;
  return undefined;
}
