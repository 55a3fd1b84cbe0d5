// Slack's mrkdwn as DOM nodes: nothing that a person wrote is ever read as markup by the browser.

import { h } from "./dom.js";
import { drawn, pictured } from "./emoji.js";
import { nameOf, placeOf, state } from "./store.js";
import { dated, whole } from "./time.js";

const ENTITIES = { "&amp;": "&", "&lt;": "<", "&gt;": ">" };
export const unescaped = (text) => text.replace(/&(amp|lt|gt);/g, (entity) => ENTITIES[entity]);

/** A link that leads where it says, or plain words where the address is of no kind that a page should open. */
export function link(address, label) {
  const words = label || address.replace(/^mailto:|^tel:/, "");
  if (!/^(https?:\/\/|mailto:|tel:)/i.test(address)) return h("span", {}, words);
  const own = permalink(address);
  if (own) return h("a", { href: address, class: "permalink", data: { place: own.place, ts: own.ts } }, label || `#${placeOf(own.place)?.name || "a message"}`);
  return h("a", { href: address, target: "_blank", rel: "noopener noreferrer nofollow" }, words);
}

export function permalink(address) {
  const hit = /\/archives\/([A-Z0-9]+)\/p(\d{10})(\d{6})/.exec(address);
  return hit && address.startsWith(location.origin) ? { place: hit[1], ts: `${hit[2]}.${hit[3]}` } : null;
}

function mention(id, label) {
  const known = state.people.has(id);
  const me = id === state.me.id;
  return h("span", { class: me ? "mention mention-me" : "mention" }, `@${known ? nameOf(id) : label || id}`);
}

function place(id, label) {
  const known = placeOf(id);
  if (!known) return h("span", { class: "mention" }, label ? `#${label}` : "#a private channel");
  return h("a", { href: `#${id}`, class: "mention", data: { place: id } }, `#${known.name}`);
}

/** What stands between < and >. */
function special(inside) {
  const bar = inside.indexOf("|");
  const target = bar < 0 ? inside : inside.slice(0, bar);
  const label = bar < 0 ? "" : unescaped(inside.slice(bar + 1));
  if (target.startsWith("@")) return mention(target.slice(1), label.replace(/^@/, ""));
  if (target.startsWith("#")) return place(target.slice(1), label);
  if (target.startsWith("!date^")) {
    const [, seconds, form, address] = target.split("^");
    if (!/^\d{1,11}$/.test(seconds) || !form) return h("span", {}, label || target);
    const shown = h("time", { datetime: new Date(seconds * 1000).toISOString(), title: whole(seconds) }, dated(Number(seconds), form));
    return address ? h("a", { href: /^https?:/.test(address) ? address : "#", target: "_blank", rel: "noopener" }, shown) : shown;
  }
  if (target.startsWith("!subteam^")) {
    const group = state.groups.find((one) => one.id === target.split("^")[1]);
    return h("span", { class: "mention" }, group ? `@${group.handle}` : label || "@a team");
  }
  if (target.startsWith("!")) return h("span", { class: "mention" }, label || `@${target.slice(1)}`);
  return link(unescaped(target), label);
}

