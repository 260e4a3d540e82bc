import { expect, test } from 'vitest';
import { xml } from '../../src/formats/xml.ts';
import type { CanonicalDocument } from '../../src/canonical/document.ts';
import { xmlOptions } from '../../src/formats/xml/options.ts';
import { toPlain, type Plain } from '../../src/tree.ts';
import { invoice, orderResponse, shipment } from './documents.ts';
import { documentOf, findingsOf, mappingNamed, messagesOf, treeOf, type Given } from './support.ts';

const given: Given = { variables: { partner: 'acme', company: 'Harbor Lane', today: '2026-03-09', now: '2026-03-09T10:00:00+00:00' } };

/** The file that a mapping writes, read back without its namespaces. */
async function written(name: string, document: CanonicalDocument, more: Given = {}): Promise<{ text: string; plain: Plain }> {
  const bytes = xml.write(treeOf(name, document, { ...given, ...more }), mappingNamed(name).side.options);
  const { namespaces } = mappingNamed(name).side.options;
  const messages: Plain[] = [];
  for await (const event of xml.read([bytes], { doctype: 'ignore', ...xmlOptions.pick({ namespaces: true }).parse({ namespaces }) })) {
    if (event.kind === 'finding') throw new Error(event.finding.message);
    messages.push(toPlain(event.message.tree));
  }
  return { text: Buffer.from(bytes).toString(), plain: messages[0]! };
}

const CXML = `<?xml version="1.0"?>
<!DOCTYPE cXML SYSTEM "http://xml.cxml.org/schemas/cXML/1.2.014/cXML.dtd">
<cXML payloadID="1@x" timestamp="2026-03-02T09:00:00-08:00"><Header/><Request deploymentMode="production"><OrderRequest>
<OrderRequestHeader orderID="6112" orderDate="2026-03-02T09:00:00-08:00" type="update" shipComplete="yes">
  <Total><Money currency="EUR">4.2</Money></Total>
  <ShipTo><Address isoCountryCode="US" addressID="3119"><Name xml:lang="en">Store</Name><PostalAddress><DeliverTo>Ann</DeliverTo><Street>1 Hill</Street><Street>Dock 2</Street>
    <City>Leandro</City><State>CA</State><PostalCode>22222</PostalCode><Country isoCountryCode="US">United States</Country></PostalAddress>
    <Phone><TelephoneNumber><CountryCode isoCountryCode="US">1</CountryCode><AreaOrCityCode>800</AreaOrCityCode><Number>5551212</Number></TelephoneNumber></Phone></Address></ShipTo>
  <Comments>first</Comments>
</OrderRequestHeader>
<ItemOut quantity="10" lineNumber="1"><ItemID><SupplierPartID>0123</SupplierPartID></ItemID><ItemDetail><UnitPrice><Money currency="EUR">2.10</Money></UnitPrice>
  <Description xml:lang="en">Mug</Description><UnitOfMeasure>C62</UnitOfMeasure></ItemDetail></ItemOut>
</OrderRequest></Request></cXML>`;

test('cxml/order maps an OrderRequest and skips its DOCTYPE', async () => {
  const [message] = await messagesOf('cxml/order', Buffer.from(CXML));
  expect(documentOf('order', 'cxml/order', message!.tree)).toEqual({
    kind: 'order',
    purpose: 'replace',
    orderMessageId: '1@x',
    poNumber: '6112',
    poType: 'SA',
    orderDate: '2026-03-02',
    currency: 'EUR',
    completeness: 'complete',
    shipTo: {
      code: '3119',
      qualifier: '92',
      name: 'Store',
      name2: 'Ann',
      address: '1 Hill',
      address2: 'Dock 2',
      city: 'Leandro',
      state: 'CA',
      postalCode: '22222',
      country: 'US',
      phone: '1-800-5551212',
    },
    notes: ['first'],
    lines: [{ lineRef: '1', ids: [{ qualifier: 'VN', value: '0123' }], quantity: '10', unit: 'EA', price: '2.1', description: 'Mug' }],
  });
});

