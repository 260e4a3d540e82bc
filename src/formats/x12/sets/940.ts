/** 940 Warehouse Shipping Order: rows as `rows.ts` reads them. */
export const set940 = `
940 OW Warehouse Shipping Order
 ST M1
 W05 M1
 .N1 O1 *10 0100
 .N2 O2
 .N3 O2
 .N4 O1
 .PER O5
 N9 O10
 G61 O3
 G62 O10
 NTE O>
 W09 O1
 W66 O1
4W6 O1
5W6 O5
 R2 O13
 BNX O1
5.TD3 O1 *1 0150
5.AT9 O1
 .LM O1 *10 0200
 .LQ M100
 .LX O1 *> 0300
 .MAN O>
 .SDQ O>
 .N1 O1
 .G62 O10
5.N9 O>
 ..W01 O1 *> 0310
 ..G69 O5
 ..N9 O200
 ..NTE O>
 ..W20 O3
 ..QTY O10
4..AMT O1
5..AMT O>
 ..G62 O10
 ..G66 O1
4..N1 O3
4..PER O5
5...N1 O1 *>
5...N2 O1
5...N3 O1
5...N4 O1
5...PER O5
 ..LH2 O6
 ..LHR O1
 ..LH6 O5
 ...LM O1 *10 0320
 ...LQ M100
 ..LS O1
 ...LX O1 *> 0330
 ...N9 O>
 ...G62 O10
 ...N1 O1
 ...SDQ O>
 ....LM O1 *10 0331
 ....LQ M100
 ....LH1 O1 *> 0332
 ....LH2 O4
 ....LH3 O10
 ....LFH O20
 ....LEP O3
 ....LH4 O1
 ....LHT O3
 ....LHR O5
 ....PER O5
 ..LE O1
 ...FA1 O1 *> 0340
 ...FA2 M>
 W76 O1
 SE M1
`;
