import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { invoice, orderResponse, shipment, warehouseOrder } from './documents.ts';
import { documentOf, fileOf, messagesOf } from './support.ts';

/** The elements of a file without its declaration and indentation. */
const body = (text: string): string => text.replace(/^<\?xml[^>]*>/, '').replaceAll(/\n\s*/g, '');

/** An order of Cedar with every date there is. */
const orderOf = (number: string, lines: string): string =>
  `<PurchaseOrder number="${number}" date="2026-03-02" action="replace" type="dropship"><Dates shipFrom="2026-03-05" shipBy="2026-03-11" cancelAfter="2026-03-20" deliverBy="2026-03-18"/><DeliverTo><Name>Ana Ruiz</Name><Street>1 A St</Street><Street>Flat 2</Street></DeliverTo><Lines>${lines}</Lines></PurchaseOrder>`;

const lineOf = (item: string): string => `<Line><Item vendorCode="${item}"/><Quantity>3</Quantity></Line>`;

describe('cedar/orders', () => {
  it('maps an order', async () => {
    const [message, ...more] = await messagesOf('cedar/orders', readFileSync('samples/cedar/order/in.xml'));
    expect(more).toEqual([]);
    expect(documentOf('order', 'cedar/orders', message!.tree)).toEqual({
      kind: 'order',
      purpose: 'original',
      poNumber: 'C-77001',
      poType: 'SA',
      orderDate: '2026-03-02',
      currency: 'USD',
      department: 'Kitchen',
      shipTo: {
        code: 'C14',
        qualifier: '92',
        name: 'Cedar Home Boulder',
        address: '1400 Pearl Street',
        city: 'Boulder',
        state: 'CO',
        postalCode: '80302',
        country: 'US',
      },
      completeness: 'backorder',
      carrier: { scac: 'UPSN', method: 'U', name: 'UPS Ground' },
      notes: ['Back door after 4 pm'],
      lines: [
        {
          lineRef: '10',
          ids: [
            { qualifier: 'BP', value: 'CED-502' },
            { qualifier: 'UP', value: '614141010202' },
          ],
          description: 'Stoneware mug, blue',
          quantity: '36',
          unit: 'EA',
          price: '6.25',
        },
        {
          lineRef: '20',
          ids: [
            { qualifier: 'BP', value: 'CED-506' },
            { qualifier: 'UP', value: '614141010608' },
          ],
          description: 'Glass tumbler & box',
          quantity: '3',
          unit: 'CA',
          price: '50.4',
        },
      ],
    });
  });

  it('maps several orders of a file, with dates, replacement and lines without numbers', async () => {
    const messages = await messagesOf(
      'cedar/orders',
      Buffer.from(`<PurchaseOrders>${orderOf('1', lineOf('HL-MUG-01'))}${orderOf('2', lineOf('HL-MUG-01') + lineOf('HL-BWL-01'))}</PurchaseOrders>`),
    );
    const orders = messages.map(({ tree }) => documentOf('order', 'cedar/orders', tree));
    expect(orders[0]).toMatchObject({
      purpose: 'replace',
      poType: 'DS',
      shipNotBefore: '2026-03-05',
      shipNoLater: '2026-03-11',
      cancelAfter: '2026-03-20',
      deliverBy: '2026-03-18',
    });
    expect(orders[0]?.shipTo).toEqual({ name: 'Ana Ruiz', address: '1 A St', address2: 'Flat 2' });
    expect(orders.map(({ lines }) => lines.map(({ lineRef }) => lineRef))).toEqual([['HL-MUG-01'], ['HL-MUG-01', 'HL-BWL-01']]);
  });
});

