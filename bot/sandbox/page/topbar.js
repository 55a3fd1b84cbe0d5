// Who one is, and what time it is: "act as" and "move the clock".

import { moveTo, runPilot } from "./api.js";
import { announce, busy, h, put } from "./dom.js";
import { avatar } from "./message.js";
import { become, emit, now, on, roleOf, state, teamOf } from "./store.js";
import { clockTime, shortDay, weekday, whole } from "./time.js";

const who = document.getElementById("act-as");
const role = document.getElementById("role");
const clock = document.getElementById("clock");
const moves = document.getElementById("moves");
let piloted = "";

export function start() {
  who.addEventListener("change", () => actAs(who.value));
  on("person", () => { drawPeople(); drawClock(); });
  on("group", drawPeople);
  on("clock", () => { drawClock(); announce(`In the workspace it is now ${whole(now() / 1000)}`); });
  on("pilot", ({ text }) => { piloted = text; drawClock(); announce(text); });
  setInterval(() => state.me && drawTime(), 10_000);
}

export async function actAs(handle) {
  try {
    await become(handle);
    announce(`You are now ${state.me.real_name}`);
  } catch (error) {
    emit("trouble", { text: error.message });
    drawPeople();
  }
}

function drawPeople() {
  const all = [...state.people.values()].filter((one) => !one.deleted && !one.is_bot);
  const title = (one) => `${one.real_name}${roleOf(one) ? ` · ${roleOf(one)}` : ""}`;
  const group = (label, people) => people.length ? h("optgroup", { label }, people.map((one) => h("option", { value: one.name }, title(one)))) : null;
  const teams = state.groups.filter((one) => !one.date_delete);
  const inTeam = new Set(teams.flatMap((one) => one.users));
  put(who,
    group("Stewards", all.filter((one) => one.steward)),
    teams.map((team) => group(`${team.name} · ${team.function}`, all.filter((one) => team.users.includes(one.id) && !one.steward))),
    group("Elsewhere", all.filter((one) => !inTeam.has(one.id) && !one.outsider && !one.steward)),
    group("From outside", all.filter((one) => one.outsider)));
  who.value = state.me.name;
  const me = state.people.get(state.me.id);
  put(role, avatar(me, "small"), h("span", { class: "badge" }, roleOf(me) || "member"), h("span", { class: "role-team" }, teamOf(me)?.name || (me.outsider ? "another organisation" : "no team")));
}

export async function move(to) {
  emit("moving", { to });
  await moveTo(to);
}

async function pilot() {
  try {
    await runPilot();
  } catch (error) {
    emit("trouble", { text: error.message });
  }
}

function drawTime() {
  const seconds = now() / 1000;
  put(clock, h("span", { class: "unseen" }, "In the workspace it is "), h("b", {}, shortDay(seconds)), " ", h("time", { datetime: new Date(seconds * 1000).toISOString() }, clockTime(seconds)));
  clock.title = `${whole(seconds)}, in ${state.me.tz}`;
}

function drawClock() {
  drawTime();
  const due = (seconds) => `${weekday(seconds)} ${clockTime(seconds)}`;
  const button = (to, words, note, help) => h("button", { type: "button", class: "button small-button", data: { move: to }, title: help, on: { click: (event) => busy(event.currentTarget, () => move(to)) } }, words, note ? h("small", {}, ` ${note}`) : null);
  const next = (what) => [h("span", { class: "wide" }, "Next "), what];
  const active = moves.contains(document.activeElement) ? document.activeElement.dataset.move : null;
  put(moves,
    button("batch", next("batch"), due(state.clock.next_batch), "What was raised reaches the stewards once a day, at this hour"),
    button("edition", next("edition"), due(state.clock.next_edition), "Once a week the digest channel reads what no single team can solve"),
    button("day", "+1 day"),
    h("button", { type: "button", class: "button small-button", data: { move: "pilot" }, title: "A pulse, fourteen weeks of problems and answers, a second pulse and the report: the whole company goes through it, in some minutes", on: { click: (event) => busy(event.currentTarget, pilot) } }, "Run a pilot", piloted ? h("small", {}, ` ${piloted}`) : null));
  if (active) moves.querySelector(`[data-move="${active}"]`)?.focus();
}
