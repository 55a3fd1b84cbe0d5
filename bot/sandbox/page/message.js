// One message: its words, blocks, pictures, previews, reactions and thread.

import { drawBlocks, picture } from "./blocks.js";
import { busy, h } from "./dom.js";
import { emojiNode, mrkdwn } from "./mrkdwn.js";
import { doAs, nameOf, placeOf, roleOf, state } from "./store.js";
import { plainSurface } from "./surfaces.js";
import { clockTime, whole } from "./time.js";

/** A picture of a person: initials on a colour that stays theirs. */
export function avatar(person, size = "") {
  const name = person?.real_name || "?";
  const initials = person?.is_bot ? "≈" : name.split(/\s+/).filter((_, number, all) => number === 0 || number === all.length - 1).map((part) => [...part][0]).join("");
  let sum = 0;
  for (const letter of person?.id || "") sum = (sum * 31 + letter.charCodeAt(0)) % 997;
  return h("span", { class: `avatar ${size} ${person?.is_bot ? "avatar-bot" : `hue-${sum % 8}`}`, "aria-hidden": "true" }, initials);
}

/** `options`: {thread: shown inside a thread, compact: same author as before, open: opens the thread}. */
export function drawMessage(message, options = {}) {
  const person = state.people.get(message.user);
  const mine = message.is_ephemeral;
  const time = h("time", { datetime: new Date(message.ts * 1000).toISOString(), title: whole(message.ts) }, clockTime(message.ts));
  const node = h("article", {
    class: `message${options.compact ? " compact" : ""}${mine ? " ephemeral" : ""}`, tabindex: "-1", data: { ts: message.ts },
    "aria-label": `${nameOf(message.user)}, ${clockTime(message.ts)}${mine ? ", only you can see this" : ""}`,
  });
  const role = person ? roleOf(person) : "";
  const body = h("div", { class: "message-body" });
  if (mine) body.append(h("div", { class: "only-you" }, h("span", { "aria-hidden": "true" }, "◐ "), "Only you can see this"));
  if (!options.compact) {
    body.append(h("div", { class: "message-head" }, h("b", {}, nameOf(message.user)),
      person?.is_bot ? h("span", { class: "badge" }, "app") : role ? h("span", { class: "badge" }, role) : null, time));
  }
  body.append(content(message));
  for (const attachment of message.attachments || []) body.append(preview(attachment));
  for (const file of message.files || []) body.append(attached(file));
  if (message.reactions?.length) body.append(reactions(message));
  if (message.reply_count && !options.thread) body.append(threadLink(message, options));
  node.append(options.compact ? h("span", { class: "gutter" }, time) : avatar(person), body);
  return node;
}

function content(message) {
  const own = (message.blocks || []).length && (message.bot_id || !isTyped(message));
  if (own) return h("div", { class: "blocks" }, drawBlocks(message.blocks, plainSurface({ channel: message.channel, ts: message.ts })));
  return h("div", { class: "text" }, mrkdwn(message.text || ""), message.edited ? h("small", { class: "edited" }, " (edited)") : null);
}

/** Whether the only block is what the editor makes of typed words: then the words say more. */
const isTyped = (message) => message.blocks.length === 1 && message.blocks[0].type === "rich_text";

function preview(attachment) {
  if (!attachment.is_msg_unfurl) return h("div", { class: "preview" }, h("div", { class: "text" }, mrkdwn(attachment.text || attachment.fallback || "")));
  const from = placeOf(attachment.channel_id);
  return h("div", { class: "preview" },
    h("div", { class: "preview-head" }, h("b", {}, attachment.author_name), from?.name ? ` in #${from.name}` : "", " ", h("time", {}, whole(attachment.ts))),
    h("div", { class: "text" }, mrkdwn(attachment.text || "")),
    h("a", { class: "permalink", href: new URL(attachment.from_url).pathname, data: { place: attachment.channel_id, ts: attachment.ts } }, "View message"));
}

function attached(file) {
  if (!file.mimetype?.startsWith("image/")) return h("a", { class: "file", href: new URL(file.url_private).pathname, download: file.name }, `${file.title || file.name} (${file.pretty_type || "file"})`);
  return h("figure", { class: "block image" }, h("figcaption", {}, file.title || file.name), picture({ image_url: file.url_private, alt_text: file.alt_txt || file.title || file.name }, ""));
}

function reactions(message) {
  const at = { channel: message.channel, ts: message.ts };
  return h("div", { class: "reactions", role: "group", "aria-label": "Reactions" }, message.reactions.map((one) => {
    const mine = one.users.includes(state.me.id);
    const names = one.users.map(nameOf).join(", ");
    const toggle = (event) => busy(event.currentTarget, () => doAs(mine ? "unreact" : "react", { at, emoji: one.name }));
    return h("button", { type: "button", class: "reaction", "aria-pressed": String(mine), title: `${names} · :${one.name}:`, "aria-label": `${one.name.replaceAll("_", " ")}, ${one.count}: ${names}`, data: { emoji: one.name }, on: { click: toggle } },
      emojiNode(one.name) || `:${one.name}:`, " ", String(one.count));
  }));
}

function threadLink(message, options) {
  const words = message.reply_count === 1 ? "1 reply" : `${message.reply_count} replies`;
  return h("button", { type: "button", class: "thread-link", on: { click: () => options.open?.(message) } },
    message.reply_users.slice(0, 3).map((id) => avatar(state.people.get(id), "tiny")), words, h("small", {}, ` last at ${clockTime(message.latest_reply)}`));
}
