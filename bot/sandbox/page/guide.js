// "What is this?": five steps to an edition that one caused. The page itself sees when each is done.

import { read } from "./api.js";
import { announce, busy, h, put, soon } from "./dom.js";
import { emojiNode } from "./mrkdwn.js";
import { load, on, state } from "./store.js";
import { actAs, move } from "./topbar.js";

/** The ids by which the bot's own form and buttons are known; a test holds them against the bot. */
export const RAISE_FORM = "raise.form";
export const PUBLISH = "desk.publish";
export const HITS_US = "problem.hits_us";
export const NOT_RIGHT_FORM = "problem.not_right";

const VOICES = ["niamh", "daniel"];
const DAY = 86400;
/** What a change of the clocks may shift a week by. */
const HOUR = 3600;
const box = document.getElementById("guide");
const opener = document.getElementById("guide-open");
const seen = { raised: null, published: null, voices: new Set(), answers: new Set(), edition: null, read: false };
let open = sessionStorage.getItem("guide") !== "closed";
let go = () => {};
let current = () => "";
let step = -1;
/** The bot looks at the time every few seconds; until it has said something, or long enough, the next step waits. */
const LONG_ENOUGH = 15_000;
let settling = 0;

export async function start(navigate, where) {
  [go, current] = [navigate, where];
  opener.addEventListener("click", () => show(!open));
  const later = soon(draw);
  on("delivery", ({ delivery }) => { look(delivery); later(); });
  on("message", ({ place, message }) => { edition(place, message); later(); });
  on("moving", () => { clearTimeout(settling); settling = setTimeout(settled, LONG_ENOUGH); });
  on("api_call", ({ call }) => { if (settling && call.method === "chat.postMessage" && call.response?.ok) { clearTimeout(settling); settling = setTimeout(settled, 400); } });
  on("clock", () => draw());
  on("went", () => { reading(); draw(); });
  on("person", draw);
  for (const delivery of await read("deliveries")) look(delivery);
  const channel = digest();
  if (channel) for (const message of await load(channel.id)) edition(channel.id, message);
  draw();
}

function settled() {
  settling = 0;
  draw();
}

const digest = () => state.places.find((one) => one.name === state.workspace.digest);
const steward = () => [...state.people.values()].find((one) => one.steward);

function look(delivery) {
  const { payload, attempts } = delivery;
  const answer = attempts.at(-1);
  if (delivery.kind !== "interactive" || !delivery.ok || !answer) return;
  if (payload.type === "view_submission" && payload.view.callback_id === RAISE_FORM) {
    const { response_action: action, view } = answer.body;
    const asksMore = action === "errors" || action === "push" || (action === "update" && view?.submit);
    if (!asksMore) seen.raised ??= delivery.at;
  }
  if (payload.type === "view_submission" && payload.view.callback_id === NOT_RIGHT_FORM && answer.body.response_action !== "errors" && seen.published) seen.answers.add(payload.user.id);
  if (payload.type !== "block_actions") return;
  const action = payload.actions[0].action_id.split(":")[0];
  if (action === PUBLISH && seen.raised) seen.published ??= delivery.at;
  if (action === HITS_US && seen.published) seen.voices.add(payload.user.id);
}

/** An edition counts when its hour came after the publishing: the one before is of a week without it. */
function edition(place, message) {
  const hour = state.clock.next_edition - 7 * DAY;
  if (seen.published && hour > seen.published - HOUR && place === digest()?.id && message.bot_id && !message.is_ephemeral && Number(message.ts) > hour - HOUR) seen.edition ??= message.ts;
  reading();
}

function reading() {
  if (seen.edition && current() === digest()?.id) seen.read = true;
}

/** Whether the batch after the raise has come: the next one is then more than a day after it. */
const batched = () => Boolean(seen.published) || (Boolean(seen.raised) && state.clock.next_batch > seen.raised + DAY);

const be = (handle, to = "home") => async () => { if (state.me.name !== handle) await actAs(handle); await go(to); };

