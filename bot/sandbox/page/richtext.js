// rich_text blocks, readable: sections, lists, quotes and preformatted text.

import { h } from "./dom.js";
import { emojiNode, link } from "./mrkdwn.js";
import { nameOf, placeOf, state } from "./store.js";
import { dated } from "./time.js";

export const richText = (elements) => elements.map((element) => {
  if (element.type === "rich_text_section") return h("div", {}, (element.elements || []).map(leaf));
  if (element.type === "rich_text_quote") return h("blockquote", {}, (element.elements || []).map(leaf));
  if (element.type === "rich_text_preformatted") return h("pre", {}, (element.elements || []).map(leaf));
  if (element.type === "rich_text_list") {
    return h(element.style === "ordered" ? "ol" : "ul", {}, (element.elements || []).map((item) => h("li", {}, (item.elements || []).map(leaf))));
  }
  return h("div", { class: "loud" }, `Unknown rich text: ${element.type}`);
});

function leaf(element) {
  let node;
  if (element.type === "text") node = lines(element.text);
  else if (element.type === "link") node = [link(element.url, element.text)];
  else if (element.type === "emoji") node = [emojiNode(element.name) || `:${element.name}:`];
  else if (element.type === "user") node = [h("span", { class: "mention" }, `@${nameOf(element.user_id)}`)];
  else if (element.type === "channel") node = [h("span", { class: "mention" }, `#${placeOf(element.channel_id)?.name || "a channel"}`)];
  else if (element.type === "usergroup") node = [h("span", { class: "mention" }, `@${state.groups.find((one) => one.id === element.usergroup_id)?.handle || "a team"}`)];
  else if (element.type === "broadcast") node = [h("span", { class: "mention" }, `@${element.range}`)];
  else if (element.type === "date") node = [h("time", {}, dated(element.timestamp, element.format))];
  else if (element.type === "color") node = [h("code", {}, element.value)];
  else node = [h("span", { class: "loud" }, `Unknown rich text: ${element.type}`)];
  const style = element.style || {};
  const tags = [["code", "code"], ["strike", "s"], ["italic", "em"], ["bold", "strong"]];
  return tags.reduce((inner, [name, tag]) => (style[name] ? [h(tag, {}, inner)] : inner), node);
}

const lines = (text) => text.split("\n").flatMap((line, number) => (number ? [h("br"), line] : [line]));
