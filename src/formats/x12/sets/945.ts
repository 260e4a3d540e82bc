/** 945 Warehouse Shipping Advice: rows as `rows.ts` reads them. */
export const set945 = `
945 SW Warehouse Shipping Advice
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
 W27 O1
 W6 O1
 W28 O1
 W10 O10
 G72 O5
5TD1 O5
 .LM O1 *10 0200
 .LQ M100
 .LX O1 *> 0300
 .MAN O>
 .PAL O1
 .N9 O5
 ..W12 O1 *> 0310
 ..G69 O5
 ..N9 O200
 ..G62 O10
 ..QTY O10
 ..MEA O5
 ..AMT O1
 ..R4 O5
 ..W27 O1
4..N1 O5
5...N1 O1 *>
5...N2 O1
5...N3 O1
5...N4 O1
5...PER O1
 ..G72 O5
 ...LM O1 *10 0311
 ...LQ M100
 ..LS O1
 ...LX O1 *> 0312
 ...N9 O>
 ...G62 O10
 ...N1 O1
 ....LM O1 *10 0313
 ....LQ M100
 ..LE O1
 ...FA1 O1 *> 0314
 ...FA2 M>
 W03 O1
 SE M1
`;