function steps() {
  const command = state.commands[0]?.command || "the command";
  const person = (handle) => [...state.people.values()].find((one) => one.name === handle);
  const team = (handle) => state.groups.find((one) => one.users.includes(person(handle)?.id))?.name;
  const first = (handle) => person(handle)?.real_name.split(" ")[0] || handle;
  const looksAfter = steward();
  const voices = VOICES.filter(person);
  const complete = (handle) => seen.voices.has(person(handle).id) && seen.answers.has(person(handle).id);
  const me = state.people.get(state.me.id);
  const saidToo = seen.voices.has(me.id);
  const engineering = state.places.find((one) => one.name === "engineering") || state.places.find((one) => one.is_member);
  return [
    {
      name: "Raise", done: Boolean(seen.raised),
      words: `You are ${state.me.real_name} in a practice company. Something makes your work harder, and your team alone can't end it. Say it: type ${command}, press Enter, and send the form. Two lines are enough.`,
      acts: [{ label: `Write ${command} for me`, run: () => write(engineering, command) }],
    },
    {
      name: "Next morning", done: batched(),
      words: "It waits with all that others raised that day, so that nobody can tell who said what when. In the morning it reaches the stewards.",
      acts: [{ label: "Move the clock to the next batch", run: () => move("batch") }],
    },
    {
      name: "Publish", done: Boolean(seen.published),
      words: looksAfter ? `${looksAfter.real_name} is a steward. Be ${first(looksAfter.name)}: in Home, under “new”, press Look, read it, and publish the words.` : "Be a steward and publish it from Home.",
      acts: looksAfter ? [{ label: me.steward ? "Open Home again" : `Be ${first(looksAfter.name)}`, run: be(me.steward ? me.name : looksAfter.name) }] : [],
    },
    {
      name: "Hits us too", done: [...seen.voices].filter((id) => seen.answers.has(id)).length >= 2,
      words: !VOICES.includes(me.name) || complete(me.name)
        ? "Where it can be solved follows from two questions: who feels it, and whose it is. Two people of other teams answer both, each in Home, under “Open problems”."
        : saidToo
          ? `${first(me.name)} has said “hits us too”. Now open Details once more, press “Not right?”, say “Nobody's”, and send it.`
          : `You are ${first(me.name)} of ${team(me.name)}. Open Details, press “Hits us too”; what follows may be skipped.`,
      acts: voices.filter((handle) => handle !== me.name || complete(handle)).map((handle) => ({ label: `Be ${first(handle)} (${team(handle) || "elsewhere"})`, run: be(handle), done: complete(handle) })),
    },
    {
      name: "Read it", done: seen.read,
      words: seen.edition ? `The edition is there: what no single team can solve, why, and no name on it.` : `Once a week #${state.workspace.digest} reads what no single team can solve. Move the clock, and read.`,
      acts: seen.edition ? [{ label: `Open #${state.workspace.digest}`, run: () => go(digest().id) }] : [{ label: "Move the clock to the next edition", run: async () => { await move("edition"); await go(digest().id); } }],
    },
  ];
}

async function write(place, command) {
  if (!place) return;
  await go(place.id);
  const area = document.querySelector("#composer textarea");
  if (!area) return;
  area.value = `${command} `;
  area.dispatchEvent(new Event("input", { bubbles: true }));
  area.focus();
}

function show(now) {
  open = now;
  sessionStorage.setItem("guide", open ? "open" : "closed");
  draw();
  if (!open) opener.focus();
}

function draw() {
  if (!state.me) return;
  opener.setAttribute("aria-expanded", String(open));
  box.hidden = !open;
  if (!open) return;
  const all = steps();
  const at = all.findIndex((one) => !one.done);
  const now = settling && at > 0 && !seen.edition ? { name: all[at].name, words: `${state.bot.real_name} sees the new time and does what is due…`, acts: [], waits: true } : all[at];
  if (step !== at && step >= 0 && !now?.waits) announce(at < 0 ? "All five steps are done." : `Step ${at} of five is done. Next: ${now.name}.`);
  if (!now?.waits) step = at;
  const active = box.contains(document.activeElement) ? document.activeElement.textContent : null;
  put(box,
    h("ol", { class: "steps" }, all.map((one, number) => h("li", { class: one.done ? "done" : number === at ? "now" : "", "aria-current": number === at ? "step" : undefined }, h("span", { class: "step-mark", "aria-hidden": "true" }, one.done ? "✓" : String(number + 1)), h("span", {}, one.name), one.done ? h("span", { class: "unseen" }, " (done)") : null))),
    h("div", { class: "step-words" },
      h("p", { "aria-live": "polite" }, now?.waits ? h("span", { class: "spin", "aria-hidden": "true" }) : null, now?.waits ? " " : null,
        now ? now.words : ["You caused this edition: a problem went from one person's words to everybody, with no name on it. Go on as anybody you like: put ", emojiNode(state.emoji[0]) || `:${state.emoji[0]}:`, " on a message, or open Home."]),
      h("div", { class: "row" }, now ? now.acts.map((one) => h("button", { type: "button", class: `button ${one.done ? "" : "primary"}`, disabled: one.done, on: { click: (event) => busy(event.currentTarget, one.run) } }, one.done ? `${one.label} ✓` : one.label)) : h("button", { type: "button", class: "button", on: { click: () => show(false) } }, "Close"))),
    h("button", { type: "button", class: "icon-button guide-close", "aria-label": "Fold the five steps", on: { click: () => show(false) } }, "×"));
  if (active) [...box.querySelectorAll("button")].find((one) => one.textContent === active)?.focus();
}

