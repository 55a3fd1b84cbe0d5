// Builds DOM nodes. Data only ever becomes text nodes and attributes, never markup.

/** An element: attributes by name, `on` for listeners, `data` for data-*, `class`, and booleans as properties. */
export function h(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "on") for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
    else if (name === "data") Object.assign(node.dataset, value);
    else if (name === "class") node.className = value;
    else if (name === "value") node.value = value;
    else if (value === true) node.setAttribute(name, "");
    else node.setAttribute(name, String(value));
  }
  add(node, children);
  return node;
}

export function add(node, children) {
  for (const child of [children].flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    node.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return node;
}

export function put(node, ...children) {
  node.replaceChildren();
  return add(node, children);
}

export const $ = (id) => document.getElementById(id);

let ids = 0;
export const newId = (stem) => `${stem}-${++ids}`;

/** Say something to screen readers without moving the focus. */
export function announce(words) {
  const region = $("said");
  region.append(h("p", {}, words));
  while (region.children.length > 4) region.firstChild.remove();
}

/** Marks a button as at work until the promise ends, so that a press is answered at once. */
export async function busy(button, work) {
  if (button.getAttribute("aria-busy") === "true") return undefined;
  button.setAttribute("aria-busy", "true");
  try {
    return await work();
  } finally {
    button.removeAttribute("aria-busy");
  }
}

/** A menu under a button: arrow keys move, Escape and a click elsewhere close it. `items`: {label, run, note, danger}. */
export function openMenu(button, items, label) {
  closeMenus();
  const menu = h("div", { class: "menu", role: "menu", "aria-label": label });
  for (const item of items) {
    menu.append(h("button", {
      type: "button", role: "menuitem", tabindex: "-1", class: item.danger ? "menu-item danger" : "menu-item",
      on: { click: () => { close(); item.run(); } },
    }, h("span", {}, item.label), item.note ? h("small", {}, item.note) : null));
  }
  const close = (back = true) => {
    if (!menu.isConnected) return;
    menu.remove();
    button.setAttribute("aria-expanded", "false");
    document.removeEventListener("pointerdown", outside, true);
    if (back && button.isConnected) button.focus();
  };
  const outside = (event) => { if (!menu.contains(event.target) && event.target !== button) close(false); };
  menu.addEventListener("keydown", (event) => {
    const all = [...menu.querySelectorAll("[role=menuitem]")];
    const at = all.indexOf(document.activeElement);
    const steps = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 };
    if (event.key in steps) {
      event.preventDefault();
      all[(steps[event.key] + all.length) % all.length].focus();
    } else if (event.key === "Escape" || event.key === "Tab") {
      if (event.key === "Escape") event.preventDefault();
      event.stopPropagation();
      close();
    }
  });
  menu.close = close;
  (button.closest("dialog") || document.body).append(menu);
  button.setAttribute("aria-expanded", "true");
  near(menu, button);
  document.addEventListener("pointerdown", outside, true);
  menu.querySelector("[role=menuitem]")?.focus();
  return menu;
}

export function closeMenus() {
  for (const menu of document.querySelectorAll(".menu")) menu.close?.(false);
}

/** The same work, done at most once a frame however often it is asked for. */
export function soon(work) {
  let waiting = 0;
  return () => {
    waiting ||= requestAnimationFrame(() => { waiting = 0; work(); });
  };
}

/** Puts a floating box beside an element, inside the window. */
export function near(box, element) {
  const at = element.getBoundingClientRect();
  const own = box.getBoundingClientRect();
  const left = Math.max(8, Math.min(at.left, innerWidth - own.width - 8));
  const below = at.bottom + 4;
  const top = below + own.height < innerHeight ? below : Math.max(8, at.top - own.height - 4);
  box.style.left = `${left}px`;
  box.style.top = `${top}px`;
}
