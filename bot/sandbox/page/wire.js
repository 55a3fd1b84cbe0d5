// The raw payloads: what the bot got, what it answered and what it called, newest first.

import { read } from "./api.js";
import { h, put } from "./dom.js";
import { closeThread } from "./places.js";
import { on, state } from "./store.js";
import { clockTime } from "./time.js";

const MOST = 60;
const panel = document.getElementById("wire");
const opener = document.getElementById("wire-open");
const rows = h("ol", { class: "wire-rows" });
let items = [];

export function start() {
  opener.addEventListener("click", () => show(panel.hidden));
  on("delivery", ({ delivery }) => took({ ...delivery, to: true }));
  on("api_call", ({ call }) => took({ ...call, to: false }));
  on("objection", () => { count(); if (!panel.hidden) draw(); });
  on("person", count);
  panel.addEventListener("keydown", (event) => { if (event.key === "Escape") show(false); });
}

function count() {
  const number = state.objections.length;
  opener.classList.toggle("objects", number > 0);
  put(opener, "Payloads", number ? h("span", { class: "count", title: "What Slack would have objected to" }, String(number), h("span", { class: "unseen" }, " objections")) : null);
}

async function show(open) {
  panel.hidden = !open;
  opener.setAttribute("aria-expanded", String(open));
  if (!open) { opener.focus(); return; }
  if (innerWidth < 1500) closeThread();
  const [deliveries, calls] = await Promise.all([read("deliveries"), read("calls")]);
  items = [...deliveries.map((one) => ({ ...one, to: true })), ...calls.map((one) => ({ ...one, to: false }))].sort((a, b) => b.at - a.at).slice(0, MOST);
  draw();
  panel.querySelector("h2").focus();
}

const same = (a, b) => a.to === b.to && a.number === b.number;

function took(item) {
  if (panel.hidden) return;
  const at = items.findIndex((one) => same(one, item));
  if (at >= 0) { items[at] = item; rows.children[at]?.replaceWith(row(item)); return; }
  items.unshift(item);
  rows.prepend(row(item));
  for (; items.length > MOST; items.pop()) rows.lastChild?.remove();
}

function draw() {
  put(panel,
    h("header", { class: "side-head" }, h("h2", { tabindex: "-1" }, "Payloads"), h("button", { type: "button", class: "icon-button", "aria-label": "Close the payloads", on: { click: () => show(false) } }, "×")),
    h("p", { class: "hint" }, "→ what the workspace sent to the bot, ← what the bot called. Newest first."),
    state.objections.length ? h("details", { class: "objections", open: true }, h("summary", {}, `Slack would have objected to ${state.objections.length}`), h("ul", {}, state.objections.slice(-10).map((one) => h("li", {}, one.text)))) : null,
    rows);
  put(rows, items.map(row));
}

function row(item) {
  const last = item.attempts?.at(-1);
  const took = last ? ` ${Math.round(last.elapsed * 1000)} ms` : "";
  const good = item.to ? item.ok : item.response?.ok;
  const mark = item.to && !item.attempts.length ? "on its way" : good ? "ok" : item.to ? last?.error || String(last?.status) : item.response?.error || String(item.status);
  const open = h("details", {}, h("summary", {}, h("span", { class: item.to ? "to-bot" : "from-bot" }, item.to ? "→" : "←", h("span", { class: "unseen" }, item.to ? "to the bot" : "from the bot")),
    h("code", {}, item.to ? `${named(item)}` : item.method), h("small", { class: good ? "good" : "bad" }, ` ${mark}${took}`), h("small", {}, ` ${clockTime(item.at)}`)));
  open.addEventListener("toggle", () => {
    if (!open.open || open.children.length > 1) return;
    const parts = item.to ? [["Sent", item.payload], ["Answered", item.attempts.map(({ status, body, error, number }) => ({ try: number + 1, status, error, body }))]] : [["Called with", item.args], ["Answered", item.response]];
    for (const [words, shape] of parts) open.append(h("h3", {}, words), h("pre", { tabindex: "0" }, JSON.stringify(shape, null, 2)));
  });
  return h("li", {}, open);
}

function named(item) {
  const kind = item.payload.type;
  if (item.kind === "interactive") return `${kind} ${item.what === kind ? "" : item.what}`;
  return item.what;
}
