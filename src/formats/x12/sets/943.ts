/** 943 Warehouse Stock Transfer Shipment Advice: rows as `rows.ts` reads them. */
export const set943 = `
943 AR Warehouse Stock Transfer Shipment Advice
 ST M1
 W06 M1
 .N1 M1 *10 0100
 .N2 O1
 .N3 O2
 .N4 O1
 .PER O5
 N9 O10
 G61 O3
 G62 O5
 NTE O20
 W27 M1
 W28 O1
 W10 O1
 .W04 M1 *9999 0200
 .G69 O5
 .N9 O200
 .W20 O2
 W03 M1
 SE M1
`;
