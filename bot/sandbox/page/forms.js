// The app's forms: one dialog that shows the top of a stack of up to three, with the words beside the fields.

import { drawBlocks } from "./blocks.js";
import { announce, busy, closeMenus, h, put } from "./dom.js";
import { plainNodes } from "./mrkdwn.js";
import { doAs, on, state } from "./store.js";
import { FormSurface } from "./surfaces.js";

const dialog = document.getElementById("form");
const form = h("form", { novalidate: true });
const surfaces = new Map();
let shown = null;
let opener = null;

export function start() {
  dialog.append(form);
  form.addEventListener("submit", (event) => { event.preventDefault(); submit(); });
  dialog.addEventListener("cancel", (event) => { event.preventDefault(); back(); });
  on("views", draw);
  on("person", () => { shown = null; surfaces.clear(); draw(); });
}

const top = () => state.views.at(-1);

function draw() {
  const view = top();
  for (const id of [...surfaces.keys()]) if (!state.views.some((one) => one.id === id)) surfaces.delete(id);
  if (!view) return shut();
  const fresh = !surfaces.has(view.id);
  if (fresh) surfaces.set(view.id, new FormSurface(view));
  const same = shown && shown.id === view.id && shown.hash === view.hash;
  if (!same) {
    const focus = shown?.id === view.id ? focused() : null;
    surfaces.get(view.id).became(view);
    build(view);
    if (!dialog.open) {
      opener = document.activeElement;
      closeMenus();
      dialog.showModal();
    }
    refocus(view, focus, fresh);
    if (shown?.id === view.id) announce(`The form has changed: ${view.title.text}`);
  } else surfaces.get(view.id).view = view;
  shown = view;
  errors(view);
  return undefined;
}

function shut() {
  shown = null;
  if (!dialog.open) return;
  dialog.close();
  put(form);
  const back = opener?.isConnected && opener !== document.body ? opener : document.querySelector("#composer textarea") || document.querySelector("main");
  back?.focus();
}

function build(view) {
  const surface = surfaces.get(view.id);
  const depth = state.views.length;
  const body = h("div", { class: "form-body" }, drawBlocks(view.blocks, surface));
  put(form,
    h("header", { class: "form-head" },
      depth > 1 ? h("button", { type: "button", class: "icon-button", "aria-label": "Back to the form before", on: { click: back } }, "←") : null,
      h("h2", { id: "form-title", tabindex: "-1" }, plainNodes(view.title.text)),
      depth > 1 ? h("span", { class: "badge" }, `${depth} of 3`) : null,
      h("button", { type: "button", class: "icon-button", "aria-label": depth > 1 ? "Close all" : "Close", on: { click: () => doAs("close", { everything: true }) } }, "×")),
    body,
    h("footer", { class: "form-end" },
      h("span", { class: "app-name" }, state.bot.real_name),
      h("button", { type: "button", class: "button", on: { click: back } }, view.close?.text || (view.submit ? "Cancel" : "Close")),
      view.submit ? h("button", { type: "submit", class: "button primary", id: "form-submit" }, view.submit.text) : null));
}

/** One step back: the top form closes, as Escape does it. */
const back = () => doAs("close", { everything: false });

async function submit() {
  const view = top();
  if (!view) return;
  const wrong = [...form.querySelectorAll("input, textarea")].find((one) => !one.checkValidity());
  if (wrong) return beside(wrong.closest(".input")?.dataset.block, wrong.validationMessage, true);
  const outcome = await busy(document.getElementById("form-submit"), () => surfaces.get(view.id).submit());
  if (outcome && Object.keys(outcome.errors).length) errors({ ...view, errors: outcome.errors }, true);
  return undefined;
}

function errors(view, focus = false) {
  for (const node of form.querySelectorAll(".error")) {
    const words = view.errors[node.dataset.errorFor];
    node.hidden = !words;
    node.textContent = words || "";
    const field = node.closest(".input")?.querySelector("input, select, textarea, button");
    if (words) field?.setAttribute("aria-invalid", "true"); else field?.removeAttribute("aria-invalid");
  }
  if (focus) form.querySelector('[aria-invalid="true"]')?.focus();
}

const beside = (block, words, focus) => errors({ errors: { [block]: words } }, focus);

/** Which field has the focus, and where in it. */
function focused() {
  const node = form.contains(document.activeElement) ? document.activeElement : null;
  const name = node?.dataset.field || node?.closest("[data-field]")?.dataset.field;
  return name ? { name, action: "", from: node.selectionStart, to: node.selectionEnd } : { action: node?.dataset.action };
}

function refocus(view, before, fresh) {
  if (before?.name) {
    const holder = form.querySelector(`[data-field="${CSS.escape(before.name)}"]`);
    const node = holder?.matches("input, textarea, select, button") ? holder : holder?.querySelector("input:checked, input");
    if (node) {
      node.focus();
      if (before.from !== null && before.from !== undefined && node.setSelectionRange && /text|search|textarea/.test(node.type)) node.setSelectionRange(before.from, before.to);
      return;
    }
  }
  const again = before?.action && form.querySelector(`[data-action="${CSS.escape(before.action)}"]`);
  const wanted = again || form.querySelector('[data-focus-first="yes"]')
    || (fresh && view.submit ? form.querySelector(".form-body input, .form-body textarea, .form-body select") : null);
  (wanted || document.getElementById("form-title")).focus();
}
