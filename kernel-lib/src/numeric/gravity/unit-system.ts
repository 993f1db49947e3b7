/** Units of astronomy, and the gravitational constant in them. */
import { inspect } from "node:util";

const lengths = {
  m: 1,
  km: 1e3,
  /** IAU 2012, exact. */
  au: 149_597_870_700,
  /** IAU 2015: 648000/π au. */
  pc: (149_597_870_700 * 648_000) / Math.PI,
  kpc: (149_597_870_700 * 648_000e3) / Math.PI,
  /** Of Julian years: exact. */
  ly: 9_460_730_472_580_800,
};

/** The masses of sun, earth and Jupiter times G, which are known better than either: IAU 2015. */
const masses = { kg: 6.6743e-11, Msun: 1.3271244e20, Mjupiter: 1.2668653e17, Mearth: 3.986004e14 };

const julianYear = 365.25 * 86_400;
const times = { s: 1, day: 86_400, yr: julianYear, Myr: 1e6 * julianYear, Gyr: 1e9 * julianYear };

const speeds = { "m/s": 1, "km/s": 1e3 };

/** Units to compute in: of length and mass, and either of speed or of time. */
export interface Units {
  readonly length: keyof typeof lengths;
  readonly mass: keyof typeof masses;
  /** Time is counted in units of length/speed then. */
  readonly speed?: keyof typeof speeds;
  /** Speed is counted in units of length/time then. */
  readonly time?: keyof typeof times;
}

/** What units mean. */
export interface UnitSystem {
  /** The gravitational constant in these units. */
  readonly G: number;
  /** The unit of time, in seconds. */
  readonly seconds: number;
  /** The unit of time, in millions of Julian years. */
  readonly megayears: number;
  /** The unit of length, in metres. */
  readonly metres: number;
  /** The unit of mass, in kilograms. */
  readonly kilograms: number;
}

/**
 * The gravitational constant in units that fit the bodies, and what the units of time are.
 *
 * In parsecs, solar masses and km/s, G is 0.0043 and the unit of time 0.978 million years.
 *
 * @param units `length`: "m", "km", "au", "pc", "kpc", "ly"; `mass`: "kg", "Msun", "Mjupiter",
 * "Mearth"; and either `speed`: "m/s", "km/s" or `time`: "s", "day", "yr", "Myr", "Gyr".
 * @throws TypeError for other units, and for both or none of speed and time.
 * @example
 * const { G, megayears } = unitSystem({ length: "pc", mass: "Msun", speed: "km/s" });
 * const run = await leapfrog(cluster, { G, dt: 0.3 / megayears, steps: 1000, softening: 1 });
 *
 * Source: IAU 2012 resolution B2, IAU 2015 resolutions B2 and B3, CODATA 2018.
 */
export function unitSystem(units: Units): UnitSystem {
  if (typeof units !== "object" || (units as unknown) === null)
    throw new TypeError(
      `unitSystem got ${inspect(units)}: give { length: "pc", mass: "Msun", speed: "km/s" }`,
    );
  const metres = pick(lengths, units.length, "length");
  const standard = pick(masses, units.mass, "mass");
  if ((units.speed === undefined) === (units.time === undefined))
    throw new TypeError(`unitSystem needs either a speed or a time: each follows from the other`);
  const seconds =
    units.time === undefined
      ? metres / pick(speeds, units.speed, "speed")
      : pick(times, units.time, "time");
  return {
    G: (standard * seconds * seconds) / metres ** 3,
    seconds,
    megayears: seconds / times.Myr,
    metres,
    kilograms: standard / masses.kg,
  };
}

function pick(table: Readonly<Record<string, number>>, unit: unknown, kind: string): number {
  if (typeof unit === "string" && Object.hasOwn(table, unit)) return table[unit]!;
  throw new TypeError(
    `unitSystem doesn't know the ${kind} ${inspect(unit)}: there are ${Object.keys(table).join(", ")}`,
  );
}
