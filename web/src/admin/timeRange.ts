import type { DateRangePickerProps } from "@cloudscape-design/components/date-range-picker";

const SECONDS: Record<string, number> = { second: 1, minute: 60, hour: 3600, day: 86_400, week: 604_800, month: 2_678_400, year: 31_622_400 };

/** A chosen range as epoch seconds; a relative one ends now. */
export function searchRange(value: DateRangePickerProps.Value, now = Date.now() / 1000): { start: number; end: number; weeks: number } {
  const [start, end] =
    value.type === "relative"
      ? [now - value.amount * SECONDS[value.unit]!, now + 1]
      : [Date.parse(value.startDate) / 1000, Date.parse(value.endDate) / 1000];
  return { start: Math.floor(start), end: Math.ceil(end), weeks: (end - start - 2) / SECONDS["week"]! };
}
