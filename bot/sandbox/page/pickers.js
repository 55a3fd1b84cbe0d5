// Menus of which several can be chosen, and menus whose options the bot offers while one types.

import { h, newId } from "./dom.js";
import { plainNodes } from "./mrkdwn.js";

/** A folded list of ticks with a filter; `chosen` are values. */
export function picker(element, common, chosen, told, words) {
  const picked = new Set(chosen);
  const groups = element.option_groups || [{ label: null, options: element.options || [] }];
  const most = element.max_selected_items || 100;
  const names = new Map(groups.flatMap((group) => group.options).map((one) => [one.value, one.text.text]));
  const said = h("span", { class: "picked" });
  const panel = h("div", { class: "picker-panel", id: newId("panel"), hidden: true });
  const summary = h("button", { type: "button", class: "picker-open", "aria-expanded": "false", "aria-controls": panel.id, data: common.data, "aria-describedby": common["aria-describedby"] }, said, h("span", { "aria-hidden": "true" }, "▾"));
  const show = () => {
    said.textContent = picked.size ? [...picked].map((value) => names.get(value) || value).join(", ") : common.placeholder || "Choose…";
    said.classList.toggle("none", !picked.size);
    summary.setAttribute("aria-label", `${words}: ${said.textContent}`);
  };
  const filter = h("input", { type: "search", placeholder: "Find", "aria-label": "Find in the list", class: "picker-find" });
  const rows = [];
  const list = h("div", { class: "picker-list" });
  for (const group of groups) {
    const box = h("div", { role: "group", "aria-label": group.label?.text }, group.label ? h("div", { class: "picker-group", "aria-hidden": "true" }, group.label.text) : null);
    for (const option of group.options) {
      const id = newId("pick");
      const input = h("input", { type: "checkbox", id, value: option.value });
      input.checked = picked.has(option.value);
      input.addEventListener("change", () => {
        if (input.checked && picked.size >= most) { input.checked = false; return; }
        if (input.checked) picked.add(option.value); else picked.delete(option.value);
        show();
        told([...picked]);
      });
      const row = h("div", { class: "tick" }, input, h("label", { for: id }, plainNodes(option.text.text)));
      rows.push([option.text.text.toLowerCase(), row]);
      box.append(row);
    }
    list.append(box);
  }
  filter.addEventListener("input", () => {
    for (const [words, row] of rows) row.hidden = !words.includes(filter.value.toLowerCase());
  });
  const fold = (open) => {
    panel.hidden = !open;
    summary.setAttribute("aria-expanded", String(open));
    if (open) (rows.length > 8 ? filter : list.querySelector("input"))?.focus();
  };
  summary.addEventListener("click", () => fold(panel.hidden));
  panel.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    fold(false);
    summary.focus();
  });
  if (rows.length > 8) panel.append(filter);
  panel.append(list);
  show();
  return h("div", { class: "picker" }, summary, panel);
}

/** A box that asks the bot for options; `chosen` are options. */
export function suggester(element, block, surface, common, chosen, told, many) {
  const picked = [...chosen];
  const listId = newId("options");
  const list = h("ul", { role: "listbox", id: listId, class: "options", hidden: true, "aria-label": "What the bot offers" });
  const tags = h("div", { class: "tags" });
  const input = h("input", { ...common, type: "text", role: "combobox", "aria-expanded": "false", "aria-controls": listId, "aria-autocomplete": "list", autocomplete: "off" });
  let at = -1;
  let asked = 0;
  const close = () => { list.hidden = true; input.setAttribute("aria-expanded", "false"); input.removeAttribute("aria-activedescendant"); };
  const show = () => {
    tags.replaceChildren();
    if (!many) { input.value = picked[0]?.text.text || ""; return; }
    for (const option of picked) {
      tags.append(h("button", { type: "button", class: "tag", "aria-label": `Take away ${option.text.text}`, on: { click: () => { picked.splice(picked.indexOf(option), 1); show(); tell(""); } } }, option.text.text, " ×"));
    }
  };
  const tell = (query) => told(many ? picked.map((one) => one.value) : picked[0]?.value || null, { query });
  const take = (option) => {
    if (!many) picked.length = 0;
    if (!picked.some((one) => one.value === option.value)) picked.push(option);
    const query = input.value;
    if (many) input.value = "";
    show();
    close();
    tell(query);
  };
  const look = async () => {
    const least = element.min_query_length ?? 3;
    const mine = ++asked;
    if (input.value.length < least) return close();
    const options = await surface.suggest(element, block, input.value);
    if (mine !== asked) return undefined;
    list.replaceChildren(...options.map((option, number) => h("li", { role: "option", id: `${listId}-${number}`, "aria-selected": "false", on: { pointerdown: (event) => { event.preventDefault(); take(option); } } }, plainNodes(option.text.text))));
    if (!options.length) list.append(h("li", { class: "none" }, "Nothing found"));
    list.options = options;
    at = -1;
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    return undefined;
  };
  input.addEventListener("input", look);
  input.addEventListener("focus", look);
  input.addEventListener("blur", () => { close(); if (!many) show(); });
  input.addEventListener("keydown", (event) => {
    const options = list.options || [];
    if (event.key === "Escape" && !list.hidden) { event.preventDefault(); event.stopPropagation(); close(); }
    else if (event.key === "Enter") { event.preventDefault(); if (!list.hidden && options[at]) take(options[at]); }
    else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && options.length) {
      event.preventDefault();
      at = (at + (event.key === "ArrowDown" ? 1 : -1) + options.length) % options.length;
      [...list.children].forEach((row, number) => row.setAttribute("aria-selected", String(number === at)));
      input.setAttribute("aria-activedescendant", `${listId}-${at}`);
    }
  });
  show();
  return h("div", { class: "suggester" }, tags, input, list);
}
