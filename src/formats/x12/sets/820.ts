/** 820 Payment Order/Remittance Advice: rows as `rows.ts` reads them. */
export const set820 = `
820 RA Payment Order/Remittance Advice
 ST M1
 BPR M1
 NTE O>
 TRN O1
 CUR O1
 REF O>
 DTM O>
 .N1 O1 *>
 .N2 O>
 .N3 O>
 .N4 O1
 .REF O>
 .PER O>
 .RDM O1
 .DTM O1
 .ENT O1 *>
5..FA1 O1 *>
5..FA2 O>
 ..NM1 O1 *>
 ..N2 O>
 ..N3 O>
 ..N4 O1
 ..REF O>
 ..PER O>
 ..ADX O1 *>
 ..NTE O>
 ..PER O>
 ..DTM O1
 ...REF O1 *>
 ...DTM O>
 ...IT1 O1 *>
5...RPA O1
5...QTY O1
 ....REF O1 *>
 ....DTM O1
 ....SAC O1 *>
 ....TXI O>
5....DTM O10
 ....SLN O1 *>
 .....REF O1 *>
 .....DTM O>
 .....SAC O1 *>
 .....TXI O>
5...FA1 O1 *>
5...FA2 O>
 ..RMR O1 *>
 ..NTE O>
 ..REF O>
 ..DTM O>
5..VEH O1
 ...IT1 O1 *>
5...RPA O1
5...QTY O1
 ....REF O1 *>
 ....DTM O1
 ....SAC O1 *>
 ....TXI O>
 ....SLN O1 *>
 .....REF O1 *>
 .....DTM O>
 .....SAC O1 *>
 .....TXI O>
 ...ADX O1 *>
 ...NTE O>
 ...PER O>
 ....REF O1 *>
 ....DTM O>
 ....IT1 O1 *>
5....RPA O1
5....QTY O1
 .....REF O1 *>
 .....DTM O1
 .....SAC O1 *>
 .....TXI O>
5.....DTM O10
 .....SLN O1 *>
 ......REF O1 *>
 ......DTM O>
 ......SAC O1 *>
 ......TXI O>
5...FA1 O1 *>
5...FA2 O>
 .TXP O1 *>
 .TXI O>
5.REF O>
5.DTM O>
 .DED O1 *>
 .LX O1 *>
 .REF O>
 .TRN O>
 ..NM1 O1 *>
 ..REF O>
 ..G53 O1
 ...AIN O1 *>
 ...QTY O>
 ...DTP O>
 ...PEN O1 *>
 ...AMT O>
 ...DTP O>
 ....INV O1 *>
 ....DTP O>
 .N9 O1 *1
5.REF O>
 ..AMT O1 *>
 ..REF O>
 ..N1 O1 *>
 ..REF O>
 ...EMS O1 *>
 ...ATN O>
 ...AIN O>
 ...PYD O>
 .RYL O1 *>
 ..NM1 O1 *>
 ...LOC O1 *>
 ....PID O1 *>
 ....DTM O1
 .....PCT O1 *>
 .....QTY O1
 ......AMT O1 *>
 ......ADX O>
 ...ASM O1 *1
 ...ADX O1
 SE M1
`;
