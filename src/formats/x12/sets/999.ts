/** 999 Implementation Acknowledgment: rows as `rows.ts` reads them. */
export const set999 = `
999 FA 5 Implementation Acknowledgment
 ST M1
 AK1 M1
 .AK2 O1 *>
 ..IK3 O1 *>
 ..CTX O10
 ...IK4 O1 *>
 ...CTX O10
 .IK5 M1
 AK9 M1
 SE M1
`;
