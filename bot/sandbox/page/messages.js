// A list of messages that stays quick with thousands of them: the newest are drawn first, older ones on the way up.

import { loud } from "./blocks.js";
import { announce, h, put } from "./dom.js";
import { drawMessage } from "./message.js";
import { messageMenu } from "./message_menu.js";
import { held, isReply, load, nameOf, on, state } from "./store.js";
import { dayKey, dayName } from "./time.js";

const CHUNK = 80;

export class MessageList {
  /** `thread` is the ts of the first message of a thread; `open` opens the thread of a message. */
  constructor({ place, thread, label, open, intro, empty }) {
    Object.assign(this, { place, thread, open, empty });
    this.items = h("div", { class: "message-items", role: "feed", "aria-label": label });
    this.earlier = h("div", { class: "earlier", "aria-hidden": "true" });
    this.node = h("div", { class: "messages", tabindex: "-1" }, intro || null, this.earlier, this.items);
    this.first = 0;
    this.off = [on("message", (change) => this.changed(change)), on("person", () => this.stop()), on("clock", () => { this.draw(); if (this.pinned) this.toEnd(); })];
    this.sized = new ResizeObserver(() => { if (this.pinned) this.toEnd(); });
    this.sized.observe(this.node);
    this.items.addEventListener("keydown", (event) => this.walk(event));
    this.items.addEventListener("focusin", (event) => this.focused(event.target.closest(".message")));
    this.items.addEventListener("pointerover", (event) => this.focused(event.target.closest(".message"), true));
    this.watcher = new IntersectionObserver((seen) => { if (seen.some((one) => one.isIntersecting)) this.older(); }, { root: this.node, rootMargin: "600px" });
    this.node.addEventListener("scroll", () => { this.pinned = this.node.scrollHeight - this.node.scrollTop - this.node.clientHeight < 80; }, { passive: true });
  }

  stop() {
    this.watcher.disconnect();
    this.sized.disconnect();
    for (const off of this.off) off();
  }

  async show(ts) {
    const list = await load(this.place, this.thread);
    this.first = Math.max(0, list.length - CHUNK);
    const at = ts ? list.findIndex((one) => one.ts === ts) : -1;
    if (at >= 0) this.first = Math.min(this.first, Math.max(0, at - 20));
    this.draw();
    this.pinned = true;
    this.toEnd();
    if (at >= 0) this.pointOut(ts);
    this.watcher.observe(this.earlier);
  }

  toEnd() {
    this.node.scrollTop = this.node.scrollHeight;
    // Heights are estimates until messages have been laid out once.
    requestAnimationFrame(() => { if (this.pinned) this.node.scrollTop = this.node.scrollHeight; });
  }

  pointOut(ts) {
    const node = this.nodeOf(ts);
    if (!node) return;
    this.pinned = false;
    node.scrollIntoView({ block: "center" });
    node.classList.add("pointed-out");
    node.focus();
  }

  get list() { return held(this.place, this.thread) || []; }
  nodeOf(ts) { return this.items.querySelector(`.message[data-ts="${CSS.escape(ts)}"]`); }

  draw() {
    const list = this.list;
    put(this.items, list.slice(this.first).map((message, number) => this.drawn(message, list[this.first + number - 1])));
    if (!list.length && this.empty) this.items.append(h("p", { class: "nothing" }, this.empty));
    this.rove();
  }

  drawn(message, before) {
    const sameDay = before && dayKey(before.ts) === dayKey(message.ts);
    const compact = sameDay && before.user === message.user && message.ts - before.ts < 300 && !before.is_ephemeral === !message.is_ephemeral;
    const node = this.whole(message, { thread: this.thread, compact, open: this.open });
    return sameDay || this.thread ? node : [h("div", { class: "day", role: "separator" }, h("span", {}, dayName(message.ts))), node];
  }

