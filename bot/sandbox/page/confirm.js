// The question before an act: Slack's confirm object, and the page's own.

import { h, newId } from "./dom.js";
import { plainNodes, textNodes } from "./mrkdwn.js";

/** Ask; true when the person says yes. Escape is no. */
export function confirmed(shape) {
  const title = newId("confirm");
  let yes = false;
  return new Promise((resolve) => {
    const end = (answer) => () => { yes = answer; dialog.close(); };
    const dialog = h("dialog", { class: "dialog small", "aria-labelledby": title },
      h("h2", { id: title }, plainNodes(shape.title.text)),
      h("div", { class: "text" }, textNodes(shape.text)),
      h("div", { class: "dialog-end" },
        h("button", { type: "button", class: "button", on: { click: end(false) } }, shape.deny.text),
        h("button", { type: "button", class: `button ${shape.style || "primary"}`, on: { click: end(true) } }, shape.confirm.text)));
    dialog.addEventListener("close", () => { dialog.remove(); resolve(yes); });
    document.body.append(dialog);
    dialog.showModal();
  });
}

export const ask = (title, text, yes, style) =>
  confirmed({ title: { text: title }, text: { type: "plain_text", text }, confirm: { text: yes }, deny: { text: "Cancel" }, style });
