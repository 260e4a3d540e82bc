/** 864 Text Message: rows as `rows.ts` reads them. */
export const set864 = `
864 TX Text Message
 ST M1
 BMG M1
 DTM O10
 .N1 O1 *200
 .N2 O2
 .N3 O2
 .N4 O1
 .REF O12
 .PER O3
 .MIT M1 *>
 ..N1 O1 *200
 ..N2 O2
 ..N3 O2
 ..N4 O1
 ..REF O12
 ..PER O3
4.MSG M100000
5.MSG M>
 SE M1
`;
