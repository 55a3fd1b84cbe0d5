// Puts the page together: who is here, where they are, and what they see.

import * as forms from "./forms.js";
import * as guide from "./guide.js";
import * as places from "./places.js";
import * as sidebar from "./sidebar.js";
import * as topbar from "./topbar.js";
import * as trouble from "./trouble.js";
import * as wire from "./wire.js";
import { on, state } from "./store.js";
import { permalink } from "./mrkdwn.js";

const FIRST = "priya";

trouble.start();
topbar.start();
wire.start();
forms.start();
places.start();
sidebar.start(places.go, () => places.current);

document.getElementById("menu-open").addEventListener("click", (event) => {
  const open = document.body.classList.toggle("menu-open");
  event.currentTarget.setAttribute("aria-expanded", String(open));
  if (open) document.querySelector("#sidebar button")?.focus();
});
on("went", () => document.getElementById("menu-open").setAttribute("aria-expanded", "false"));
on("person", () => {
  document.getElementById("workspace").textContent = state.workspace.name;
  document.title = `${state.workspace.name}: a practice workspace`;
});
document.addEventListener("pointerdown", (event) => {
  if (document.body.classList.contains("menu-open") && !event.target.closest("#sidebar, #menu-open, dialog")) document.getElementById("menu-open").click();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && document.body.classList.contains("menu-open")) document.getElementById("menu-open").click();
});

const asked = new URLSearchParams(location.search).get("as");
await topbar.actAs(asked || sessionStorage.getItem("as") || FIRST);
if (!state.me) await topbar.actAs(FIRST);
const linked = permalink(location.href);
if (linked) await places.go(linked.place, linked.ts);
await guide.start(places.go, () => places.current);
document.documentElement.dataset.ready = "yes";