const MARKS = { "*": "strong", _: "em", "~": "s" };
const INLINE = /<([^<>\n]+)>|`([^`\n]+)`|:([a-z0-9_+'-]+(?:::skin-tone-\d)?):|([*_~])(?=[^\s\u2060])|(https?:\/\/[^\s<>|]+[^\s<>|.,;:!?)\]'"])/gu;
const WORDLIKE = /[\p{L}\p{N}\u2060]/u;

/** Nodes of one run of text, without line breaks inside quotes or code blocks. */
function inline(text, options) {
  const nodes = [];
  let last = 0;
  INLINE.lastIndex = 0;
  const plain = (to) => { if (to > last) nodes.push(unescaped(text.slice(last, to))); };
  let hit;
  while ((hit = INLINE.exec(text))) {
    const [all, inside, code, emoji, mark, bare] = hit;
    let node = null;
    let end = hit.index + all.length;
    if (inside !== undefined) node = special(inside);
    else if (code !== undefined) node = h("code", {}, unescaped(code));
    else if (emoji !== undefined) node = emojiNode(emoji);
    else if (bare !== undefined) node = options.verbatim ? null : link(unescaped(bare));
    else {
      const close = closing(text, hit.index, mark);
      if (close > 0) {
        node = h(MARKS[mark], {}, ...inline(text.slice(hit.index + 1, close), options));
        end = close + 1;
      }
    }
    if (node === null) { INLINE.lastIndex = hit.index + 1; continue; }
    plain(hit.index);
    nodes.push(node);
    last = end;
    INLINE.lastIndex = end;
  }
  plain(text.length);
  return nodes;
}

export function emojiNode(name) {
  const character = drawn(name);
  const picture = pictured(name);
  if (picture) return h("img", { class: "emoji-picture", src: picture, alt: name, title: `:${name}:` });
  return character ? h("span", { class: "emoji", role: "img", "aria-label": name.replaceAll("_", " "), title: `:${name}:` }, character) : null;
}

/** Where the mark that opens at `start` closes on its line, 0 where it does not. */
function closing(text, start, mark) {
  const before = text[start - 1];
  if (before && (WORDLIKE.test(before) || before === mark)) return 0;
  for (let at = start + 2; at < text.length && text[at] !== "\n"; at += 1) {
    if (text[at] === "<") {
      const out = text.indexOf(">", at);
      if (out > 0) { at = out; continue; }
    }
    if (text[at] !== mark || /[\s\u2060]/.test(text[at - 1])) continue;
    const after = text[at + 1];
    if (!after || !WORDLIKE.test(after)) return at;
  }
  return 0;
}

function lines(text, options) {
  const nodes = [];
  text.split("\n").forEach((line, number) => {
    if (number) nodes.push(h("br"));
    nodes.push(...inline(line, options));
  });
  return nodes;
}

/** The nodes of a mrkdwn text: pre, quotes and lines. `verbatim` leaves bare addresses alone. */
export function mrkdwn(text, options = {}) {
  const nodes = [];
  for (const [number, piece] of text.split("```").entries()) {
    if (number % 2 && number < text.split("```").length - 1) nodes.push(h("pre", {}, unescaped(piece.replace(/^\n|\n$/g, ""))));
    else nodes.push(...paragraphs(number % 2 ? `\`\`\`${piece}` : piece, options));
  }
  return nodes;
}

function paragraphs(text, options) {
  const nodes = [];
  let plain = [];
  let quoted = [];
  let listed = [];
  const flush = () => {
    if (plain.length) nodes.push(...lines(plain.join("\n"), options), "\n");
    if (quoted.length) nodes.push(h("blockquote", {}, ...lines(quoted.join("\n"), options)));
    if (listed.length) nodes.push(h("ul", {}, listed.map((item) => h("li", {}, ...inline(item, options)))));
    plain = []; quoted = []; listed = [];
  };
  const all = text.split("\n");
  for (const [number, line] of all.entries()) {
    const rest = /^(?:&gt;){3}/.exec(line);
    if (rest) {
      flush();
      quoted = [line.slice(rest[0].length), ...all.slice(number + 1)];
      break;
    }
    const quote = /^&gt; ?(.*)$/.exec(line);
    const item = /^ {0,3}[•◦] (.*)$/.exec(line);
    if (quote) { if (!quoted.length) flush(); quoted.push(quote[1]); }
    else if (item) { if (!listed.length) flush(); listed.push(item[1]); }
    else { if (!plain.length) flush(); plain.push(line); }
  }
  flush();
  while (nodes.at(-1) === "\n") nodes.pop();
  return nodes;
}

/** Nodes of a text object: plain_text or mrkdwn. */
export function textNodes(object) {
  if (!object) return [];
  if (object.type === "mrkdwn") return mrkdwn(object.text, { verbatim: object.verbatim });
  return plainNodes(object.text, object.emoji !== false);
}

export function plainNodes(text, withEmoji = true) {
  const nodes = [];
  for (const [number, line] of String(text).split("\n").entries()) {
    if (number) nodes.push(h("br"));
    if (!withEmoji) { nodes.push(line); continue; }
    for (const piece of line.split(/(:[a-z0-9_+-]+:)/)) nodes.push((/^:.+:$/.test(piece) && emojiNode(piece.slice(1, -1))) || piece);
  }
  return nodes;
}
