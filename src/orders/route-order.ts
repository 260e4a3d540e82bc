import type { Decimal } from '../decimal.ts';

/** A location that may ship. `lateDays` is how late it would; costs are money. */
export type RouteNode = {
  readonly code: string;
  readonly priority: number;
  readonly distance: number;
  readonly fixedCost: Decimal;
  readonly unitCost: Decimal;
  readonly lateDays: number;
};

export type RouteRules = {
  readonly objective: 'splits' | 'cost';
  readonly maxShipments: number;
  readonly splitPenalty: Decimal;
  readonly latePenalty: Decimal;
  readonly regretLimit: Decimal;
  readonly splitLines: boolean;
};

/** A set of nodes with what it would ship; `nodes` are indexes. */
export type Option = {
  readonly nodes: readonly number[];
  readonly fill: Decimal;
  readonly cost: Decimal;
  readonly lateDays: number;
  readonly scarcity: Decimal;
};

/** More fill first; then fewer shipments and less cost, in the order that the objective wants. */
export function byObjective(rules: RouteRules, a: Option, b: Option): number {
  const shipments = a.nodes.length - b.nodes.length;
  const cost = compare(a.cost, b.cost);
  return compare(b.fill, a.fill) || (rules.objective === 'splits' ? shipments || cost : cost || shipments);
}

/** What decides between options that are equally good by their objective. */
export function byTheRest(nodes: readonly RouteNode[], a: Option, b: Option): number {
  const sum = (option: Option, of: (node: RouteNode) => number): number => option.nodes.reduce((all, n) => all + of(nodes[n]!), 0);
  const codes = (option: Option): string => option.nodes.map((n) => nodes[n]!.code).join(' ');
  return (
    a.nodes.length - b.nodes.length ||
    a.lateDays - b.lateDays ||
    compare(a.scarcity, b.scarcity) ||
    compare(a.cost, b.cost) ||
    sum(a, (node) => node.priority) - sum(b, (node) => node.priority) ||
    sum(a, (node) => node.distance) - sum(b, (node) => node.distance) ||
    compare(codes(a), codes(b))
  );
}

/** Two nodes (indexes) by priority, distance and code. */
export function byOwnOrder(nodes: readonly RouteNode[], a: number, b: number): number {
  const [one, other] = [nodes[a]!, nodes[b]!];
  return one.priority - other.priority || one.distance - other.distance || compare(one.code, other.code);
}

export function compare<T extends bigint | string>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