describe('what goes to Cedar', () => {
  it('confirms', () => {
    expect(body(fileOf('cedar/confirmations', orderResponse))).toBe(
      '<OrderConfirmation order="4500012345" date="2026-03-02" verdict="changed"><DeliverTo store="0042"><Name>Acme Distribution Center 42</Name></DeliverTo>' +
        '<Line no="1"><Item code="1001" upc="614141010103"/><Ordered unit="EA">48</Ordered><UnitPrice>6.25</UnitPrice>' +
        '<Outcome status="accepted" quantity="40" unit="EA" shipDate="2026-03-09"/><Outcome status="backordered" quantity="8" unit="EA" shipDate="2026-03-20"/></Line>' +
        '<Line no="2"><Item code="1006" upc="614141010608"/><Ordered unit="CA">2</Ordered><Outcome status="substituted" quantity="2" unit="CA"/></Line>' +
        '<Line no="3"><Item code="9999"/><Ordered unit="EA">6</Ordered><Outcome status="item-unknown" quantity="6" unit="EA"/></Line></OrderConfirmation>',
    );
  });

  it('tells what shipped', () => {
    const text = body(fileOf('cedar/shipments', shipment));
    expect(text).toContain(
      '<Carton sscc="006141410000000012" tracking="1Z9991"><Item line="1" code="1001" upc="614141010103" quantity="24" unit="EA" lot="L77"/></Carton>',
    );
    expect(text).toContain('<Line no="1" code="1001" upc="614141010103" ordered="48" shipped="40" unit="EA"/>');
    expect(text).toContain('<Carrier scac="RDWY" mode="M" tracking="1Z999">Roadway</Carrier><BillOfLading>BL778899</BillOfLading>');
  });

  it('bills', () => {
    const text = body(fileOf('cedar/invoices', invoice));
    expect(text).toContain('<Terms netDays="30" discountPercent="2" discountDays="10">2% 10 Net 30</Terms>');
    expect(text).toContain('<Charge kind="charge" code="D240" amount="5.00"/><Subtotal>36.40</Subtotal><Total>40.67</Total></Invoice>');
  });
});

describe('the Harbor warehouse', () => {
  it('is told what to ship', () => {
    const text = body(fileOf('harbor/warehouse-order', warehouseOrder));
    expect(text).toContain('<WarehouseOrder number="HL100001-1" action="ship" warehouse="NW"><PurchaseOrder number="4500012345" date="2026-03-02"/>');
    expect(text).toContain('<ShipTo code="0042"><Name>Acme Distribution Center 42</Name><Attention>Receiving</Attention><Street>4200 Lakeview Road</Street>');
    expect(text).toContain(
      '<Reference type="DP">0210</Reference><Reference type="IA">104417</Reference><Note>Deliver before noon</Note><Note>Ring at gate 4</Note>',
    );
    expect(text).toContain('<Line no="1" sku="HL-MUG-01" upc="614141010103" quantity="48" unit="EA">Stoneware mug, white</Line>');
    expect(text).toContain('<TotalQuantity>72</TotalQuantity></WarehouseOrder>');
  });

  it('tells what left', async () => {
    const text = `<Shipments><Shipment id="HB-31" order="HL100001-1" date="2026-03-09" expected="2026-03-12" warehouse="HB">
      <PurchaseOrder>4500012345</PurchaseOrder><Carrier scac="UPSN" mode="U">UPS Ground</Carrier><Tracking>1Z7</Tracking><Weight unit="LB">12.5</Weight>
      <Carton sscc="0 0614141 000000001 2" tracking="1Z7"><Item line="2" sku="HL-GLS-01" quantity="24" lot="L9"/></Carton>
      <Line no="2" sku="HL-GLS-01" ordered="24" shipped="24" status="CC"/><Line no="3" sku="HL-TWL-01" ordered="6" shipped="0"/>
    </Shipment></Shipments>`;
    const [message] = await messagesOf('harbor/shipment', Buffer.from(text));
    expect(documentOf('shipment', 'harbor/shipment', message!.tree)).toEqual({
      kind: 'shipment',
      purpose: 'original',
      shipmentId: 'HB-31',
      depositorOrder: 'HL100001-1',
      shippedDate: '2026-03-09',
      expectedDelivery: '2026-03-12',
      warehouse: 'HB',
      poNumber: '4500012345',
      carrier: { scac: 'UPSN', method: 'U', name: 'UPS Ground' },
      tracking: '1Z7',
      weight: '12.5',
      weightUnit: 'LB',
      cartons: '1',
      packs: [
        {
          sscc: '006141410000000012',
          tracking: '1Z7',
          items: [{ lineRef: '2', sku: 'HL-GLS-01', ids: [{ qualifier: 'SK', value: 'HL-GLS-01' }], quantity: '24', unit: 'EA', lot: 'L9' }],
        },
      ],
      lines: [
        { lineRef: '2', sku: 'HL-GLS-01', ids: [{ qualifier: 'SK', value: 'HL-GLS-01' }], ordered: '24', shipped: '24', unit: 'EA', status: 'CC' },
        { lineRef: '3', sku: 'HL-TWL-01', ids: [{ qualifier: 'SK', value: 'HL-TWL-01' }], ordered: '6', shipped: '0', unit: 'EA' },
      ],
    });
  });
});
