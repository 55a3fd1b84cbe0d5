// What one can do with a message: react, answer in its thread, the app's shortcuts, edit, delete.

import { busy, h, near, newId, openMenu, put } from "./dom.js";
import { ask } from "./confirm.js";
import { COMMON, EMOJI } from "./emoji.js";
import { emojiNode } from "./mrkdwn.js";
import { doAs, state } from "./store.js";

/** The row of buttons on a message; null where nothing can be done with it. */
export function messageMenu(message, { open, inThread, node }) {
  if (message.is_ephemeral) return null;
  const at = { channel: message.channel, ts: message.ts };
  const first = state.emoji[0];
  const react = (name) => doAs("react", { at, emoji: name });
  const quick = [first, "+1", "eyes"].filter((name) => name === first || emojiNode(name)).map((name) => h("button", {
    type: "button", class: "icon-button", title: `React with :${name}:`, "aria-label": `React with ${name.replaceAll("_", " ")}`,
    on: { click: (event) => busy(event.currentTarget, () => react(name)) },
  }, emojiNode(name) || `:${name}:`));
  const pick = h("button", { type: "button", class: "icon-button", title: "Find another reaction", "aria-label": "Find another reaction", "aria-haspopup": "dialog", on: { click: (event) => pickEmoji(event.currentTarget, react) } }, "☺");
  const reply = inThread || !open ? null : h("button", { type: "button", class: "icon-button", title: "Reply in thread", "aria-label": "Reply in thread", on: { click: () => open(message) } }, "↳");
  const more = h("button", { type: "button", class: "icon-button", title: "More", "aria-label": "More for this message", "aria-haspopup": "menu", "aria-expanded": "false", on: { click: (event) => openMenu(event.currentTarget, items(message, at, node), "More for this message") } }, "⋯");
  return h("div", { class: "message-menu", role: "toolbar", "aria-label": "What to do with this message" }, quick, pick, reply, more);
}

function items(message, at, node) {
  const own = message.user === state.me.id;
  const home = !state.people.get(state.me.id).outsider;
  const shortcuts = state.shortcuts.filter((one) => one.type === "message" && home);
  return [
    ...shortcuts.map((one) => ({ label: one.name, note: state.bot.real_name, run: () => doAs("message_shortcut", { callback_id: one.callback_id, at }) })),
    { label: "Copy link", run: () => navigator.clipboard?.writeText(`${location.origin}/archives/${message.channel}/p${message.ts.replace(".", "")}`) },
    ...(own ? [{ label: "Edit", run: () => edit(message, at, node) }] : []),
    ...(own || state.me.is_admin ? [{ label: "Delete", danger: true, run: async () => {
      if (await ask("Delete this message?", "It cannot be brought back.", "Delete", "danger")) await doAs("delete", { at });
    } }] : []),
  ];
}

const written = (text) => text.replace(/<@([A-Z0-9]+)>/g, (all, id) => `@${state.people.get(id)?.name || id}`).replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");

function edit(message, at, node) {
  const body = node.querySelector(".message-body > .text");
  if (!body) return;
  const area = h("textarea", { rows: 3, "aria-label": "Edit the message", value: written(message.text) });
  const back = () => { box.replaceWith(body); node.focus(); };
  const save = async () => {
    if (!(await doAs("edit", { at, text: coded(area.value) }))) return;
    if (box.isConnected) back();
  };
  const box = h("div", { class: "edit" }, area, h("div", { class: "row" }, h("button", { type: "button", class: "button", on: { click: back } }, "Cancel"), h("button", { type: "button", class: "button primary", on: { click: save } }, "Save")));
  area.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { event.stopPropagation(); back(); }
    else if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); save(); }
  });
  body.replaceWith(box);
  area.focus();
}

/** What a person typed as Slack sends it on: escaped, with @handles and #channels as ids. */
export function coded(text) {
  const plain = text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/^&gt;/gm, "&gt;");
  return plain
    .replace(/(^|\s)@([a-z0-9._-]+)/g, (all, before, handle) => {
      const person = [...state.people.values()].find((one) => one.name === handle);
      return person ? `${before}<@${person.id}>` : all;
    })
    .replace(/(^|\s)#([a-z0-9_-]+)/g, (all, before, name) => {
      const place = state.places.find((one) => one.name === name);
      return place ? `${before}<#${place.id}|${name}>` : all;
    });
}

/** A small picker; the bot's own emoji come first. */
export function pickEmoji(button, take) {
  const id = newId("picker");
  const list = h("div", { class: "emoji-list", role: "group", "aria-label": "Emoji" });
  const find = h("input", { type: "search", placeholder: "Find by name", "aria-label": "Find an emoji by name" });
  const box = h("div", { class: "emoji-picker", role: "dialog", id, "aria-label": "Pick a reaction" }, find, list);
  const close = (back) => {
    box.remove();
    document.removeEventListener("pointerdown", outside, true);
    if (back && button.isConnected) button.focus();
  };
  const outside = (event) => { if (!box.contains(event.target)) close(false); };
  const show = () => {
    const wanted = find.value.toLowerCase().replace(/:/g, "");
    const names = wanted ? Object.keys(EMOJI).filter((name) => name.includes(wanted)) : [...new Set([...state.emoji, ...COMMON])];
    put(list, names.slice(0, 48).map((name) => h("button", { type: "button", class: "icon-button", title: `:${name}:`, "aria-label": name.replaceAll("_", " "), on: { click: () => { close(true); take(name); } } }, emojiNode(name) || h("small", {}, `:${name}:`))));
    if (!names.length) put(list, h("p", { class: "none" }, "No emoji of that name is drawn here."));
  };
  find.addEventListener("input", show);
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { event.preventDefault(); event.stopPropagation(); close(true); }
    if (event.key === "Enter" && event.target === find) { event.preventDefault(); list.querySelector("button")?.click(); }
  });
  show();
  document.body.append(box);
  near(box, button);
  document.addEventListener("pointerdown", outside, true);
  find.focus();
}
