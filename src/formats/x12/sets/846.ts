/** 846 Inventory Inquiry/Advice: rows as `rows.ts` reads them. */
export const set846 = `
846 IB Inventory Inquiry/Advice
 ST M1
 BIA M1
 CUR O1
 DTM O10
 REF O12
 PER O3
 MEA O20
 .N1 O1 *5
 .N2 O2
 .N3 O2
 .N4 O1
 .REF O12
 .PER O3
 .LM O1 *10
 .LQ M100
 .LIN M1 *10000
 .PID O200
 .MEA O40
 .PKG O25
 .DTM O10
 .CTP O25
 .CUR O1
 .SAC O25
 .REF O>
 .PER O3
 .SDQ O500
 .MAN O1
 .UIT O5
 .CS O1
 .DD O>
 .G53 O1
 .PCT O>
 .LDT O12
 ..LM O1 *10
 ..LQ M100
 ..SLN O1 *1000
 ..PID O200
 ..MEA O40
 ..PKG O25
 ...MAN O1 *100
 ...MEA O40
 ..QTY O1 *99
 ..UIT O12
 ..MEA O25
 ..LDT O12
 ..DTM O10
 ...SCH O1 *25
 ...MEA O25
 ...LM O1 *>
 ...LQ M100
 ..LS O1
 ...REF O1 *>
 ...DTM O>
 ...N1 O1
 ....LM O1 *10
 ....LQ M100
 ..LE O1
 ..N1 O1 *200
 ..N2 O2
 ..N3 O2
 ..N4 O1
 ..REF O12
 ..PER O3
 CTT O1
 SE M1
`;
