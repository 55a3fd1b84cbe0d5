// What one person sees, kept up to date by the stream of changes. Views subscribe by kind of change.

import { act, begin, listen, read, Refused } from "./api.js";

export const state = {
  me: null, bot: null, people: new Map(), groups: [], places: [], latest: {}, views: [], home: null, files: [],
  commands: [], shortcuts: [], emoji: ["jigsaw"], clock: null, bot_is: null, objections: [], workspace: {},
};
/** Messages of a place, and replies of a thread (`place/ts`), as far as they were asked for. */
const lists = new Map();
const loading = new Map();
/** Changes to a list that is being read just now; they are played after it has come. */
const late = new Map();
const readUpTo = JSON.parse(sessionStorage.getItem("read") || "{}");
const listeners = new Map();
let stop = () => {};
let asPerson = "";

export function on(kind, listener) {
  if (!listeners.has(kind)) listeners.set(kind, new Set());
  listeners.get(kind).add(listener);
  return () => listeners.get(kind).delete(listener);
}

export function emit(kind, data = {}) {
  for (const listener of [...(listeners.get(kind) || [])]) listener(data);
}

/** Become a person: read what they see and hear what changes for them. */
export async function become(person) {
  asPerson = person;
  const whole = await begin(person);
  if (asPerson !== person) return;
  stop();
  lists.clear();
  loading.clear();
  Object.assign(state, whole, { people: new Map(whole.people.map((one) => [one.id, one])) });
  setClock(whole.clock);
  readUpTo[state.me.id] ??= Object.fromEntries(Object.entries(whole.latest));
  sessionStorage.setItem("as", state.me.name);
  stop = listen(state.me.id, whole.change, apply, (lost) => emit("lost", { lost }));
  emit("person");
}

export const key = (place, thread) => (thread ? `${place}/${thread}` : place);
export const held = (place, thread) => lists.get(key(place, thread));

/** The messages of a place or thread, oldest first; read once, then kept by changes. */
export function load(place, thread) {
  const name = key(place, thread);
  if (lists.has(name)) return Promise.resolve(lists.get(name));
  if (!loading.has(name)) {
    const who = state.me.id;
    const reading = thread
      ? read("replies", { who, where: place, ts: thread })
      : read("messages", { who, where: place });
    loading.set(name, reading.then((found) => {
      if (who !== state.me.id) throw new Refused("somebody else is at the page now");
      const list = found.map((one) => ({ ...one, channel: place }));
      for (const [message, gone] of late.get(name) || []) play(list, message, gone);
      lists.set(name, list);
      return list;
    }).finally(() => { loading.delete(name); late.delete(name); }));
  }
  return loading.get(name);
}

export const find = (place, ts) => {
  for (const [name, list] of lists) {
    if (name !== place && !name.startsWith(`${place}/`)) continue;
    const hit = list.find((one) => one.ts === ts);
    if (hit) return hit;
  }
  return undefined;
};

export const isReply = (message) =>
  message.thread_ts && message.thread_ts !== message.ts && message.subtype !== "thread_broadcast";
export const placeOf = (id) => state.places.find((one) => one.id === id);
export const botsPlace = () => state.places.find((one) => one.is_im && one.user === state.bot.id);

export function nameOf(id) {
  const person = state.people.get(id);
  return person ? person.real_name : id;
}

export function titleOf(place) {
  if (!place) return "";
  if (place.is_im) return nameOf(place.user);
  if (place.is_mpim) return (place.members || []).filter((id) => id !== state.me.id).map(nameOf).join(", ");
  return place.name;
}

export function roleOf(person) {
  if (person.is_bot) return "the bot";
  if (person.outsider) return "outsider";
  if (person.is_restricted) return "guest";
  if (person.steward) return "steward";
  return person.is_admin ? "admin" : "";
}

export const teamOf = (person) => state.groups.find((one) => !one.date_delete && one.users.includes(person.id));

/** The workspace's time now, in milliseconds. */
let clockAt = 0;
export const now = () => state.clock.now * 1000 + (performance.now() - clockAt);

function setClock(clock) {
  state.clock = clock;
  clockAt = performance.now();
}

export function markRead(place) {
  const list = held(place);
  const last = list && list.length ? list[list.length - 1].ts : state.latest[place];
  if (!last) return;
  readUpTo[state.me.id][place] = last;
  sessionStorage.setItem("read", JSON.stringify(readUpTo));
  emit("unread");
}

export function isUnread(place) {
  const latest = state.latest[place.id];
  return Boolean(latest) && Number(latest) > Number(readUpTo[state.me.id]?.[place.id] || 0);
}

function apply(change) {
  const { kind } = change;
  if (kind === "message" || kind === "message_changed") return took(change);
  if (kind === "message_deleted") return took(change, true);
  if (kind === "views") state.views = change.stack;
  else if (kind === "home") state.home = change.view;
  else if (kind === "clock") setClock(change);
  else if (kind === "bot") state.bot_is = { connections: change.connections, process: change.process };
  else if (kind === "connection") state.bot_is = { ...state.bot_is, connections: change.open };
  else if (kind === "objection") state.objections = [...state.objections, { kind: change.objection, text: change.text }];
  else if (kind === "place" || kind === "group" || kind === "person") return refreshed(kind, change);
  else if (kind === "reset") return void become(state.me.name);
  emit(kind, change);
}

/** Read the places anew, for one that was made a moment ago. */
export const refreshPlaces = async () => { state.places = await read("places", { who: state.me.id }); };

async function refreshed(kind, change) {
  const who = state.me.id;
  if (kind === "place") state.places = await read("places", { who });
  else if (kind === "group") state.groups = await read("groups");
  else state.people = new Map((await read("people")).map((one) => [one.id, one]));
  if (who === state.me.id) emit(kind, change);
}

function took(change, gone = false) {
  const place = change.place;
  const message = gone ? { ts: change.ts } : { ...change.message, channel: place };
  const names = gone
    ? [...lists.keys(), ...loading.keys()].filter((name) => name === place || name.startsWith(`${place}/`))
    : [key(place, isReply(message) ? message.thread_ts : undefined)];
  if (!gone && message.subtype === "thread_broadcast") names.push(key(place, message.thread_ts));
  for (const name of names) {
    if (lists.has(name)) play(lists.get(name), message, gone);
    else if (loading.has(name)) late.set(name, [...(late.get(name) || []), [message, gone]]);
  }
  if (!gone && !isReply(message) && Number(message.ts) > Number(state.latest[place] || 0)) state.latest[place] = message.ts;
  emit("message", { place, message, gone, isNew: change.kind === "message" });
}

function play(list, message, gone) {
  const at = list.findIndex((one) => one.ts === message.ts);
  if (gone) { if (at >= 0) list.splice(at, 1); }
  else if (at >= 0) list[at] = message;
  else insert(list, message);
}

function insert(list, message) {
  let at = list.length;
  while (at > 0 && Number(list[at - 1].ts) > Number(message.ts)) at -= 1;
  list.splice(at, 0, message);
}

/** Do something as this person; what Slack would not allow, and a silent bot, are said on the page. */
export async function doAs(name, body = {}) {
  try {
    const outcome = await act(name, { who: state.me.id, ...body });
    if (outcome.trouble) emit("trouble", { text: outcome.trouble });
    return outcome;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    emit("trouble", { text: error.message });
    return null;
  }
}
