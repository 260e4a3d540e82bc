import type { ErrorCode } from '../errors.ts';
import type { Finding } from '../finding.ts';
import { z } from '../schema.ts';
import { toPlain } from '../tree.ts';
import type { Node } from '../tree.ts';
import { applicationAdvice } from './application-advice.ts';
import { invoice } from './invoice.ts';
import { order } from './order.ts';
import { orderChange } from './order-change.ts';
import { orderChangeResponse } from './order-change-response.ts';
import { orderResponse } from './order-response.ts';
import { orderStatus } from './order-status.ts';
import { remittance } from './remittance.ts';
import { returnDocument } from './return.ts';
import { routingInstructions, routingRequest } from './routing.ts';
import { shipment } from './shipment.ts';
import { stockReport } from './stock-report.ts';
import { stockTransfer } from './stock-transfer.ts';
import { warehouseOrder } from './warehouse-order.ts';

/** Every canonical document by its kind. A new kind does not compile until the pipeline handles it. */
export const schemas = {
  order,
  'order-response': orderResponse,
  'order-change': orderChange,
  'order-change-response': orderChangeResponse,
  'order-status': orderStatus,
  'warehouse-order': warehouseOrder,
  shipment,
  invoice,
  'stock-report': stockReport,
  'stock-transfer': stockTransfer,
  return: returnDocument,
  remittance,
  'application-advice': applicationAdvice,
  'routing-request': routingRequest,
  'routing-instructions': routingInstructions,
} as const;

export type Kind = keyof typeof schemas;
export type CanonicalDocument = { [K in Kind]: z.infer<(typeof schemas)[K]> }[Kind];
export const kinds = Object.keys(schemas) as readonly Kind[];

/** What people know a document by: its purchase order number, the number of the work, or that of the report. */
export function businessKeyOf(document: CanonicalDocument): string | undefined {
  switch (document.kind) {
    case 'order-status':
      return document.orders.length === 1 ? document.orders[0]!.poNumber : document.reference;
    case 'stock-report':
    case 'stock-transfer':
    case 'remittance':
    case 'application-advice':
    case 'routing-instructions':
      return document.reference;
    default:
      return document.poNumber ?? ('depositorOrder' in document ? document.depositorOrder : undefined);
  }
}

/** The canonical document that a mapped tree holds, or what is missing or wrong in it (code DOCUMENT_INVALID). */
export function toDocument(kind: Kind, tree: Node): { readonly document: CanonicalDocument } | { readonly findings: readonly Finding[] } {
  const parsed = schemas[kind].safeParse({ ...(toPlain(tree) as object), kind });
  if (parsed.success) return { document: parsed.data };
  return { findings: parsed.error.issues.map(toFinding) };
}

function toFinding(issue: z.core.$ZodIssue): Finding {
  const code: ErrorCode = 'DOCUMENT_INVALID';
  const path = issue.path
    .map((part) => (typeof part === 'number' ? `[${part + 1}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');
  const missing = issue.code === 'invalid_type' && issue.message.includes('undefined');
  return { code, severity: 'error', message: missing ? `${path} is missing` : `${path}: ${issue.message}` };
}
