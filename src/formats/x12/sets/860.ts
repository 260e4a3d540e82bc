/** 860 Purchase Order Change Request - Buyer Initiated: rows as `rows.ts` reads them. */
export const set860 = `
860 PC Purchase Order Change Request - Buyer Initiated
 ST M1
 BCH M1
 CUR O1
 REF O>
 PER O3
 TAX O>
 FOB O>
 CTP O>
 PAM O10
 CSH O5
 .SAC O1 *25
 .CUR O1
 ITD O5
 DIS O20
 INC O1
 DTM O10
4LDT O12
 LIN O5
 SI O>
 PID O200
 MEA O40
 PWK O25
 PKG O200
 TD1 O2
 TD5 O12
 TD3 O12
 TD4 O5
 CTB O>
 MAN O10
 G53 O>
 TXI O>
 PCT O>
5.LDT O1 *>
5.QTY O>
5.MTX O>
5.REF O>
 .AMT O1 *>
 .REF O>
 .DTM O1
 .PCT O>
 ..FA1 O1 *>
 ..FA2 M>
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
 .N4 O>
 .NX2 O>
 .REF O12
 .PER O>
 .SI O>
 .FOB O1
 .TD1 O2
 .TD5 O12
 .TD3 O12
 .TD4 O5
 .PKG O200
 .LM O1 *>
 .LQ M>
 .SPI O1 *>
 .REF O5
 .DTM O5
4.MSG O50
5.MTX O>
 ..N1 O1 *20
 ..N2 O2
 ..N3 O2
 ..N4 O1
 ..REF O20
 ..G61 O1
4..MSG O50
5..MTX O>
 ..CB1 O1 *>
 ..REF O20
 ..DTM O5
 ..LDT O1
4..MSG O50
5..MTX O>
 .ADV O1 *>
 .DTM O>
 .MTX O>
 .POC O1 *>
 .LIN O>
 .SI O>
 .CUR O1
 .CN1 O1
 .PO3 O25
 .CTP O>
 .PAM O10
 .MEA O40
 ..PID O1 *1000
 ..MEA O10
 .PWK O25
 .PKG O200
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
 .TD1 O1
 .TD5 O12
 .TD3 O12
 .TD4 O5
 .MAN O10
 .PCT O>
 .TC2 O2
 .CTB O>
 .TXI O>
 .SPI O>
4.MSG O>
5.MTX O>
 ..QTY O1 *>
 ..SI O>
 ..SCH O1 *200
 ..TD1 O2
 ..TD5 O12
 ..TD3 O12
 ..TD4 O5
5..REF O>
 ..N9 O1 *1000
 ..DTM O>
4..MSG O1000
5..MTX O>
5..PWK O>
5..EFI O>
 .LS O1
 ..LDT O1 *>
 ..QTY O>
4..MSG O1
5..MTX O>
 ..REF O3
 ...LM O1 *>
 ...LQ M>
 .LE O1
 ..N1 O1 *200
 ..N2 O2
5..IN2 O>
 ..N3 O2
 ..N4 O1
 ..QTY O>
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
 ..PKG O200
 ...LDT O1 *>
 ...MAN O10
 ...QTY O5
4...MSG O1
5...MTX O>
 ...REF O3
 ..SLN O1 *1000
4..MSG O>
5..MTX O>
 ..SI O>
 ..PID O1000
 ..PO3 O104
5..MEA O>
 ..TC2 O2
 ...SAC O1 *10
 ...CUR O1
 ..DTM O10
 ..CTP O25
 ..PAM O10
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
 ..AMT O1 *>
4..REF O1
5..REF O>
 ..PCT O>
 ..LM O1 *>
 ..LQ M>
 .CTT O1 *1
 .AMT O5
 SE M1
`;
