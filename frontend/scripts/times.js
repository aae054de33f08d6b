// Keeps relative times true while a page stays open; the server wrote them first, in the same words.
import { say } from "./words.js";

const zone = document.documentElement.dataset.zone || undefined;
const language = document.documentElement.lang;
const clockFace = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: zone });
const dayStamp = new Intl.DateTimeFormat("en-CA", { year: "numeric", month: "2-digit", day: "2-digit", timeZone: zone });
const weekday = new Intl.DateTimeFormat(language, { weekday: "short", timeZone: zone });
const DAY = 86_400_000;

function daysBetween(at, now) {
  return Math.round((Date.parse(dayStamp.format(at)) - Date.parse(dayStamp.format(now))) / DAY);
}

/** Return a moment in words, or null where the date that the server wrote stays right. */
export function relative(at, now) {
  const minutes = Math.floor(Math.abs(at - now) / 60_000);
  if (minutes < 1) return say("justNow");
  if (minutes < 60) return say(at < now ? "minutesAgo" : "inMinutes", { n: minutes });
  const days = daysBetween(at, now);
  const time = clockFace.format(at);
  if (days === 0) return say("today", { time });
  if (days === 1) return say("tomorrow", { time });
  if (days === -1) return say("yesterday", { time });
  if (Math.abs(days) < 7) return say("weekday", { weekday: weekday.format(at), time });
  return null;
}

function refresh() {
  const now = new Date();
  for (const element of document.querySelectorAll("time[data-relative]")) {
    const words = relative(new Date(element.dateTime), now);
    if (words && element.textContent !== words) element.textContent = words;
  }
}

setInterval(refresh, 30_000);
document.addEventListener("visibilitychange", () => document.hidden || refresh());
