/** 997 Functional Acknowledgment: rows as `rows.ts` reads them. */
export const set997 = `
997 FA Functional Acknowledgment
 ST M1
 AK1 M1
4.AK2 O1 *999999
4..AK3 O1 *999999
5.AK2 O1 *>
5..AK3 O1 *>
 ..AK4 O99
 .AK5 M1
 AK9 M1
 SE M1
`;
