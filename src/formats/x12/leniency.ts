/** A partner's leniency: a filter over findings, after validation. */
import type { X12Finding } from './findings.ts';
import type { LeniencyRule } from './types.ts';

/** What the first rule that fits makes of a finding; its own severity when none fits. */
export function severityOf(rules: readonly LeniencyRule[] | undefined, item: X12Finding, set?: string): 'ignore' | 'warning' | 'error' {
  return rules?.find((rule) => fits(rule, item, set))?.severity ?? item.severity;
}

function fits(rule: LeniencyRule, item: X12Finding, set: string | undefined): boolean {
  if (rule.code !== undefined && rule.code !== item.code && !(rule.code.endsWith('*') && item.code.startsWith(rule.code.slice(0, -1)))) return false;
  if (rule.set !== undefined && rule.set !== set) return false;
  if (rule.segment !== undefined && rule.segment !== item.segment) return false;
  return rule.element === undefined || rule.element === item.element;
}
