// Where one writes: messages, replies and slash commands, with hints from the manifest.

import { busy, h, openMenu, put } from "./dom.js";
import { coded } from "./message_menu.js";
import { doAs, emit, state } from "./store.js";

/** A composer for `place`; `thread` is the ts of the message that is answered. */
export function composer({ place, thread, label }) {
  const hints = h("ul", { class: "hints", role: "listbox", id: thread ? "thread-hints" : "hints", "aria-label": "Suggestions", hidden: true });
  const area = h("textarea", { rows: 1, placeholder: label, "aria-label": label, role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": hints.id });
  const send = h("button", { type: "button", class: "icon-button send", "aria-label": "Send", title: "Send (Enter)" }, "➤");
  const shortcuts = state.shortcuts.filter((one) => one.type === "global" && !state.people.get(state.me.id).outsider);
  const plus = thread || !shortcuts.length ? null : h("button", { type: "button", class: "icon-button", "aria-label": "Shortcuts", title: "Shortcuts", "aria-haspopup": "menu", "aria-expanded": "false", on: { click: (event) => openMenu(event.currentTarget, shortcuts.map((one) => ({ label: one.name, note: state.bot.real_name, run: () => doAs("global_shortcut", { callback_id: one.callback_id }) })), "Shortcuts") } }, "+");
  let options = [];
  let at = -1;

  const grow = () => { area.style.height = "auto"; area.style.height = `${Math.min(area.scrollHeight, 180)}px`; };
  const suggest = () => {
    options = found(area.value, area.selectionStart);
    at = options.length && area.value.startsWith("/") && !area.value.includes(" ") ? 0 : -1;
    put(hints, options.map((one, number) => h("li", { role: "option", id: `${hints.id}-${number}`, "aria-selected": String(number === at), on: { pointerdown: (event) => { event.preventDefault(); take(one); } } }, h("b", {}, one.name), h("span", {}, one.text), one.hint ? h("small", {}, one.hint) : null)));
    hints.hidden = !options.length;
    area.setAttribute("aria-expanded", String(Boolean(options.length)));
    mark();
  };
  const mark = () => {
    [...hints.children].forEach((row, number) => row.setAttribute("aria-selected", String(number === at)));
    if (at >= 0) area.setAttribute("aria-activedescendant", `${hints.id}-${at}`); else area.removeAttribute("aria-activedescendant");
  };
  const take = (one) => {
    area.setRangeText(one.insert, one.from, area.selectionStart, "end");
    suggest();
    grow();
  };
  const go = async () => {
    const text = area.value.trim();
    if (!text) return;
    const [word] = text.split(/\s/, 1);
    const command = word.startsWith("/") && word.length > 1;
    if (command && thread) return emit("trouble", { text: "Slack takes no slash commands in threads. Write it in the channel instead." });
    area.value = "";
    grow();
    suggest();
    const outcome = await busy(send, () => (command
      ? doAs("slash", { command: word, text: text.slice(word.length).trim(), where: place })
      : doAs("say", { where: place, text: coded(text), ...(thread ? { thread_ts: thread } : {}) })));
    if (!outcome || outcome.trouble) { area.value = text; grow(); }
    return undefined;
  };
  area.addEventListener("input", () => { grow(); suggest(); });
  area.addEventListener("blur", () => { hints.hidden = true; area.setAttribute("aria-expanded", "false"); });
  area.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const open = !hints.hidden && options.length;
    if (open && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      at = (at + (event.key === "ArrowDown" ? 1 : -1) + options.length) % options.length;
      mark();
    } else if (open && event.key === "Escape") { event.preventDefault(); options = []; hints.hidden = true; }
    else if (open && at >= 0 && (event.key === "Tab" || (event.key === "Enter" && area.value.slice(options[at].from, area.selectionStart).trim() !== options[at].insert.trim()))) { event.preventDefault(); take(options[at]); }
    else if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); go(); }
  });
  send.addEventListener("click", go);
  return h("div", { class: "composer-box" }, hints, h("div", { class: "composer-row" }, plus, area, send));
}

/** What could be meant by what stands before the caret: a command, a person or a channel. */
function found(text, caret) {
  const before = text.slice(0, caret);
  if (/^\/\S*/.test(before) && !before.includes("\n")) {
    const word = before.split(" ", 1)[0];
    const home = !state.people.get(state.me.id).outsider;
    return state.commands.filter((one) => home && one.command.startsWith(word)).map((one) => ({ name: one.command, text: one.description, hint: one.hint, insert: before.includes(" ") ? before : `${one.command} `, from: 0 }));
  }
  const hit = /(^|\s)([@#])([\p{L}\p{N}._-]{1,})$/u.exec(before);
  if (!hit) return [];
  const wanted = hit[3].toLowerCase();
  const from = caret - wanted.length - 1;
  if (hit[2] === "@") {
    return [...state.people.values()].filter((one) => !one.deleted && (one.name.startsWith(wanted) || one.real_name.toLowerCase().split(" ").some((part) => part.startsWith(wanted)))).slice(0, 6).map((one) => ({ name: one.real_name, text: `@${one.name}`, insert: `@${one.name} `, from }));
  }
  return state.places.filter((one) => one.name?.startsWith(wanted)).slice(0, 6).map((one) => ({ name: `#${one.name}`, text: one.purpose?.value, insert: `#${one.name} `, from }));
}
