import { locations } from '../../config/find-partner.ts';
import type { Location } from '../../config/find-partner.ts';
import type { Config, Partner } from '../../config/types.ts';
import type { ShippingCalendar } from '../../orders/windows.ts';
import { shipDays } from '../../orders/windows.ts';

/** What the configuration says of a place that ships: warehouses and vendors have the same. */
export type ShippingFacts = NonNullable<Partner['warehouse'] | Partner['vendor']>;

/** The shipping facts of a location. */
export function shippingFacts({ partner }: Location): ShippingFacts {
  return (partner.warehouse ?? partner.vendor)!;
}

/** When a location works, in its own time zone. */
export function calendarOf(location: Location): ShippingCalendar {
  const { leadDays, cutOff, workdays, holidays } = shippingFacts(location);
  return { timezone: location.partner.timezone, leadDays, cutOff, workdays, holidays };
}

/** The first day on which each location ships what it is told now, by its code; one that never works is left out. */
export function earliestShipDays(config: Config, now: number): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...locations(config).values()].flatMap((location) => {
      const days = shipDays(calendarOf(location), now);
      return days ? [[location.code, days.earliestShip]] : [];
    }),
  );
}