  /** One message that cannot be drawn must not take the others with it. */
  whole(message, options) {
    try {
      return drawMessage(message, options);
    } catch (error) {
      return h("article", { class: "message", tabindex: "-1", data: { ts: message.ts } }, loud(`This message could not be drawn: ${error.message}`, message));
    }
  }

  older() {
    if (!this.first) return;
    const list = this.list;
    const from = Math.max(0, this.first - CHUNK);
    const anchor = this.items.firstElementChild;
    const before = anchor?.getBoundingClientRect().top;
    const nodes = list.slice(from, this.first).flatMap((message, number) => this.drawn(message, list[from + number - 1]));
    this.items.prepend(...nodes);
    this.first = from;
    if (anchor) this.node.scrollTop += anchor.getBoundingClientRect().top - before;
  }

  changed({ place, message, gone, isNew }) {
    const root = this.thread && message.ts === this.thread;
    if (place !== this.place || root || !held(this.place, this.thread)) return;
    if (!gone && !this.belongs(message)) return;
    const list = this.list;
    const at = list.findIndex((one) => one.ts === message.ts);
    const node = this.nodeOf(message.ts);
    if (gone) {
      if (node?.previousElementSibling?.classList.contains("day") && !node.nextElementSibling?.classList.contains("message")) node.previousElementSibling.remove();
      node?.remove();
    } else if (node) this.replace(node, message, list[at - 1]);
    else if (at === list.length - 1) {
      this.items.querySelector(".nothing")?.remove();
      this.items.append(...[this.drawn(message, list[at - 1])].flat());
    } else this.draw();
    if (isNew && message.user !== state.me.id) announce(`${nameOf(message.user)}${message.is_ephemeral ? ", only to you" : ""}: ${(message.text || "").slice(0, 300)}`);
    if (this.pinned || (isNew && message.user === state.me.id)) this.toEnd();
    this.rove();
  }

  belongs(message) {
    return this.thread ? message.thread_ts === this.thread : !isReply(message);
  }

  /** Draw a message anew where it stands, with the focus on the same thing in it. */
  replace(node, message, before) {
    const active = node.contains(document.activeElement) ? document.activeElement : null;
    const wanted = active && (active.dataset.action ? `[data-action="${CSS.escape(active.dataset.action)}"]` : active.dataset.emoji ? `[data-emoji="${CSS.escape(active.dataset.emoji)}"]` : null);
    const fresh = [this.drawn(message, before)].flat().at(-1);
    node.replaceWith(fresh);
    if (!active) return;
    const again = (wanted && fresh.querySelector(wanted)) || fresh;
    this.focused(fresh);
    again.focus({ preventScroll: true });
  }

  rove() {
    const all = this.items.querySelectorAll(".message");
    if (!all.length || this.items.querySelector('.message[tabindex="0"]')) return;
    all[all.length - 1].tabIndex = 0;
  }

  /** The menu stands in the message that is pointed at or has the focus. */
  focused(node, pointer = false) {
    if (!node || node === this.current) return;
    if (pointer && this.items.contains(document.activeElement) && this.current?.contains(document.activeElement)) return;
    this.menu?.remove();
    this.current = node;
    const message = this.list.find((one) => one.ts === node.dataset.ts);
    if (!message) return;
    this.menu = messageMenu(message, { open: this.open, inThread: Boolean(this.thread), node });
    if (this.menu) node.append(this.menu);
    if (!pointer) {
      this.items.querySelector('.message[tabindex="0"]')?.setAttribute("tabindex", "-1");
      node.tabIndex = 0;
    }
  }

  walk(event) {
    const node = event.target;
    if (!node.classList.contains("message")) return;
    const all = [...this.items.querySelectorAll(".message")];
    const at = all.indexOf(node);
    const to = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: all.length - 1 }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      all[Math.max(0, Math.min(all.length - 1, to))]?.focus();
    } else if (event.key === "Enter" && this.open) {
      const message = this.list.find((one) => one.ts === node.dataset.ts);
      if (message && !message.is_ephemeral) { event.preventDefault(); this.open(message); }
    }
  }
}
