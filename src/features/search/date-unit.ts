import type { Instant } from '#src/shared/clock';

/** The stretch of time that a date text names, from its first instant to the first one after it. */
export interface DateUnit {
  readonly start: Instant;
  readonly end: Instant;
}

const form =
  /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|[+-]\d{2}:?\d{2})?)?)?)?$/;

const minute = 60_000;
const day = 24 * 60 * minute;

/**
 * Reads `YYYY`, `YYYY-MM`, `YYYY-MM-DD`, or ISO 8601 with hours and minutes and, if wanted, seconds, a fraction and an offset
 * (UTC without one). The unit is as fine as it is written, at the finest a millisecond. Null when it is no such date.
 */
export function readDateUnit(text: string): DateUnit | null {
  const found = form.exec(text);
  if (!found) return null;
  const [, yearText, monthText, dayText, hourText, minuteText, secondText, fraction, offset] = found;
  const year = Number(yearText);
  if (monthText === undefined) return { start: utc(year, 1, 1), end: utc(year + 1, 1, 1) };
  const month = Number(monthText);
  if (month < 1 || month > 12) return null;
  if (dayText === undefined) return { start: utc(year, month, 1), end: utc(year, month + 1, 1) };
  const date = Number(dayText);
  if (date < 1 || utc(year, month, date) >= utc(year, month + 1, 1)) return null;
  const midnight = utc(year, month, date);
  if (hourText === undefined) return { start: midnight, end: midnight + day };
  const [hour, minutes, seconds] = [Number(hourText), Number(minuteText), Number(secondText ?? 0)];
  const shift = readOffset(offset);
  if (hour > 23 || minutes > 59 || seconds > 59 || shift === null) return null;
  const milliseconds = Number((fraction ?? '').padEnd(3, '0').slice(0, 3));
  const start = midnight + (hour * 60 + minutes) * minute + seconds * 1000 + milliseconds - shift;
  const unit = secondText === undefined ? minute : fraction === undefined ? 1000 : 1;
  return { start, end: start + unit };
}

function readOffset(offset: string | undefined): number | null {
  if (offset === undefined || offset === 'Z') return 0;
  const [hours, minutes] = [Number(offset.slice(1, 3)), Number(offset.slice(-2))];
  if (hours > 23 || minutes > 59) return null;
  return (offset.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * minute;
}

/** Date.UTC reads the years 0 to 99 as 1900 to 1999; the calendar repeats after 400 years, which are 146,097 days. */
function utc(year: number, month: number, date: number): Instant {
  return Date.UTC(year + 400, month - 1, date) - 146_097 * day;
}
