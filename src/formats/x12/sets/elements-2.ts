/** The data elements from 500, one a line: number, type, least/greatest length, the lengths from 005010 where they differ, name. */
export const elements2 = `
506 ID 2/2 (DFI) ID Number Qualifier
507 AN 3/12 (DFI) Identification Number
508 AN 1/35 Account Number
509 AN 10/10 Originating Company Identifier
510 AN 9/9 Originating Company Supplemental Code
514 ID 1/1 Reporting Code
522 ID 1/3 Amount Qualifier Code
529 ID 1/2 Inventory Transaction Type Code
531 AN 1/12 Agent Shipment ID Number
539 AN 1/25 1/30 Vehicle Identification Number
554 N0 1/6 Assigned Number
559 ID 2/2 Agency Qualifier Code
560 ID 2/10 Special Services Code
562 ID 1/2 Rate or Value Type Code
563 ID 1/2 Sales Requirement Code
566 ID 1/2 Product/Service Substitution Code
567 N0 4/5 Equipment Length
569 ID 1/3 Account Number Qualifier
584 ID 2/2 Employment Status Code
587 ID 2/2 Acknowledgment Type
591 ID 3/3 Payment Method Code
594 ID 1/1 Frequency Code
595 ID 1/1 Compartment ID Code
597 ID 1/8 Vessel Code
598 AN 1/12 1/25 Bill of Lading/Waybill Number
604 ID 1/1 Consolidation Code
610 N2 1/15 Amount
614 AN 1/10 Store Number
618 ID 1/3 Implementation Transaction Set Syntax Error Code
620 ID 1/3 Implementation Segment Syntax Error Code
621 ID 1/3 Implementation Data Element Syntax Error Code
622 N0 1/5 Number of Loads
623 ID 2/2 Time Code
625 ID 1/1 COD Method of Payment Code
626 ID 1/2 Excess Transportation Reason Code
627 ID 1/1 Excess Transportation Responsibility Code
628 AN 1/12 Hierarchical ID Number
639 ID 2/2 Basis of Unit Price Code
640 ID 2/2 Transaction Type Code
641 ID 3/3 Status Reason Code
646 R 1/15 Quantity Shipped to Date
647 ID 1/3 Application Error Condition Code
648 ID 3/3 Price Multiplier Qualifier
649 R 1/10 Multiplier
653 ID 3/3 Discount Terms Type Code
654 ID 2/2 Discount Base Qualifier
655 R 1/10 Discount Base Value
656 ID 2/3 Discount Control Limit Qualifier
657 N0 1/10 Discount Control Limit
659 ID 1/2 Basis of Verification Code
662 ID 1/1 Relationship Code
665 ID 1/1 Residue Indicator Code
668 ID 2/2 Line Item Status Code
669 ID 3/3 Currency Market/Exchange Code
670 ID 2/2 Change or Response Type Code
671 R 1/9 Quantity Left to Receive
673 ID 2/2 Quantity Qualifier
687 ID 2/2 Class of Trade Code
688 ID 2/2 Restrictions/Conditions Qualifier
704 ID 1/2 Paperwork/Report Action Code
706 ID 2/2 Entity Relationship Code
715 ID 1/1 Functional Group Acknowledge Code
716 ID 1/3 Functional Group Syntax Error Code
717 ID 1/1 Transaction Set Acknowledgment Code
718 ID 1/3 Transaction Set Syntax Error Code
719 N0 1/6 1/10 Segment Position in Transaction Set
720 ID 1/3 Segment Syntax Error Code
721 ID 2/3 Segment ID Code
722 N0 1/2 Element Position in Segment
723 ID 1/3 Data Element Syntax Error Code
724 AN 1/99 Copy of Bad Data Element
725 N0 1/4 Data Element Reference Number
728 ID 1/2 Returnable Container Load Make-Up Code
729 AN 1/6 Category
731 ID 2/2 Transit Direction Code
732 ID 2/2 Transit Time Direction Qualifier
733 R 1/4 Transit Time
734 AN 1/12 Hierarchical Parent ID Number
735 ID 1/2 Hierarchical Level Code
736 ID 1/1 Hierarchical Child Code
737 ID 2/2 Measurement Reference ID Code
738 ID 1/3 Measurement Qualifier
739 R 1/20 Measurement Value
740 R 1/20 Range Minimum
741 R 1/20 Range Maximum
742 AN 1/35 Route Description
743 ID 1/2 Returnable Container Freight Payment Responsibility Code
750 ID 2/3 Product/Process Characteristic Code
751 AN 1/12 Product Description Code
752 ID 2/2 Surface/Layer/Position Code
753 ID 1/5 Packaging Characteristic Code
754 AN 1/7 Packaging Description Code
755 ID 2/2 Report Type Code
756 ID 1/2 Report Transmission Code
757 N0 1/2 Report Copies Needed
759 ID 2/2 Reportable Quantity Code
765 N0 1/2 Day of Month
769 AN 1/16 Exception Number
770 AN 1/20 Option Number
782 R 1/18 Monetary Amount
786 ID 2/2 Security Level Code
787 N 1/15 Record Length
788 N 1/5 Block Length
789 AN 2/2 Drawing Sheet Size Code
790 AN 1/132 Entity Title
791 AN 1/80 Entity Purpose
792 ID 1/1 Entity Status Code
797 ID 2/2 Security Technique Code
799 AN 1/30 Version Identifier
800 AN 1/30 Compression Technique
801 AN 1/30 Interchange Format
802 AN 1/30 Program Identifier
803 AN 1/64 File Name
804 AN 1/4 Block Type
805 AN 1/25 Canadian Hazardous Notation
806 ID 4/6 EPA Waste Stream Number Code
807 ID 12/16 Waste Characteristics Code
808 ID 3/3 Hazardous Material Shipment Information Qualifier
809 AN 1/25 Hazardous Material Shipment Information
810 N0 1/6 Inner Pack
812 ID 1/10 Payment Format Code
817 AN 1/30 Tax Information Identification Number
819 ID 2/3 Language Code
822 AN 1/15 Source Subqualifier
828 R 1/9 Dollar Basis For Percent
844 ID 2/2 Inbound Condition Hold Code
847 ID 1/2 Order/Item Code
848 ID 1/2 Product/Date Code
849 ID 1/2 Location Code
850 ID 1/2 Status Report Code
853 ID 2/2 Damage Reason Code
854 ID 2/2 Vessel Type Code
859 ID 2/2 Activity Code
875 ID 3/3 Maintenance Type Code
883 ID 1/2 Pallet Type Code
884 N0 1/3 Pallet Tiers
885 N0 1/3 Pallet Blocks
890 ID 2/2 Carrier/Route Change Reason Code
891 ID 2/2 Shipping Date Change Reason Code
892 ID 2/2 Line Item Change Reason Code
893 ID 1/1 Warehouse Detail Adjustment Identifier
897 ID 1/1 Vessel Code Qualifier
931 N0 1/3 Page Width
932 N0 1/3 Page Length Lines
933 AN 1/264 Free-Form Message Text
934 ID 2/2 Printer Carriage Control Code
935 ID 2/2 Measurement Significance Code
936 ID 2/2 Measurement Attribute Code
951 ID 1/2 Balance Type Code
954 R 1/10 Percent
955 ID 2/2 Tax Jurisdiction Code Qualifier
956 AN 1/10 Tax Jurisdiction Code
961 AN 1/99 Data Element New Content
963 ID 2/2 Tax Type Code
983 ID 1/1 Hazardous Class Qualifier
984 ID 1/1 Hazardous Material Shipping Name Qualifier
985 ID 3/3 N.O.S. Indicator Code
986 ID 1/1 Special Commodity Indicator Code
1000 AN 2/2 2/3 Service Characteristics Qualifier
1004 ID 1/2 Percent Qualifier
1005 ID 4/4 Hierarchical Structure Code
1018 R 1/15 Exponent
1019 ID 3/3 Invoice Type Code
1023 ID 1/1 Hazard Zone Code
1035 AN 1/35 1/60 Name Last or Organization Name
1036 AN 1/25 1/35 Name First
1037 AN 1/25 Name Middle
1038 AN 1/10 Name Prefix
1039 AN 1/10 Name Suffix
1048 ID 1/3 Business Function Code
1049 ID 1/5 Tax Payment Type Code
1050 AN 1/6 Taxpayer Verification
1051 N2 1/10 Tax Amount
1065 ID 1/1 Entity Type Qualifier
1066 ID 1/2 Citizenship Status Code
1067 ID 1/1 Marital Status Code
1068 ID 1/1 Gender Code
1073 ID 1/1 Yes/No Condition or Response Code
1095 N0 4/4 Year
1096 ID 5/5 County Designator
1104 ID 2/2 Name Component Qualifier
1106 ID 2/2 Address Component Qualifier
1109 ID 1/1 Race or Ethnicity Code
1122 ID 1/1 Vent Setting Code
1136 ID 2/2 Code Category
1149 ID 4/6 Occupation Code
1161 ID 1/2 Product Option Code
1166 ID 2/2 Contract Type Code
1176 ID 2/3 Employment Class Code
1179 ID 1/1 Customs Entry Type Group Code
1186 ID 2/2 Type of Income Code
1195 AN 1/80 Financial Information Code
1196 ID 2/2 Breakdown Structure Detail Code
1224 ID 2/2 Contribution Code
1232 ID 2/2 Purchase Category
1250 ID 2/3 Date Time Period Format Qualifier
1251 AN 1/35 Date Time Period
1262 ID 1/2 Loan Type Code
1270 ID 1/3 Code List Qualifier Code
1271 AN 1/30 Industry Code
1292 ID 2/2 Returns Disposition Code
1293 ID 2/2 Return Request Reason Code
1294 ID 2/2 Return Response Reason Code
1296 AN 1/6 Special Processing Type
1300 ID 4/4 Service, Promotion, Allowance, or Charge Code
1301 AN 1/10 Agency Service, Promotion, Allowance, or Charge Code
1309 ID 2/2 Acquisition Data Code
1310 ID 1/1 Financing Type Code
1321 ID 2/2 2/3 Condition Indicator
1322 ID 1/1 Certification Type Code
1373 ID 2/4 Measurement Method or Device
1375 AN 1/5 Interim Hazardous Material Regulatory Number
1401 ID 1/3 Proposal Data Detail Identifier Code
1430 AN 1/7 Day Rotation
1470 N0 1/9 Number
1511 ID 2/2 Type of Deduction
1525 ID 1/2 Request Category Code
1528 N0 1/2 Component Data Element Position in Composite
1551 AN 1/4096 Message Text
1570 ID 3/3 Filter ID Code
1609 ID 2/3 Related Data Identification Code
1684 ID 1/4 Attendance Type Code
1685 ID 1/1 Tax Treatment Code
1687 R 1/15 Earnings Rate of Pay
1688 ID 1/4 Deduction Type Code
1699 ID 1/1 Pallet Structure Code
1705 AN 1/35 Implementation Convention Reference
1715 ID 1/3 Country Subdivision Code
9998 AN 1/35 Context Reference
9999 AN 1/35 Context Name
`;
