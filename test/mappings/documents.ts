import type { Invoice } from '../../src/canonical/invoice.ts';
import type { Order } from '../../src/canonical/order.ts';
import type { OrderResponse } from '../../src/canonical/order-response.ts';
import type { Shipment } from '../../src/canonical/shipment.ts';
import type { WarehouseOrder } from '../../src/canonical/warehouse-order.ts';

/** Canonical documents of one order of Acme at Harbor Lane Trading. */

const shipTo = {
  code: '0042',
  qualifier: '92',
  name: 'Acme Distribution Center 42',
  name2: 'Receiving',
  address: '4200 Lakeview Road',
  city: 'Joliet',
  state: 'IL',
  postalCode: '60431',
  country: 'US',
  phone: '555-0100',
} as const;
const shipFrom = {
  code: 'NW',
  qualifier: '91',
  name: 'Northwind Logistics',
  address: '700 Rail Avenue',
  city: 'Kansas City',
  state: 'MO',
  postalCode: '64120',
} as const;
const buyer = { code: '9000', qualifier: '92', name: 'Acme Stores' } as const;
const mug = [
  { qualifier: 'BP', value: '1001' },
  { qualifier: 'UP', value: '614141010103' },
];
const tumbler = [
  { qualifier: 'BP', value: '1006' },
  { qualifier: 'UP', value: '614141010608' },
];
const head = { poNumber: '4500012345', orderDate: '2026-03-02', releaseNumber: 'R7', department: '0210', vendorNumber: '104417' };

export const orderResponse: OrderResponse = {
  kind: 'order-response',
  ...head,
  responseDate: '2026-03-02',
  verdict: 'changed',
  vendorOrder: 'HL100001',
  currency: 'USD',
  shipTo,
  lines: [
    {
      lineRef: '1',
      ids: mug,
      quantity: '48',
      unit: 'EA',
      price: '6.25',
      outcomes: [
        { outcome: 'accepted', quantity: '40', unit: 'EA', date: '2026-03-09' },
        { outcome: 'backordered', quantity: '8', unit: 'EA', date: '2026-03-20' },
      ],
    },
    {
      lineRef: '2',
      ids: tumbler,
      quantity: '2',
      unit: 'CA',
      outcomes: [{ outcome: 'substituted', quantity: '2', unit: 'CA', ids: [{ qualifier: 'VN', value: 'HL-VAS-01' }] }],
    },
    { lineRef: '3', ids: [{ qualifier: 'BP', value: '9999' }], quantity: '6', unit: 'EA', outcomes: [{ outcome: 'item-unknown', quantity: '6', unit: 'EA' }] },
  ],
};

export const shipment: Shipment = {
  kind: 'shipment',
  purpose: 'original',
  ...head,
  shipmentId: 'HL100001-1',
  shippedDate: '2026-03-09',
  shippedAt: '2026-03-09T16:40:00',
  expectedDelivery: '2026-03-12',
  depositorOrder: 'J-2001',
  warehouse: 'NW',
  shipFrom,
  shipTo,
  buyer,
  markFor: { code: '0149', qualifier: '92' },
  carrier: { scac: 'RDWY', method: 'M', name: 'Roadway' },
  billOfLading: 'BL778899',
  proNumber: 'PRO4455',
  tracking: '1Z999',
  cartons: '2',
  weight: '31.5',
  weightUnit: 'LB',
  totalQuantity: '50',
  packs: [
    {
      sscc: '006141410000000012',
      tracking: '1Z9991',
      items: [{ lineRef: '1', sku: 'HL-MUG-01', ids: mug, quantity: '24', unit: 'EA', lot: 'L77', sscc: '006141410000000012' }],
    },
    {
      sscc: '006141410000000029',
      items: [
        { lineRef: '1', sku: 'HL-MUG-01', ids: mug, quantity: '16', unit: 'EA', sscc: '006141410000000029' },
        { lineRef: '2', sku: 'HL-GLS-01', ids: tumbler, quantity: '10', unit: 'EA', sscc: '006141410000000029' },
      ],
    },
  ],
  lines: [
    { lineRef: '1', sku: 'HL-MUG-01', ids: mug, description: 'Stoneware mug, white', ordered: '48', shipped: '40', unit: 'EA', status: 'CP' },
    { lineRef: '2', sku: 'HL-GLS-01', ids: tumbler, ordered: '10', shipped: '10', unit: 'EA' },
  ],
};

export const invoice: Invoice = {
  kind: 'invoice',
  ...head,
  invoiceNumber: 'INV-5001',
  invoiceDate: '2026-03-09',
  shipmentId: 'HL100001-1',
  billOfLading: 'BL778899',
  shippedDate: '2026-03-09',
  currency: 'USD',
  billTo: buyer,
  shipTo,
  carrier: { scac: 'RDWY', method: 'M' },
  terms: { discountPercent: '2', discountDays: '10', netDays: '30', description: '2% 10 Net 30' },
  lines: [
    { lineRef: '1', ids: mug, description: 'Stoneware mug, white', quantity: '7', unit: 'EA', price: '3.3333', extended: '23.33' },
    { lineRef: '2', ids: tumbler, quantity: '13', unit: 'EA', price: '1.005', extended: '13.07' },
  ],
  charges: [
    { indicator: 'A', code: 'C310', amount: '0.73', description: 'Launch discount' },
    { indicator: 'C', code: 'D240', amount: '5' },
  ],
  subtotal: '36.40',
  total: '40.67',
};

export const warehouseOrder: WarehouseOrder = {
  kind: 'warehouse-order',
  purpose: 'original',
  depositorOrder: 'HL100001-1',
  poNumber: '4500012345',
  orderDate: '2026-03-02',
  warehouse: 'NW',
  shipFrom,
  shipTo,
  buyer,
  markFor: { code: '0149', qualifier: '92' },
  requestedShip: '2026-03-09',
  shipNoLater: '2026-03-13',
  cancelAfter: '2026-03-20',
  carrier: { scac: 'RDWY', method: 'M', name: 'Roadway' },
  freightPayment: 'CC',
  references: [
    { qualifier: 'DP', value: '0210' },
    { qualifier: 'IA', value: '104417' },
  ],
  notes: ['Deliver before noon', 'Ring at gate 4'],
  totalQuantity: '72',
  lines: [
    { lineRef: '1', sku: 'HL-MUG-01', ids: mug, quantity: '48', unit: 'EA', description: 'Stoneware mug, white' },
    { lineRef: '2', sku: 'HL-GLS-01', ids: [{ qualifier: 'BP', value: '1006' }], quantity: '24', unit: 'EA', lot: 'L9' },
  ],
};

export const vendorOrder: Order = {
  kind: 'order',
  purpose: 'original',
  poNumber: 'HL100001-2',
  poType: 'DS',
  orderDate: '2026-03-02',
  currency: 'USD',
  vendorNumber: '77',
  buyer: { name: 'Harbor Lane Trading' },
  shipTo,
  shipNotBefore: '2026-03-05',
  requestedShip: '2026-03-09',
  shipNoLater: '2026-03-13',
  cancelAfter: '2026-03-20',
  carrier: { scac: 'FDEG', method: 'U', name: 'FedEx Ground' },
  freightPayment: 'PP',
  references: [{ qualifier: 'CO', value: '4500012345' }],
  notes: ['Deliver before noon'],
  lines: [
    {
      lineRef: '1',
      ids: [{ qualifier: 'VN', value: 'PF-STL' }],
      quantity: '4',
      unit: 'EA',
      price: '60',
      description: 'Oak stool',
    },
  ],
};
