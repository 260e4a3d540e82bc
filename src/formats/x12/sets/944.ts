/** 944 Warehouse Stock Transfer Receipt Advice: rows as `rows.ts` reads them. */
export const set944 = `
944 RE Warehouse Stock Transfer Receipt Advice
 ST M1
 W17 M1
 .N1 M1 *10 0100
 .N2 O1
 .N3 O2
 .N4 O1
 .PER O5
 N9 O10
 G61 O3
 G62 O5
 NTE O20
 W08 O1
 W18 O10
 G08 O2
4.W07 M1 *9999 0200
4.G69 O5
4.N9 O200
4.W20 O2
4..W13 O1 *50 0210
5TD1 O5
5.LX O1 *> 0200
5.MAN O1
5.PAL O>
5.N9 O5
5..W07 O1 *9999 0200
5..G69 O5
 ..N9 O200
5..W20 O2
5...W13 O1 *50 0210
5...N9 O200
 W14 M1
 SE M1
`;
