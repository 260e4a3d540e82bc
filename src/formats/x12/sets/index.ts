import { set180 } from './180.ts';
import { set753 } from './753.ts';
import { set754 } from './754.ts';
import { set810 } from './810.ts';
import { set812 } from './812.ts';
import { set820 } from './820.ts';
import { set824 } from './824.ts';
import { set846 } from './846.ts';
import { set850 } from './850.ts';
import { set852 } from './852.ts';
import { set855 } from './855.ts';
import { set856 } from './856.ts';
import { set860 } from './860.ts';
import { set864 } from './864.ts';
import { set865 } from './865.ts';
import { set870 } from './870.ts';
import { set940 } from './940.ts';
import { set943 } from './943.ts';
import { set944 } from './944.ts';
import { set945 } from './945.ts';
import { set947 } from './947.ts';
import { set997 } from './997.ts';
import { set999 } from './999.ts';

/** The rows of every transaction set that is defined, by set id. */
export const setRows: ReadonlyMap<string, string> = new Map([
  ['180', set180],
  ['753', set753],
  ['754', set754],
  ['810', set810],
  ['812', set812],
  ['820', set820],
  ['824', set824],
  ['846', set846],
  ['850', set850],
  ['852', set852],
  ['855', set855],
  ['856', set856],
  ['860', set860],
  ['864', set864],
  ['865', set865],
  ['870', set870],
  ['940', set940],
  ['943', set943],
  ['944', set944],
  ['945', set945],
  ['947', set947],
  ['997', set997],
  ['999', set999],
]);
