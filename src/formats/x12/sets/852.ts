/** 852 Product Activity Data: rows as `rows.ts` reads them. */
export const set852 = `
852 PD Product Activity Data
 ST M1
 XQ M1
 XPO O>
 N9 O>
 PER O3
 .N1 O1 *200
 .N2 O1
 .N3 O2
 .N4 O1
 .FOB O1
 .TD5 O1
 .DTM O>
 .N9 O>
 .PER O3
 .LIN O1 *999999
 .CTP O25
5.SAC O>
 .PO4 O1
 .N9 O>
 .AMT O10
 .PAL O1
4.QTY O1
5.QTY O>
 ..ZA M1 *>
4..QTY O1
5..QTY O>
 ..CTP O25
 ..SDQ O>
 ...G95 O1 *1
 ...DTM O2
 CTT O1
 SE M1
`;
