// The main part of the page: a channel, a conversation, or the app's Home.

import { drawBlocks } from "./blocks.js";
import { announce, busy, h, put } from "./dom.js";
import { composer } from "./composer.js";
import { manageChannel } from "./manage.js";
import { drawMessage } from "./message.js";
import { MessageList } from "./messages.js";
import { botsPlace, doAs, emit, find, load, markRead, on, placeOf, refreshPlaces, state, titleOf } from "./store.js";
import { plainSurface } from "./surfaces.js";

const head = document.getElementById("place-head");
const view = document.getElementById("view");
const writing = document.getElementById("composer");
const side = document.getElementById("side");
let list = null;
let thread = null;
export let current = "home";

export function start() {
  on("person", () => { closeThread(); go(current); });
  on("place", () => { if (placeOf(current) || current === "app") { drawHead(); drawComposer(); } });
  on("message", ({ place, message }) => {
    if (place === list?.place && document.visibilityState === "visible") markRead(place);
    if (thread && place === thread.place && message.ts === thread.thread) drawRoot();
    if (current === "app" && !list && place === botsPlace()?.id) go("app");
  });
  on("home", () => { if (current === "home") drawHome(); });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-place]");
    if (!link) return;
    event.preventDefault();
    go(link.dataset.place, link.dataset.ts);
  });
}

/** Show "home", "app" (the bot's messages) or a place; `ts` is a message to point out. */
export async function go(to, ts) {
  list?.stop();
  list = null;
  const outsider = state.people.get(state.me.id).outsider;
  if ((to === "home" || to === "app") && outsider) to = state.places.find((one) => one.is_member)?.id;
  if (to !== "home" && to !== "app" && !placeOf(to)) await refreshPlaces();
  if (to !== "home" && to !== "app" && !placeOf(to)) to = outsider ? state.places[0]?.id : "home";
  if (current !== to) closeThread();
  current = to;
  document.body.classList.remove("menu-open");
  emit("went", { to });
  drawHead();
  drawComposer();
  if (to === "home") {
    drawHome();
    await doAs("open_home", {});
    return;
  }
  const place = to === "app" ? botsPlace() : placeOf(to);
  if (!place) {
    put(view, h("p", { class: "nothing" }, `${state.bot.real_name} has not written to you yet.`));
    return;
  }
  const mine = new MessageList({ place: place.id, label: `Messages in ${titleOf(place)}`, open: (message) => openThread(place.id, message.thread_ts || message.ts), empty: "Nothing has been said here yet." });
  list = mine;
  put(view, mine.node);
  try {
    const found = ts ? (await load(place.id), find(place.id, ts)) : null;
    if (list !== mine) return;
    await mine.show(found || !ts ? ts : undefined);
    if (ts && !found) await openThreadOf(place.id, ts);
  } catch (error) {
    if (list === mine) put(view, h("p", { class: "nothing" }, error.message));
  }
  if (list === mine) markRead(place.id);
}

/** A link to a reply: its thread is the one that holds it. */
async function openThreadOf(place, ts) {
  for (const root of (await load(place)).filter((one) => one.reply_count)) {
    if ((await load(place, root.ts)).some((one) => one.ts === ts)) return openThread(place, root.ts, ts);
  }
  return undefined;
}

function drawHead() {
  const place = current === "app" ? botsPlace() : placeOf(current);
  const title = current === "home" || current === "app" ? state.bot.real_name : place?.name ? `#${place.name}` : titleOf(place);
  const tabs = current === "home" || current === "app"
    ? h("nav", { class: "tabs", "aria-label": state.bot.real_name }, [["home", "Home"], ["app", "Messages"]].map(([to, words]) => h("button", { type: "button", "aria-current": current === to ? "page" : undefined, on: { click: () => go(to) } }, words)))
    : null;
  put(head, h("h1", { tabindex: "-1" }, title), tabs,
    place?.purpose?.value ? h("p", { class: "purpose" }, place.purpose.value) : null,
    place?.name ? h("button", { type: "button", class: "button small-button", "aria-label": `About #${place.name}: ${(place.members || []).length} members`, on: { click: () => manageChannel(place.id, go) } }, `${(place.members || []).length} members`) : null);
}

function drawComposer() {
  const place = placeOf(current);
  if (current === "home") return put(writing);
  if (current === "app") return put(writing, h("p", { class: "nothing" }, `${state.bot.real_name} writes to you here. It answers to its buttons, and to what you type in a channel.`));
  if (!place) return put(writing);
  if (place.is_archived) return put(writing, h("p", { class: "nothing" }, "This channel is archived."));
  if (place.is_member === false) {
    return put(writing, h("div", { class: "row join" }, h("span", {}, `You have not joined #${place.name}.`), h("button", { type: "button", class: "button primary", on: { click: (event) => busy(event.currentTarget, () => doAs("join", { where: place.id })) } }, "Join")));
  }
  return put(writing, composer({ place: place.id, label: `Write to ${place.name ? `#${place.name}` : titleOf(place)}` }));
}

function drawHome() {
  const top = view.querySelector(".home")?.scrollTop || 0;
  const active = view.contains(document.activeElement) ? document.activeElement.dataset.action : null;
  if (!state.home) {
    put(view, h("p", { class: "nothing" }, `${state.bot.real_name} has not drawn your Home yet.`));
    return;
  }
  const box = h("div", { class: "home" }, drawBlocks(state.home.blocks, plainSurface("home")));
  put(view, box);
  box.scrollTop = top;
  if (active) box.querySelector(`[data-action="${CSS.escape(active)}"]`)?.focus({ preventScroll: true });
}

// Threads stand in the side panel.

export async function openThread(place, ts, point) {
  closeThread();
  emit("side", { what: "thread" });
  const inside = new MessageList({ place, thread: ts, label: "Replies" });
  thread = inside;
  thread.root = h("div", { class: "thread-root" });
  put(side,
    h("header", { class: "side-head" }, h("h2", { id: "side-title" }, "Thread"), h("small", {}, placeOf(place)?.name ? `#${placeOf(place).name}` : ""), h("button", { type: "button", class: "icon-button", "aria-label": "Close the thread", on: { click: () => closeThread(true) } }, "×")),
    h("div", { class: "thread" }, thread.root, thread.node),
    placeOf(place)?.is_member === false || placeOf(place)?.user === state.bot.id ? null : composer({ place, thread: ts, label: "Reply in the thread" }));
  side.hidden = false;
  if (innerWidth < 1500) document.getElementById("wire").hidden = true;
  drawRoot();
  side.querySelector("textarea")?.focus();
  await inside.show(point);
  if (thread === inside) announce(`Thread with ${inside.list.length} replies`);
}

function drawRoot() {
  const root = find(thread.place, thread.thread);
  put(thread.root, root ? drawMessage(root, { thread: true }) : h("p", { class: "nothing" }, "The first message is gone."));
}

export function closeThread(back = false) {
  if (!thread) return;
  const ts = thread.thread;
  thread.stop();
  thread = null;
  side.hidden = true;
  put(side);
  emit("side", { what: null });
  if (back) list?.nodeOf(ts)?.focus();
}

side.addEventListener("keydown", (event) => { if (event.key === "Escape" && thread && !event.defaultPrevented) closeThread(true); });
