/** 870 Order Status Report: rows as `rows.ts` reads them. */
export const set870 = `
870 RS Order Status Report
 ST M1
 BSR M1
 TD3 O1
 TD4 O1
 TD5 O1
 DTM O10
 .REF O1 *>
 .DTM O>
 .N1 O1 *200
 .N2 O2
 .N3 O2
 .N4 O1
 .REF O12
 .PER O3
 .PWK O1
 .LM O1 *10
 .LQ M100
 .HL M1 *1000
 .PRF O1
 ..ISR O1 *104
 ..PID O6
 ..QTY O4
 .PER O3
 .DTM O10
 .CS O3
 ..REF O1 *>
 ..DTM O>
 ..N1 O1 *200
 ..N2 O2
 ..N3 O2
 ..N4 O1
 ..REF O12
 ..PER O3
 ..LM O1 *10
 ..LQ M100
 ..PO1 O1 *1000
 ..CUR O1
 ..SLN O100
 ..PO3 O1
 ..PID O1000
 ..MEA O40
 ..PKG O25
 ...ISR O1 *104
 ...PID O6
 ...QTY O4
 ...DTM O10
 ...N1 O1
 ...N2 O2
 ...N3 O2
 ...N4 O1
 ...TD1 O1
 ...TD5 O1
 ...TD3 O1
 ...TD4 O1
 ...REF O12
 ...SAC O25
 ....LM O1 *10
 ....LQ M100
 ...LX O1 *>
 ...REF O>
 ...N1 O1
 ...DTM O10
 ....LM O1 *10
 ....LQ M100
 CTT O1
 SE M1
`;