const UBL = `<Order xmlns="urn:oasis:names:specification:ubl:schema:xsd:Order-2" xmlns:a="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
  xmlns:b="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
<b:ID>34</b:ID><b:IssueDate>2026-01-20</b:IssueDate><b:IssueTime>12:30:00</b:IssueTime><b:Note>all</b:Note><b:DocumentCurrencyCode>SEK</b:DocumentCurrencyCode>
<a:BuyerCustomerParty><a:Party><a:PartyIdentification><b:ID schemeID="0088">7300070011115</b:ID></a:PartyIdentification><a:PartyName><b:Name>Bygg</b:Name></a:PartyName></a:Party></a:BuyerCustomerParty>
<a:Delivery><a:DeliveryLocation><a:Address><b:ID>D7</b:ID><b:StreetName>Gatan</b:StreetName><b:BuildingNumber>5</b:BuildingNumber><b:CityName>Stockholm</b:CityName></a:Address></a:DeliveryLocation>
  <a:RequestedDeliveryPeriod><b:StartDate>2026-02-10</b:StartDate><b:EndDate>2026-02-25</b:EndDate></a:RequestedDeliveryPeriod></a:Delivery>
<a:AllowanceCharge><b:ChargeIndicator>false</b:ChargeIndicator><b:AllowanceChargeReason>Discount</b:AllowanceChargeReason><b:Amount currencyID="SEK">100</b:Amount></a:AllowanceCharge>
<a:OrderLine><b:Note>one</b:Note><a:LineItem><b:ID>1</b:ID><b:Quantity unitCode="C62">120</b:Quantity><a:Price><b:PriceAmount currencyID="SEK">50</b:PriceAmount><b:BaseQuantity>4</b:BaseQuantity></a:Price>
  <a:Item><b:Name>Red paint</b:Name><a:SellersItemIdentification><b:ID>S1</b:ID></a:SellersItemIdentification><a:StandardItemIdentification><b:ID schemeID="0160">04006381333931</b:ID></a:StandardItemIdentification></a:Item></a:LineItem></a:OrderLine>
</Order>`;

test('ubl/order maps an Order whatever prefixes it uses', async () => {
  const [message] = await messagesOf('ubl/order', Buffer.from(UBL));
  expect(documentOf('order', 'ubl/order', message!.tree)).toEqual({
    kind: 'order',
    purpose: 'original',
    poNumber: '34',
    poType: 'SA',
    orderDate: '2026-01-20',
    issuedAt: '2026-01-20T12:30',
    currency: 'SEK',
    buyer: { code: '7300070011115', qualifier: 'UL', name: 'Bygg' },
    deliverNotBefore: '2026-02-10',
    deliverBy: '2026-02-25',
    shipTo: { code: 'D7', qualifier: '92', address: 'Gatan 5', city: 'Stockholm' },
    charges: [{ indicator: 'A', amount: '100', description: 'Discount' }],
    notes: ['all'],
    lines: [
      {
        lineRef: '1',
        ids: [
          { qualifier: 'UK', value: '04006381333931' },
          { qualifier: 'VN', value: 'S1' },
        ],
        quantity: '120',
        unit: 'EA',
        price: '12.5',
        description: 'Red paint',
        notes: ['one'],
      },
    ],
  });
  const [without] = await messagesOf('ubl/order', Buffer.from(UBL.replace('<b:ID>34</b:ID>', '')));
  expect(findingsOf('order', 'ubl/order', without!.tree)).toMatchObject([
    { code: 'DOCUMENT_INVALID', message: expect.stringContaining('poNumber') as unknown },
  ]);
});

const one = (
  number: string,
): string => `<order><creationDateTime>2026-07-14T12:00:00.000-01:00</creationDateTime><documentStatusCode>ORIGINAL</documentStatusCode>
<orderIdentification><entityIdentification>${number}</entityIdentification></orderIdentification><buyer><gln>5412345000013</gln></buyer>
<orderLogisticalInformation><shipTo><gln>5412345000037</gln></shipTo><orderLogisticalDateInformation><requestedDeliveryDateTime><date>2026-08-11</date></requestedDeliveryDateTime></orderLogisticalDateInformation></orderLogisticalInformation>
<orderLineItem><lineItemNumber>1</lineItemNumber><requestedQuantity measurementUnitCode="EA">24</requestedQuantity><netPrice currencyCode="EUR">194.125</netPrice>
<transactionalTradeItem><gtin>04006381333931</gtin><additionalTradeItemIdentification additionalTradeItemIdentificationTypeCode="SUPPLIER_ASSIGNED">A-1</additionalTradeItemIdentification></transactionalTradeItem></orderLineItem></order>`;

test('gs1xml/order maps each order of a message', async () => {
  const file = `<order:orderMessage xmlns:order="urn:gs1:ecom:order:xsd:3">${one('PO1')}${one('PO2')}</order:orderMessage>`;
  const messages = await messagesOf('gs1xml/order', Buffer.from(file));
  expect(messages.map((message) => documentOf('order', 'gs1xml/order', message.tree).poNumber)).toEqual(['PO1', 'PO2']);
  expect(documentOf('order', 'gs1xml/order', messages[0]!.tree)).toMatchObject({
    orderDate: '2026-07-14',
    currency: 'EUR',
    requestedDelivery: '2026-08-11',
    buyer: { code: '5412345000013', qualifier: 'UL' },
    shipTo: { code: '5412345000037', qualifier: 'UL' },
    lines: [
      {
        lineRef: '1',
        ids: [
          { qualifier: 'UK', value: '04006381333931' },
          { qualifier: 'VN', value: 'A-1' },
        ],
        quantity: '24',
        unit: 'EA',
        price: '194.125',
      },
    ],
  });
});

