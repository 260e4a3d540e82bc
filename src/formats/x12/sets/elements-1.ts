/** The data elements below 500, one a line: number, type, least/greatest length, the lengths from 005010 where they differ, name. */
export const elements1 = `
2 N0 1/6 Number of Accepted Transaction Sets
3 AN 1/60 Free Form Message
11 ID 1/1 Billing Code
19 AN 2/30 City Name
22 AN 1/30 Commodity Code
23 ID 1/1 Commodity Code Qualifier
24 ID 4/4 Equipment Type
26 ID 2/3 Country Code
28 N0 1/9 Group Control Number
31 AN 1/22 Adjustment Number
40 ID 2/2 Equipment Description Code
46 AN 4/4 Ex Parte
54 ID 2/2 Risk of Loss Code
55 AN 2/10 Flight/Voyage Number
56 ID 2/2 Type of Service Code
59 AN 2/5 Freight Class Code
61 AN 1/30 Free-Form Message
65 R 1/8 Height
66 ID 1/2 Identification Code Qualifier
67 AN 2/80 Identification Code
76 AN 1/22 Invoice Number
79 AN 1/50 Lading Description
80 N0 1/7 Lading Quantity
81 R 1/10 Weight
82 R 1/8 Length
87 AN 1/48 Marks and Numbers
88 ID 1/2 Marks and Numbers Qualifier
91 ID 1/2 Transportation Method/Type Code
92 ID 2/2 Purchase Order Type Code
93 AN 1/60 Name
96 N0 1/10 Number of Included Segments
97 N0 1/6 Number of Transaction Sets Included
98 ID 2/3 Entity Identifier Code
100 ID 3/3 Currency Code
102 ID 1/1 Ownership Code
103 AN 3/5 Packaging Code
107 ID 1/2 Payment Method Code
108 ID 1/2 Pick-up or Delivery Code
110 ID 1/2 Application Acknowledgment Code
113 AN 1/4 Pier Number
114 AN 2/24 Port Name
115 ID 1/1 Port or Terminal Function Code
116 ID 3/15 Postal Code
118 R 1/9 Rate
119 AN 1/6 Rate Basis Number
121 ID 1/3 Rate Class Code
123 N0 1/6 Number of Received Transaction Sets
124 AN 2/15 Application Receiver's Code
127 AN 1/30 1/50 Reference Identification
128 ID 2/3 Reference Identification Qualifier
129 AN 1/13 Referenced Pattern Identifier
133 ID 1/2 Routing Sequence Code
140 ID 2/4 Standard Carrier Alpha Code
142 AN 2/15 Application Sender's Code
143 ID 3/3 Transaction Set Identifier Code
145 AN 1/30 Shipment Identification Number
146 ID 2/2 Shipment Method of Payment
152 ID 2/3 Special Handling Code
154 ID 6/9 Standard Point Location Code
156 ID 2/2 State or Province Code
165 N0 1/3 Stop Sequence Number
166 AN 1/55 Address Information
168 ID 1/4 Tariff Agency Code
169 AN 1/16 Tariff Item Number
170 N0 1/2 Tariff Item Part
171 AN 1/7 Tariff Number
172 AN 1/2 Tariff Section
173 AN 1/4 Tariff Supplement Identifier
174 AN 2/30 Terminal Name
176 ID 1/2 Time Qualifier
177 ID 1/2 Intermodal Service Code
181 ID 2/2 Quantity or Status Adjustment Reason Code
182 AN 2/28 Vessel Name
183 R 1/8 Volume
184 ID 1/1 Volume Unit Qualifier
187 ID 1/2 Weight Qualifier
188 ID 1/1 Weight Unit Code
189 R 1/8 Width
200 AN 1/6 Hazardous Materials Page
206 AN 1/4 Equipment Initial
207 AN 1/10 1/15 Equipment Number
208 ID 1/1 Hazardous Material Code Qualifier
209 AN 1/4 Hazardous Material Class Code
211 ID 3/3 Packaging Form Code
212 R 1/17 Unit Price
213 N0 1/3 Lading Line Item Number
215 ID 1/30 Hazardous Classification
218 ID 14/40 Hazardous Placard Notation
219 AN 1/3 Position
222 ID 4/25 Hazardous Endorsement
223 N0 5/5 Repetitive Pattern Number
224 AN 1/25 Hazardous Material Shipping Name
225 AN 2/15 Seal Number
227 AN 1/2 Tariff Column
230 ID 1/3 Subsidiary Classification
234 AN 1/48 Product/Service ID
235 ID 2/2 Product/Service ID Qualifier
236 ID 3/3 Price Identifier Code
238 AN 1/12 Emergency Response Plan Number
248 ID 1/1 Allowance or Charge Indicator
249 ID 1/1 Vessel Requirement Code
254 ID 1/3 Packing Group Code
267 N0 1/6 1/10 Net Explosive Quantity
271 ID 1/2 Subsidiary Risk Indicator
272 ID 1/1 Hazardous Certification Code
273 AN 1/25 Hazardous Certification Declaration
277 ID 6/6 UN/NA Identification Code
280 R 4/10 Exchange Rate
284 ID 2/2 Service Level Code
285 AN 1/22 Depositor Order Number
286 ID 2/2 Product/Service Condition Code
289 N0 1/2 Multiple Price Quantity
293 ID 2/2 Promotion Condition Qualifier
294 N0 1/5 Tariff Distance
295 ID 1/1 Distance Qualifier
296 ID 2/4 Intermediate Switch Carrier
305 ID 1/2 Transaction Handling Code
306 ID 1/2 Action Code
309 ID 1/2 Location Qualifier
310 AN 1/30 Location Identifier
324 AN 1/22 Purchase Order Number
325 AN 1/20 Tax Identification Number
326 AN 1/45 Request Reference Number
327 AN 1/8 Change Order Sequence Number
328 AN 1/30 Release Number
329 AN 4/9 Transaction Set Control Number
330 R 1/15 Quantity Ordered
331 ID 2/2 Allowance or Charge Method of Handling Code
332 R 1/6 Percent
333 ID 1/2 Terms Basis Date Code
334 ID 2/2 Transportation Terms Qualifier Code
335 ID 3/3 Transportation Terms Code
336 ID 2/2 Terms Type Code
337 TM 4/8 Time
338 R 1/6 Terms Discount Percent
339 R 1/10 Allowance or Charge Quantity
340 ID 1/3 Allowance or Charge Code
341 AN 1/16 Allowance or Charge Number
342 R 1/5 Percent of Invoice Payable
344 ID 2/2 Unit of Time Period or Interval
345 ID 2/2 Lead Time Code
346 ID 2/2 Application Type
347 R 1/10 Hash Total
349 ID 1/1 Item Description Type
350 AN 1/20 Assigned Identification
351 N0 1/3 Terms Discount Days Due
352 AN 1/80 Description
353 ID 2/2 Transaction Set Purpose Code
354 N0 1/6 Number of Line Items
355 ID 2/2 Unit or Basis for Measurement Code
356 N0 1/6 Pack
357 R 1/8 Size
358 R 1/10 1/15 Quantity Invoiced
359 R 1/15 Allowance or Charge Rate
360 N2 1/15 Allowance or Charge Total Amount
362 N2 1/10 Terms Discount Amount
363 ID 3/3 Note Reference Code
364 AN 1/80 1/256 Communication Number
365 ID 2/2 Communication Number Qualifier
366 ID 2/2 Contact Function Code
367 AN 1/30 Contract Number
368 ID 2/2 Shipment/Order Status Code
369 AN 1/45 Free-form Description
370 DT 8/8 Terms Discount Due Date
371 ID 2/2 Change Reason Code
373 DT 8/8 Date
374 ID 3/3 Date/Time Qualifier
378 ID 1/1 Allowance/Charge Percent Qualifier
380 R 1/15 Quantity
382 R 1/10 Number of Units Shipped
383 R 1/9 Quantity Difference
384 R 1/9 Gross Weight per Pack
385 R 1/9 Gross Volume per Pack
386 N0 1/3 Terms Net Days
387 AN 1/35 Routing
388 DT 8/8 Terms Deferred Due Date
389 N2 1/10 Deferred Amount Due
394 AN 1/12 Warehouse Receipt Number
395 R 1/8 Unit Weight
396 AN 2/30 Shipment Identification
397 AN 1/10 Color
398 R 1/10 Order Sizing Factor
399 ID 1/1 Pallet Exchange Code
400 ID 2/2 Unit Load Option Code
406 N0 1/3 Quantity of Pallets Shipped
407 ID 2/2 Seal Status Code
408 R 1/4 Temperature
409 N0 1/3 Quantity of Pallets Received
410 N0 1/3 Quantity of Pallets Returned
411 R 1/7 Quantity Contested
412 ID 2/2 Receiving Condition Code
413 R 1/7 Quantity Received
414 N0 1/7 Lading Quantity Received
416 N0 6/6 Pallet Block and Tiers
417 AN 1/3 Price Bracket Identifier
422 ID 2/2 Promotion Condition Code
424 AN 1/22 Vendor Order Number
426 ID 2/2 Adjustment Reason Code
427 R 1/15 Unit Price Difference
432 ID 2/2 Date Qualifier
433 ID 2/2 F.O.B. Point Code
434 AN 1/30 F.O.B. Point
438 AN 12/12 U.P.C. Case Code
441 ID 1/1 Tax Exempt Code
443 AN 1/20 Contact Inquiry Reference
446 DT 8/8 Terms Net Due Date
447 AN 1/6 1/4 Loop Identifier Code
451 AN 1/12 Warehouse Lot Number
452 R 1/9 Quantity Damaged/On Hold
455 ID 1/2 Responsible Agency Code
456 ID 2/2 Temperature Probe Location Code
460 ID 1/1 Shipment Weight Code
466 N0 1/2 Total Stopoffs
472 N0 6/6 Link Sequence Number
473 ID 1/1 Order Status Code
474 AN 1/22 Master Reference (Link) Number
475 AN 1/22 Credit/Debit Adjustment Number
477 R 1/10 Credit/Debit Quantity
478 ID 1/1 Credit/Debit Flag Code
479 ID 2/2 Functional Identifier Code
480 AN 1/12 Version / Release / Industry Identifier Code
481 ID 1/2 Trace Type Code
482 ID 2/2 Payment Action Code
488 N0 1/3 Percent
499 AN 1/10 Condition Value
`;
