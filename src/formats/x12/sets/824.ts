/** 824 Application Advice: rows as `rows.ts` reads them. */
export const set824 = `
824 AG Application Advice
 ST M1
 BGN M1
 .N1 O1 *>
 .N2 O2
 .N3 O2
 .N4 O1
 .REF O12
 .PER O3
 .OTI M1 *>
 .REF O12
 .DTM O2
 .PER O3
 .AMT O>
 .QTY O>
 .NM1 O9
 ..TED O1 *>
5..CTX O10
 ..NTE O100
 ..RED O100
 ..LM O1 *>
 ...LQ M1 *100
 ...RED O100
 SE M1
`;
