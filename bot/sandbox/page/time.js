// Times as the person at the page reads them: in that person's zone.

import { now, state } from "./store.js";

const made = new Map();
function format(options) {
  const name = JSON.stringify([state.me.tz, options]);
  if (!made.has(name)) made.set(name, new Intl.DateTimeFormat("en-GB", { timeZone: state.me.tz, ...options }));
  return made.get(name);
}

const at = (seconds) => new Date(Number(seconds) * 1000);
export const clockTime = (seconds) => format({ hour: "2-digit", minute: "2-digit", hour12: false }).format(at(seconds));
export const shortDay = (seconds) => format({ weekday: "short", day: "numeric", month: "short" }).format(at(seconds)).replace(",", "");
export const weekday = (seconds) => format({ weekday: "short" }).format(at(seconds));
export const whole = (seconds) => `${longDay(seconds)} at ${clockTime(seconds)}`;
export const dayKey = (seconds) => format({ year: "numeric", month: "2-digit", day: "2-digit" }).format(at(seconds));
const longDay = (seconds) => format({ weekday: "long", day: "numeric", month: "long" }).format(at(seconds));

export function dayName(seconds) {
  const today = now() / 1000;
  if (dayKey(seconds) === dayKey(today)) return "Today";
  if (dayKey(seconds) === dayKey(today - 86400)) return "Yesterday";
  return longDay(seconds);
}

const DATE_FORMS = {
  date_num: { year: "numeric", month: "2-digit", day: "2-digit" },
  date: { year: "numeric", month: "long", day: "numeric" },
  date_short: { year: "numeric", month: "short", day: "numeric" },
  date_long: { weekday: "long", year: "numeric", month: "long", day: "numeric" },
  date_slash: { year: "numeric", month: "2-digit", day: "2-digit" },
  time: { hour: "2-digit", minute: "2-digit", hour12: false },
  time_secs: { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false },
};

/** A date token `{date_long} at {time}` filled in; names that Slack does not know stay as they are. */
export function dated(seconds, form) {
  return form.replace(/\{(\w+)\}/g, (token, name) => {
    if (name === "ago") return ago(seconds);
    const pretty = name.endsWith("_pretty");
    const plain = name.replace(/_pretty$/, "");
    if (!(plain in DATE_FORMS)) return token;
    if (pretty && ["Today", "Yesterday"].includes(dayName(seconds))) return dayName(seconds).toLowerCase();
    return format(DATE_FORMS[plain]).format(at(seconds));
  });
}

function ago(seconds) {
  const gone = Math.round(now() / 1000 - seconds);
  const [count, unit] = gone < 3600 ? [Math.round(gone / 60), "minute"] : gone < 86400 ? [Math.round(gone / 3600), "hour"] : [Math.round(gone / 86400), "day"];
  return new Intl.RelativeTimeFormat("en").format(-count, unit);
}