test('cxml/confirmation tells each line with what becomes of its units; who is who comes from the partner', async () => {
  const { text, plain } = await written(
    'cxml/confirmation',
    { ...orderResponse, orderMessageId: '6@x' },
    {
      tables: { cxml: { fromDomain: 'DUNS', from: '128293714', to: 'AN01', toDomain: 'NetworkID' } },
    },
  );
  expect(text).toContain('<!DOCTYPE cXML SYSTEM "http://xml.cxml.org/schemas/cXML/1.2.050/Fulfill.dtd">');
  expect(plain).toMatchObject({
    Header: { From: { Credential: { '@domain': 'DUNS', Identity: '128293714' } }, To: { Credential: { '@domain': 'NetworkID', Identity: 'AN01' } } },
    Request: {
      ConfirmationRequest: {
        ConfirmationHeader: { '@confirmID': 'HL100001', '@type': 'detail', '@operation': 'new' },
        OrderReference: { '@orderID': '4500012345', DocumentReference: { '@payloadID': '6@x' } },
        ConfirmationItem: [
          {
            '@lineNumber': '1',
            '@quantity': '48',
            ConfirmationStatus: [
              { '@type': 'accept', '@quantity': '40', '@shipmentDate': '2026-03-09T12:00:00+00:00' },
              { '@type': 'backordered', '@quantity': '8', '@shipmentDate': '2026-03-20T12:00:00+00:00' },
            ],
          },
          { '@lineNumber': '2' },
          { '@lineNumber': '3', ConfirmationStatus: { '@type': 'reject', '@quantity': '6' } },
        ],
      },
    },
  });
});

test('cxml/ship-notice tells the lines that shipped', async () => {
  const { plain } = await written('cxml/ship-notice', shipment);
  expect(plain).toMatchObject({
    Request: {
      ShipNoticeRequest: {
        ShipNoticeHeader: { '@shipmentID': 'HL100001-1', '@deliveryDate': '2026-03-12T12:00:00+00:00' },
        ShipControl: { ShipmentIdentifier: 'PRO4455' },
        ShipNoticePortion: {
          ShipNoticeItem: [
            { '@quantity': '40', '@lineNumber': '1', ItemID: { SupplierPartID: 'HL-MUG-01', BuyerPartID: '1001' } },
            { '@quantity': '10', '@lineNumber': '2' },
          ],
        },
      },
    },
  });
});

test('ubl/order-response has the codes of UN/ECE 4343 and 1229 and what is promised now', async () => {
  const { plain } = await written('ubl/order-response', orderResponse);
  expect(plain).toMatchObject({
    'cbc:OrderResponseCode': 'CA',
    'cac:OrderReference': { 'cbc:ID': '4500012345' },
    'cac:OrderLine': [
      {
        'cac:LineItem': {
          'cbc:Note': '8 EA backordered 2026-03-20',
          'cbc:LineStatusCode': '3',
          'cbc:Quantity': { '@unitCode': 'EA' },
          'cac:Item': { 'cac:StandardItemIdentification': { 'cbc:ID': { '@schemeID': '0160' } } },
        },
      },
      { 'cac:LineItem': { 'cbc:Quantity': { '@unitCode': 'XCS' } } },
      { 'cac:LineItem': { 'cbc:LineStatusCode': '7' } },
    ],
  });
  const { text } = await written('ubl/order-response', orderResponse);
  expect(text).toContain('<cbc:Quantity unitCode="EA">40</cbc:Quantity>');
  expect(text).toContain('<cbc:MaximumBackorderQuantity unitCode="EA">8</cbc:MaximumBackorderQuantity>');
  expect(text).toContain('<cbc:Quantity unitCode="EA">0</cbc:Quantity>');
});

test('ubl/despatch-advice tells what was delivered and what is outstanding', async () => {
  const { text, plain } = await written('ubl/despatch-advice', shipment);
  expect(text).toContain('<cbc:DeliveredQuantity unitCode="EA">40</cbc:DeliveredQuantity>');
  expect(text).toContain('<cbc:OutstandingQuantity unitCode="EA">8</cbc:OutstandingQuantity>');
  expect(text).toContain('<cbc:ID schemeID="SSCC">006141410000000012</cbc:ID>');
  expect(plain).toMatchObject({
    'cbc:ID': 'HL100001-1',
    'cac:DespatchLine': [{ 'cac:OrderLineReference': { 'cbc:LineID': '1', 'cac:OrderReference': { 'cbc:ID': '4500012345' } } }, {}],
  });
});

test('ubl/invoice adds up', async () => {
  const { text } = await written('ubl/invoice', invoice);
  const total = (name: string): string | undefined =>
    new RegExp(`<cbc:${name} currencyID="USD">([^<]*)<`).exec(text.slice(text.indexOf('LegalMonetaryTotal')))?.[1];
  expect(['LineExtensionAmount', 'AllowanceTotalAmount', 'ChargeTotalAmount', 'PayableAmount'].map(total)).toEqual(['36.40', '0.73', '5.00', '40.67']);
  expect(text).toContain('<cbc:PriceAmount currencyID="USD">3.3333</cbc:PriceAmount>');
});
