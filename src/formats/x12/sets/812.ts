/** 812 Credit/Debit Adjustment: rows as `rows.ts` reads them. */
export const set812 = `
812 CD Credit/Debit Adjustment
 ST M1
 BCD M1
 CUR O1
 N9 O>
 PER O>
 ITD O>
 DTM O>
 FOB O1
 SHD O>
 SAC O25
 .N1 M1 *200
 .N2 O2
 .N3 O2
 .N4 O1
 .N9 O12
 .PER O3
 .AMT O10
 .LM O1 *10
 .LQ M100
 .FA1 O1 *>
 .FA2 M>
 .CDD O1 *>
 .LIN O1
 .PO4 O1
4.SAC O25
 .N9 O>
 .DTM O5
5..SAC O1 *25
5..DTM O5
 ..LM O1 *10
 ..LQ M100
 ..N11 O1 *>
 ..AMT O10
 ..PCT O2
 ...N1 O1 *>
 ...AMT O10
 ...PCT O2
5..FA1 O1 *>
5..FA2 M>
 SE M1
`;
