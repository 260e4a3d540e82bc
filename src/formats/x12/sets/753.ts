/** 753 Request for Routing Instructions: rows as `rows.ts` reads them. */
export const set753 = `
753 RF 5 Request for Routing Instructions
 ST M1
 BGN M1
 PER O1
 .N1 M1 *1
 .N2 O1
 .N3 O2
 .N4 O1
 LX M1
 .N1 M1 *9999
 .N2 O1
 .N3 O2
 .N4 O1
 .L11 O5
 .G62 O2
 .USI O1
 ..OID M1 *>
 ..CMC O1
 SE M1
`;
