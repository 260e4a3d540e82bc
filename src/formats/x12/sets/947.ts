/** 947 Warehouse Inventory Adjustment Advice: rows as `rows.ts` reads them. */
export const set947 = `
947 AW Warehouse Inventory Adjustment Advice
 ST M1
 W15 M1
 .N1 M1 *100 0100
 .N2 O1
 .N3 O1
 .N4 O1
 .PER O5
 N9 O10
 G61 O3
 G62 O5
 NTE O20
 .LM O1 *10 0200
 .LQ M100
 .W19 M1 *> 0300
 .G69 O5
 .N9 O10
 .CS O1
 .AMT O1
 .G62 O10
 ..LM O1 *10 0310
 ..LQ M100
 ..N1 O1 *50 0320
 ..N2 O2
 ..N3 O2
 ..N4 O1
 ..G61 O5
 ..LX O1 *> 0330
 ..N9 O>
 ..G62 O1
 ..N1 O1
 ...LM O1 *10 0331
 ...LQ M100
 ..FA1 O1 *> 0340
 ..FA2 M>
 SE O1
`;
