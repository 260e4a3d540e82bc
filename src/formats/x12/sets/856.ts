/** 856 Ship Notice/Manifest: rows as `rows.ts` reads them. */
export const set856 = `
856 SH Ship Notice/Manifest
 ST M1
 BSN M1
 DTM O10
 .HL M1 *200000
 .LIN O1
 .SN1 O1
 .SLN O1000
 .PRF O1
 .PO4 O1
 .PID O200
 .MEA O40
 .PWK O25
 .PKG O25
 .TD1 O20
 .TD5 O12
4.TD3 O12
5..TD3 O1 *12
5..AT9 O1
 .TD4 O5
 .TSD O1
 .REF O>
 .PER O3
 ..LH1 O1 *100
 ..LH2 O4
 ..LH3 O12
 ..LFH O20
 ..LEP O>
4..LH4 O1
5..LH4 O4
 ..LHT O3
 ..LHR O10
 ..PER O5
 ..LHE O1
 ..CLD O1 *200
 ..REF O200
 ..DTP O1
 .MAN O>
 .DTM O10
 .FOB O1
 .PAL O1
 ..N1 O1 *200
 ..N2 O2
 ..N3 O2
 ..N4 O1
 ..REF O12
 ..PER O3
 ..FOB O1
 .SDQ O50
 .ETD O1
 .CUR O1
 ..SAC O1 *>
 ..CUR O1
 .GF O1
 .YNQ O10
 ..LM O1 *10
 ..LQ M100
 ..V1 O1 *>
 ..R4 O>
 ..DTM O>
 CTT O1
 SE M1
`;
