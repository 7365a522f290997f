import type { DateRangePickerProps } from "@cloudscape-design/components/date-range-picker";
import { searchRange } from "../timeRange";

/** Chosen days as epoch seconds, the last one whole. */
export function daysChosen(value: DateRangePickerProps.Value, now = Date.now() / 1000): { start: number; end: number } {
  if (value.type === "relative") return searchRange(value, now);
  const midnight = (day: string): Date => new Date(`${day.slice(0, 10)}T00:00:00`);
  const last = midnight(value.endDate);
  last.setDate(last.getDate() + 1);
  return { start: midnight(value.startDate).getTime() / 1000, end: last.getTime() / 1000 };
}
