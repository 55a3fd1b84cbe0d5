// Where blocks stand, and what becomes of a press or a pick there: a message, Home, or the open form.

import { h } from "./dom.js";
import { doAs } from "./store.js";

const told = (block) => ({ block_id: block.block_id });

/** Blocks of a message or of Home: a pick is sent at once. `at` is {channel, ts} or "home". */
export function plainSurface(at) {
  return {
    at,
    state: () => null,
    press: (element, block) => doAs("press", { action_id: element.action_id, at, ...told(block) }),
    choose: (element, block, value, more = {}) => doAs("choose", { action_id: element.action_id, value, at, ...told(block), ...(more.query ? { query: more.query } : {}) }),
    changed(element, block, value, more = {}) {
      if (!more.typing) return this.choose(element, block, value, more);
      this.waiting = [element, block, value];
      return undefined;
    },
    settled() {
      if (this.waiting) this.choose(...this.waiting);
      this.waiting = null;
    },
    entered() { this.settled(); },
    async suggest(element, block, query) {
      const outcome = await doAs("suggest", { action_id: element.action_id, query, at });
      return outcome ? outcome.options : [];
    },
  };
}

/** Picks up the fields of a form; what was typed goes to the workspace when it is settled, pressed past, or sent. */
export class FormSurface {
  at = "form";
  dirty = new Map();
  sending = Promise.resolve();
  timer = 0;

  constructor(view) { this.view = view; }

  /** The form was changed by the bot: what was typed since stays where the ids stayed and nothing is prefilled. */
  became(view) {
    this.view = view;
    const names = new Map(view.blocks.flatMap((block) => elements(block).map((element) => [`${block.block_id}/${element.action_id}`, element])));
    for (const name of [...this.dirty.keys()]) {
      const element = names.get(name);
      if (!element || Object.keys(element).some((one) => one.startsWith("initial_"))) this.dirty.delete(name);
    }
  }

  state(blockId, actionId) {
    const kept = this.view.state.values[blockId]?.[actionId];
    const name = `${blockId}/${actionId}`;
    return kept && this.dirty.has(name) && "value" in kept ? { ...kept, value: this.dirty.get(name) } : kept;
  }

  async press(element, block) {
    await this.flush();
    return doAs("press", { action_id: element.action_id, at: "form", ...told(block) });
  }

  async choose(element, block, value, more = {}) {
    await this.flush();
    return doAs("choose", { action_id: element.action_id, value, at: "form", ...told(block), ...(more.query ? { query: more.query } : {}) });
  }

  changed(element, block, value, more = {}) {
    if (!more.typing) return this.choose(element, block, value, more);
    this.dirty.set(`${block.block_id}/${element.action_id}`, value);
    const when = element.dispatch_action_config?.trigger_actions_on || [];
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), block.dispatch_action && when.includes("on_character_entered") ? 0 : 800);
    return undefined;
  }

  settled() { this.flush(); }

  async entered(element, block, value) {
    const name = `${block.block_id}/${element.action_id}`;
    if (block.dispatch_action) {
      this.dirty.delete(name);
      await doAs("fill", { fields: { [name]: value }, enter: true });
    } else document.querySelector("dialog.form form")?.requestSubmit();
  }

  /** Bring what was typed to the workspace, in the order it was typed. */
  flush() {
    clearTimeout(this.timer);
    this.sending = this.sending.then(async () => {
      if (!this.dirty.size) return;
      const fields = Object.fromEntries(this.dirty);
      await doAs("fill", { fields });
      for (const [name, value] of Object.entries(fields)) if (this.dirty.get(name) === value) this.dirty.delete(name);
    });
    return this.sending;
  }

  async submit() {
    clearTimeout(this.timer);
    await this.sending;
    const fields = Object.fromEntries(this.dirty);
    const outcome = await doAs("submit", { fields });
    if (outcome) this.dirty.clear();
    return outcome;
  }

  async suggest(element, block, query) {
    const outcome = await doAs("suggest", { action_id: element.action_id, query, at: "form" });
    return outcome ? outcome.options : [];
  }
}

function elements(block) {
  if (block.type === "input") return [block.element];
  if (block.type === "actions") return block.elements;
  return block.accessory ? [block.accessory] : [];
}

export const nothing = () => h("p", { class: "nothing" }, "Nothing here yet.");
