/** Freezes plain data, lists and maps all the way down. Functions, and what is frozen already, are left as they are. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  if (value instanceof Map) return freezeMap(value) as T;
  Object.freeze(value);
  for (const member of Object.values(value)) deepFreeze(member);
  return value;
}

function freezeMap(map: Map<unknown, unknown>): Map<unknown, unknown> {
  for (const member of map.values()) deepFreeze(member);
  const refuse = { value: () => refuseChange() };
  return Object.freeze(Object.defineProperties(map, { set: refuse, delete: refuse, clear: refuse }));
}

function refuseChange(): never {
  throw new TypeError('the configuration cannot be changed; load it again');
}
