/** 754 Routing Instructions: rows as `rows.ts` reads them. */
export const set754 = `
754 RG 5 Routing Instructions
 ST M1
 BGN M1
 PER O5
 .N1 M1 *5
 .N2 O1
 .N3 O2
 .N4 O1
 .LX M1 *9999
 .L11 O5
 .BLR O1
 .SMD O5
 .OID O>
 .G62 O2
 .MSI O1
 ..QTY O1 *25
 ..AT9 O1
 ..N1 O1 *1
 ..N2 O1
 ..N3 O2
 ..N4 O1
 SE M1
`;
