// Blocks of messages, forms and Home. A block that this page does not know is shown loudly, never dropped.

import { h, newId } from "./dom.js";
import { drawElement } from "./elements.js";
import { plainNodes, textNodes, mrkdwn } from "./mrkdwn.js";
import { richText } from "./richtext.js";
import { state } from "./store.js";

/** The nodes of blocks; `surface` says where they stand and what becomes of what a person does in them. */
export const drawBlocks = (blocks, surface) => blocks.map((block) => drawBlock(block, surface));

export function drawBlock(block, surface) {
  const draw = BLOCKS[block.type];
  const node = draw ? draw(block, surface) : loud(`This page does not know the block “${block.type}”.`, block);
  node.dataset.block = block.block_id || "";
  return node;
}

export function loud(words, shape) {
  return h("div", { class: "loud", role: "note" }, h("strong", {}, words), h("details", {}, h("summary", {}, "What was sent"), h("pre", {}, JSON.stringify(shape, null, 2))));
}

const BLOCKS = {
  section(block, surface) {
    const body = h("div", { class: "section-text" }, block.text ? h("div", { class: "text" }, textNodes(block.text)) : null);
    if (block.fields) body.append(h("div", { class: "fields" }, block.fields.map((field) => h("div", { class: "text" }, textNodes(field)))));
    const node = h("div", { class: "block section" }, body);
    if (block.accessory) {
      const words = block.text ? block.text.text : "";
      node.append(h("div", { class: "accessory" }, drawElement(block.accessory, block, surface, words)));
    }
    return node;
  },
  actions: (block, surface) =>
    h("div", { class: "block actions" }, block.elements.map((element) => drawElement(element, block, surface, ""))),
  context: (block) => h("div", { class: "block context" }, block.elements.map((element) =>
    element.type === "image" ? picture(element, "context-image") : h("span", { class: "text" }, textNodes(element)))),
  divider: () => h("hr", { class: "block divider" }),
  header: (block) => {
    const level = Math.min(6, (block.level || 1) + 2);
    return h(`h${level}`, { class: "block header" }, plainNodes(block.text.text, block.text.emoji !== false));
  },
  image: (block) => h("figure", { class: "block image" }, block.title ? h("figcaption", {}, plainNodes(block.title.text)) : null, picture(block, "")),
  input: inputBlock,
  rich_text: (block) => h("div", { class: "block text" }, richText(block.elements)),
  markdown: (block) => h("div", { class: "block text" }, mrkdwn(block.text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/^>/gm, "&gt;").replace(/\*\*(.+?)\*\*/g, "*$1*"))),
  alert: (block) => h("div", { class: `block alert alert-${block.level || "default"}`, role: "note" }, textNodes(block.text)),
};

function inputBlock(block, surface) {
  const { element } = block;
  const control = newId("field");
  const words = [...plainNodes(block.label.text), block.optional ? h("span", { class: "optional" }, " (optional)") : null];
  const described = [];
  const hint = block.hint ? h("p", { class: "hint", id: newId("hint") }, plainNodes(block.hint.text)) : null;
  if (hint) described.push(hint.id);
  const error = h("p", { class: "error", id: newId("error"), role: "alert", data: { errorFor: block.block_id }, hidden: true });
  described.push(error.id);
  const grouped = ["radio_buttons", "checkboxes"].includes(element.type) || element.type.startsWith("multi_");
  const place = { id: control, described: described.join(" "), required: !block.optional, grouped };
  const inner = drawElement(element, block, surface, block.label.text, place);
  return grouped
    ? h("fieldset", { class: "block input", "aria-describedby": described.join(" ") }, h("legend", {}, words), hint, inner, error)
    : h("div", { class: "block input" }, h("label", { for: control }, words), inner, hint, error);
}

/** A picture of this workspace with its alt text; one from elsewhere is named, not loaded. */
export function picture(shape, className) {
  const file = shape.slack_file && state.files.find((one) => one.id === shape.slack_file.id || one.url_private === shape.slack_file.url);
  const address = file ? file.url_private : shape.image_url || (shape.slack_file || {}).url;
  if (address && new URL(address, location.href).host === location.host) {
    return h("img", { class: className, src: new URL(address, location.href).pathname, alt: shape.alt_text, title: shape.alt_text, loading: "lazy" });
  }
  return h("div", { class: "no-image" }, h("span", {}, shape.alt_text), h("small", {}, address ? `A picture from ${new URL(address, location.href).host}; this page loads nothing from outside.` : "The picture has not arrived yet."));
}
