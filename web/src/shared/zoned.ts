/** A date and a time as they are entered, in a time zone. */
export interface Moment {
  /** YYYY-MM-DD */
  date: string;
  /** HH:MM */
  time: string;
  zone: string;
}

export const HERE = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";

export function blankMoment(): Moment {
  return { date: "", time: "", zone: HERE };
}

/** Milliseconds that a zone's clocks are ahead of UTC at an instant. */
function ahead(instant: number, zone: string): number {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone: zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric",
  }).formatToParts(instant);
  const part = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.find((one) => one.type === type)!.value);
  return Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second")) - Math.floor(instant / 1000) * 1000;
}

/** Epoch seconds of a moment; undefined while it is not complete. A time that clocks skip is that much later. */
export function epochOf({ date, time, zone }: Moment): number | undefined {
  if (!/^\d{4}-\d\d-\d\d$/.test(date) || !/^\d\d:\d\d$/.test(time)) return undefined;
  const local = Date.parse(`${date}T${time}:00Z`);
  if (Number.isNaN(local)) return undefined;
  const first = local - ahead(local, zone);
  return (local - ahead(first, zone)) / 1000;
}

/** The moment of an epoch time, as entered in a zone. */
export function momentOf(seconds: number, zone = HERE): Moment {
  const local = new Date(seconds * 1000 + ahead(seconds * 1000, zone)).toISOString();
  return { date: local.slice(0, 10), time: local.slice(11, 16), zone };
}
