/** 180 Return Merchandise Authorization and Notification: rows as `rows.ts` reads them. */
export const set180 = `
180 AN Return Merchandise Authorization and Notification
 ST M1
 BGN M1
 RDR O1
 PRF O1
 DTM O10
 N9 O10
 PER O2
 SAC O10
 G38 O1
 PKG O5
 TD1 O10
 TD5 O10
 NTE O5
 .N1 O1 *200
 .N2 O2
 .N3 O2
 .N4 O1
 .PER O5
 .LM O1 *10
 .LQ M100
 .BLI O1 *>
 .N9 O20
 .PID O5
 .RDR O1
 .SAC O10
 .AMT O>
 .MEA O>
 .CRC O>
 .NTE O>
 .PRF O1
 .DTM O15
 .DD O100
 .GF O1
 .TD5 O5
 .SDQ O100
 ..LM O1 *10
 ..LQ M100
 ..N1 O1 *200
 ..N2 O2
 ..N3 O2
 ..N4 O1
 ..PER O5
 ..QTY O1 *>
 ..AMT O5
 ..DTM O10
 ..N1 O1
 ...LM O1 *10
 ...LQ M100
 ...LX O1 *>
 ...N9 O>
 ...DTM O10
 ...N1 O1
 ....LM O1 *10
 ....LQ M100
 ..FA1 O1 *>
 ..FA2 M>
 SE M1
`;
