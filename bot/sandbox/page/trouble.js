// Failures, where a person sees them: a silent bot, a dead bot, a workspace that does not answer.

import { restartBot } from "./api.js";
import { busy, h, put } from "./dom.js";
import { on, state } from "./store.js";

const toasts = document.getElementById("toasts");
const banner = document.getElementById("banner");
let lost = false;
let drawn = "";

export function start() {
  on("trouble", ({ text }) => toast(text));
  on("lost", (change) => { lost = change.lost; draw(); });
  for (const kind of ["bot", "connection", "person"]) on(kind, draw);
}

export function toast(text) {
  const box = h("div", { class: "toast" }, h("span", {}, text), h("button", { type: "button", class: "icon-button", "aria-label": "Dismiss", on: { click: () => box.remove() } }, "×"));
  const host = document.querySelector("dialog[open]:last-of-type");
  (host && host.querySelector(".dialog-toasts")) ? host.querySelector(".dialog-toasts").append(box) : toasts.append(box);
  while (toasts.children.length > 4) toasts.firstChild.remove();
}

function draw() {
  const bot = state.bot_is || {};
  const process = bot.process;
  const name = state.bot?.real_name || "The bot";
  let nodes = null;
  let key = "";
  if (lost) {
    key = "lost";
    nodes = [h("strong", {}, "The practice workspace does not answer."), " Is the command still running? This page comes back by itself."];
  } else if (process?.state === "died") {
    key = `died ${process.code} ${process.log.length}`;
    const again = h("button", { type: "button", class: "button primary", on: { click: (event) => busy(event.currentTarget, restartBot) } }, "Start it again");
    nodes = [h("div", { class: "row" }, h("strong", {}, `${name} has stopped (${process.code === null ? "it did not say why" : `exit code ${process.code}`}).`), again),
      h("details", { open: true }, h("summary", {}, "Its last log lines"), h("pre", { tabindex: "0" }, process.log.slice(-14).join("\n") || "It wrote nothing."))];
  } else if (process?.state === "starting") {
    key = "starting";
    nodes = [h("span", { class: "spin", "aria-hidden": "true" }), ` ${name} is starting…`];
  }
  if (key === drawn) return;
  drawn = key;
  banner.className = key.split(" ")[0];
  put(banner, nodes || []);
  banner.hidden = !nodes;
}
