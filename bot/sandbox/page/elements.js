// Elements that people press and pick. Those that hold a value live in fields.js.

import { busy, h, openMenu } from "./dom.js";
import { drawField, isField } from "./fields.js";
import { confirmed } from "./confirm.js";
import { plainNodes } from "./mrkdwn.js";
import { picture, loud } from "./blocks.js";

/** The node of an element. `place` (id, described, required, grouped) is given inside an input block. */
export function drawElement(element, block, surface, words, place) {
  if (element.type === "image") return picture(element, "accessory-image");
  if (element.type === "button") return button(element, block, surface);
  if (element.type === "overflow") return overflow(element, block, surface, words);
  if (isField(element.type)) return drawField(element, block, surface, words, place);
  return loud(`This page does not know the element “${element.type}”.`, element);
}

function button(element, block, surface) {
  const label = element.accessibility_label;
  const look = { class: `button ${element.style || ""}`, "aria-label": label, data: { action: element.action_id } };
  const press = async (event) => {
    const node = event.currentTarget;
    if (element.confirm && !(await confirmed(element.confirm))) return;
    await busy(node, () => surface.press(element, block));
  };
  if (element.url && /^https?:\/\//i.test(element.url)) {
    return h("a", { ...look, href: element.url, target: "_blank", rel: "noopener noreferrer", on: { click: () => surface.press(element, block) } }, plainNodes(element.text.text));
  }
  return h("button", { ...look, type: "button", on: { click: press } }, plainNodes(element.text.text, element.text.emoji !== false));
}

function overflow(element, block, surface, words) {
  const label = words ? `More for: ${words}`.slice(0, 120) : "More";
  const open = (event) => openMenu(event.currentTarget, element.options.map((option) => ({
    label: option.text.text,
    note: option.description?.text,
    run: async () => {
      if (element.confirm && !(await confirmed(element.confirm))) return;
      if (option.url && /^https?:\/\//i.test(option.url)) window.open(option.url, "_blank", "noopener");
      await surface.choose(element, block, option.value);
    },
  })), label);
  return h("button", { type: "button", class: "button icon", "aria-label": label, "aria-haspopup": "menu", "aria-expanded": "false", data: { action: element.action_id }, on: { click: open } }, "⋯");
}
