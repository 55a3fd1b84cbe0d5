// Where one can go: the app with its Home and messages, channels, direct messages.

import { h, put, soon } from "./dom.js";
import { avatar } from "./message.js";
import { botsPlace, isUnread, on, state, titleOf } from "./store.js";
import { manageChannels, managePeople } from "./manage.js";

const box = document.getElementById("sidebar");

export function start(go, current) {
  const draw = () => {
    const active = box.contains(document.activeElement) ? document.activeElement.dataset.to : null;
    put(box, ...groups(go, current()));
    if (active) box.querySelector(`[data-to="${CSS.escape(active)}"]`)?.focus();
  };
  const later = soon(draw);
  for (const kind of ["person", "place", "message", "unread", "went", "home"]) on(kind, later);
}

function row(to, words, icon, { current, unread, go, note }) {
  return h("li", {}, h("button", {
    type: "button", class: `to${unread ? " unread" : ""}`, "aria-current": current === to ? "page" : undefined, data: { to }, on: { click: () => go(to) },
  }, icon, h("span", { class: "to-name" }, words), note ? h("small", {}, note) : null, unread ? h("span", { class: "dot" }, h("span", { class: "unseen" }, "new messages")) : null));
}

function groups(go, current) {
  const outsider = state.people.get(state.me.id).outsider;
  const dm = botsPlace();
  const channels = state.places.filter((one) => one.name && !one.is_im && !one.is_mpim && (one.is_member || !one.is_archived));
  const mine = channels.filter((one) => one.is_member).sort((a, b) => a.name.localeCompare(b.name));
  const others = channels.filter((one) => !one.is_member && !one.is_archived);
  const dms = state.places.filter((one) => (one.is_im || one.is_mpim) && one.user !== state.bot.id);
  const icon = (one) => h("span", { class: "to-icon", "aria-hidden": "true" }, one.is_private ? "⊘" : "#");
  const channel = (one) => row(one.id, one.name, icon(one), { current, unread: isUnread(one), go, note: one.is_ext_shared ? "shared" : one.is_private ? "private" : "" });
  return [
    h("h2", {}, state.bot.real_name),
    h("ul", {},
      outsider ? h("li", { class: "none" }, "Not offered to people of another organisation") : row("home", "Home", h("span", { class: "to-icon", "aria-hidden": "true" }, "⌂"), { current, go }),
      outsider ? null : row("app", "Messages", avatar(state.bot, "tiny"), { current, unread: dm && isUnread(dm), go })),
    h("h2", {}, "Channels", h("button", { type: "button", class: "icon-button", "aria-label": "Make a channel", title: "Make a channel", on: { click: () => manageChannels(go) } }, "+")),
    h("ul", {}, mine.map(channel)),
    others.length ? h("details", { open: others.some((one) => one.id === current) }, h("summary", {}, `${others.length} more to join`), h("ul", {}, others.map(channel))) : null,
    h("h2", {}, "Direct messages", h("button", { type: "button", class: "icon-button", "aria-label": "People and teams", title: "People and teams", on: { click: () => managePeople(go) } }, "+")),
    h("ul", {}, dms.length ? dms.map((one) => row(one.id, titleOf(one), avatar(state.people.get(one.user), "tiny"), { current, unread: isUnread(one), go })) : h("li", { class: "none" }, "None yet")),
  ];
}
