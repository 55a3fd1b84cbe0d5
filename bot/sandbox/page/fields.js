// Elements that hold a value. `surface.changed` is told what a person typed or picked.

import { h, newId } from "./dom.js";
import { picker, suggester } from "./pickers.js";
import { plainNodes, textNodes } from "./mrkdwn.js";
import { confirmed } from "./confirm.js";
import { roleOf, state } from "./store.js";


const TYPED = { plain_text_input: "text", email_text_input: "email", url_text_input: "url", number_input: "number" };

/** Where the value of each kind stands in Slack's view state, and in an element's initial_ key. */
export const HELD = {
  static_select: ["selected_option", "initial_option"], external_select: ["selected_option", "initial_option"],
  radio_buttons: ["selected_option", "initial_option"], checkboxes: ["selected_options", "initial_options"],
  multi_static_select: ["selected_options", "initial_options"], multi_external_select: ["selected_options", "initial_options"],
  users_select: ["selected_user", "initial_user"], conversations_select: ["selected_conversation", "initial_conversation"],
  channels_select: ["selected_channel", "initial_channel"], multi_users_select: ["selected_users", "initial_users"],
  multi_conversations_select: ["selected_conversations", "initial_conversations"], multi_channels_select: ["selected_channels", "initial_channels"],
  datepicker: ["selected_date", "initial_date"], timepicker: ["selected_time", "initial_time"], datetimepicker: ["selected_date_time", "initial_date_time"],
  plain_text_input: ["value", "initial_value"], email_text_input: ["value", "initial_value"], url_text_input: ["value", "initial_value"],
  number_input: ["value", "initial_value"],
};
export const isField = (kind) => kind in HELD;

/** What the element holds: text, an option or a list of them, ids. */
function held(element, block, surface) {
  const [name, initial] = HELD[element.type];
  const kept = surface.state(block.block_id, element.action_id);
  return kept ? kept[name] : element[initial];
}

export const everyOption = (element) => [...(element.options || []), ...(element.option_groups || []).flatMap((group) => group.options)];

export function drawField(element, block, surface, words, place = {}) {
  const value = held(element, block, surface);
  const told = async (now, more) => {
    if (element.confirm && !(await confirmed(element.confirm))) return;
    surface.changed(element, block, now, more);
  };
  const common = {
    id: place.id, "aria-describedby": place.described, "aria-required": place.required ? "true" : undefined,
    "aria-label": place.id ? undefined : element.placeholder?.text || words || "Choose",
    placeholder: element.placeholder?.text, data: { field: `${block.block_id}/${element.action_id}`, action: element.action_id, focusFirst: element.focus_on_load ? "yes" : "" },
  };
  const kind = element.type;
  if (kind in TYPED) return typed(element, common, value, surface, block);
  if (kind === "radio_buttons" || kind === "checkboxes") return ticks(element, common, value, told);
  if (kind === "static_select") return menu(common, element, value?.value, (now) => told(now));
  if (kind === "external_select") return suggester(element, block, surface, common, value ? [value] : [], told, false);
  if (kind === "multi_external_select") return suggester(element, block, surface, common, value || [], told, true);
  if (kind === "multi_static_select") return picker(element, common, (value || []).map((one) => one.value), told, words);
  if (kind === "datepicker" || kind === "timepicker") {
    return h("input", { ...common, type: kind === "datepicker" ? "date" : "time", class: "short", value: value || "", on: { change: (event) => told(event.target.value || null) } });
  }
  if (kind === "datetimepicker") return dateAndTime(common, value, told);
  const options = kind.includes("users") ? people() : places(kind.includes("channels"));
  if (kind.startsWith("multi_")) return picker({ ...element, options }, common, value || [], told, words);
  return menu(common, { ...element, options }, value, (now) => told(now));
}

function typed(element, common, value, surface, block) {
  const long = element.multiline;
  const most = element.max_length || 3000;
  const left = h("span", { class: "left-over", "aria-hidden": "true" });
  const node = h(long ? "textarea" : "input", {
    ...common, type: long ? undefined : TYPED[element.type], rows: long ? 4 : undefined, value: value || "", autocomplete: "off",
    maxlength: element.type === "plain_text_input" ? most : undefined, minlength: element.min_length,
    step: element.type === "number_input" ? (element.is_decimal_allowed ? "any" : "1") : undefined, min: element.min_value, max: element.max_value,
  });
  const count = () => { left.textContent = most - node.value.length < 60 ? `${most - node.value.length} left` : ""; };
  node.addEventListener("input", () => { count(); surface.changed(element, block, node.value || null, { typing: true }); });
  node.addEventListener("change", () => surface.settled?.());
  node.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || long) return;
    event.preventDefault();
    surface.entered?.(element, block, node.value || null);
  });
  count();
  return h("div", { class: "typed" }, node, left);
}

function ticks(element, common, value, told) {
  const many = element.type === "checkboxes";
  const chosen = new Set((many ? value || [] : value ? [value] : []).map((one) => one.value));
  const name = newId("ticks");
  const box = h("div", { class: "ticks", role: common.id ? undefined : many ? "group" : "radiogroup", "aria-label": common["aria-label"], data: common.data });
  for (const option of element.options) {
    const id = newId("tick");
    const change = () => {
      const now = [...box.querySelectorAll("input:checked")].map((one) => one.value);
      told(many ? now : now[0]);
    };
    const input = h("input", { type: many ? "checkbox" : "radio", id, name, value: option.value, "aria-describedby": option.description ? `${id}-more` : undefined, on: { change } });
    input.checked = chosen.has(option.value);
    box.append(h("div", { class: "tick" }, input, h("label", { for: id }, plainOrMarked(option.text)),
      option.description ? h("div", { class: "tick-more", id: `${id}-more` }, plainOrMarked(option.description)) : null));
  }
  return box;
}

const plainOrMarked = (object) => (object.type === "mrkdwn" ? textNodes(object) : plainNodes(object.text));

function menu(common, element, value, told) {
  const empty = h("option", { value: "" }, element.placeholder?.text || "Choose…");
  const one = (option) => h("option", { value: option.value }, option.text.text);
  const node = h("select", { ...common, placeholder: undefined, on: { change: () => told(node.value || null) } }, empty,
    (element.options || []).map(one),
    (element.option_groups || []).map((group) => h("optgroup", { label: group.label.text }, group.options.map(one))));
  node.value = value || "";
  return node;
}

const option = (value, text) => ({ value, text: { text } });
const people = () => [...state.people.values()].filter((one) => !one.deleted).map((one) => option(one.id, `${one.real_name}${roleOf(one) ? ` (${roleOf(one)})` : ""}`));
const places = (publicOnly) => state.places.filter((one) => one.name && (!publicOnly || !one.is_private)).map((one) => option(one.id, `#${one.name}`));

/** A date and time in the zone of the person at the page. */
function dateAndTime(common, value, told) {
  const zoned = (seconds) => new Date(seconds * 1000).toLocaleString("sv-SE", { timeZone: state.me.tz }).slice(0, 16).replace(" ", "T");
  const seconds = (local) => {
    const utc = Date.parse(`${local}Z`) / 1000;
    const off = Date.parse(`${zoned(utc)}Z`) / 1000 - utc;
    return utc - off;
  };
  return h("input", { ...common, type: "datetime-local", class: "short", value: value ? zoned(value) : "", on: { change: (event) => told(event.target.value ? seconds(event.target.value) : null) } });
}
