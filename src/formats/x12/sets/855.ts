/** 855 Purchase Order Acknowledgment: rows as `rows.ts` reads them. */
export const set855 = `
855 PR Purchase Order Acknowledgment
 ST M1
 BAK M1
 CUR O1
 REF O>
 PER O3
 TAX O>
 FOB O>
 CTP O>
 PAM O10
 CSH O1
 .SAC O1 *25
 .CUR O1
 ITD O5
 DIS O20
 INC O1
 DTM O10
 LDT O12
 LIN O5
 SI O>
 PID O200
 MEA O40
 PWK O25
 PKG O25
 TD1 O2
 TD5 O12
 TD3 O12
 TD4 O5
 MAN O10
 TXI O>
 CTB O>
 .N9 O1 *1000
 .DTM O>
4.MSG O1000
5.MTX O>
5.PWK O>
5.EFI O>
 .N1 O1 *200
 .N2 O2
5.IN2 O>
 .N3 O2
 .N4 O1
 .NX2 O>
 .REF O12
 .PER O>
 .SI O>
 .FOB O1
 .TD1 O2
 .TD5 O12
 .TD3 O12
 .TD4 O5
 .PKG O25
4.MSG O>
5.MTX O>
 .ADV O1 *>
 .DTM O>
 .MTX O>
 .PO1 O1 *100000
 .LIN O>
 .SI O>
 .CUR O1
 .PO3 O25
 .CTP O>
 .PAM O10
 .MEA O40
 ..PID O1 *1000
 ..MEA O10
 .PWK O25
 .PO4 O>
 .REF O>
 .PER O3
 ..SAC O1 *25
 ..CUR O1
 .IT8 O1
 .CSH O>
 .ITD O2
 .DIS O20
 .INC O1
 .TAX O>
 .FOB O>
 .SDQ O500
 .DTM O10
 .LDT O12
 .TD1 O1
 .TD5 O12
 .TD3 O12
 .TD4 O5
 ..ACK O1 *104
 ..DTM O1
 .MAN O10
 .AMT O1
 .CTB O>
 .TXI O>
 ..QTY O1 *>
 ..SI O>
 ..PKG O1 *200
 ..MEA O>
 ..SCH O1 *200
 ..TD1 O2
 ..TD5 O12
 ..TD3 O12
 ..TD4 O5
 ..REF O>
 ..N9 O1 *1000
 ..DTM O>
4..MSG O1000
5..MTX O>
5..PWK O>
5..EFI O>
 ..N1 O1 *200
 ..N2 O2
5..IN2 O>
 ..N3 O2
 ..N4 O1
 ..NX2 O>
 ..REF O12
 ..PER O3
 ..SI O>
 ..DTM O1
 ..FOB O1
 ..SCH O200
 ..TD1 O2
 ..TD5 O12
 ..TD3 O12
 ..TD4 O5
 ..QTY O>
 ..PKG O25
 ..SLN O1 *1000
4..MSG O>
5..MTX O>
 ..SI O>
 ..PID O1000
 ..PO3 O25
5..MEA O>
 ..CTP O25
 ..PAM O10
 ..ACK O104
 ...SAC O1 *10
 ...CUR O1
 ..DTM O10
 ..PO4 O1
 ..TAX O3
 ..ADV O>
 ...QTY O1 *>
 ...SI O>
 ...N9 O1 *>
 ...DTM O>
4...MSG O>
5...MTX O>
 ...N1 O1 *10
 ...N2 O2
5...IN2 O>
 ...N3 O2
 ...N4 O1
 ...NX2 O>
 ...REF O12
 ...PER O3
 ...SI O>
 .CTT O1 *1
 .AMT O1
 SE M1
`;
