// What people do to the workspace itself: channels and who is in them, teams, accounts, a fresh start.

import { reset } from "./api.js";
import { ask } from "./confirm.js";
import { busy, h, newId, put } from "./dom.js";
import { avatar } from "./message.js";
import { doAs, nameOf, on, placeOf, roleOf, state, teamOf } from "./store.js";

/** A dialog that is drawn anew when the workspace changes; `draw` gives its nodes. */
function sheet(title, draw) {
  const id = newId("sheet");
  const body = h("div", { class: "sheet-body" });
  const dialog = h("dialog", { class: "dialog", "aria-labelledby": id },
    h("header", { class: "form-head" }, h("h2", { id }, title), h("button", { type: "button", class: "icon-button", "aria-label": "Close", on: { click: () => dialog.close() } }, "×")), body);
  const again = () => {
    const name = dialog.contains(document.activeElement) ? document.activeElement.getAttribute("aria-label") : null;
    // Somebody else's act draws this anew: what was picked meanwhile stays picked, as long as it can be.
    const picked = new Map([...body.querySelectorAll("select")].map((one) => [one.getAttribute("aria-label"), one.value]));
    put(body, draw(dialog, again));
    for (const one of body.querySelectorAll("select")) {
      const was = picked.get(one.getAttribute("aria-label"));
      if ([...one.options].some((each) => each.value === was)) one.value = was;
    }
    if (name) [...body.querySelectorAll("[aria-label]")].find((one) => one.getAttribute("aria-label") === name)?.focus();
  };
  const offs = ["place", "group", "person"].map((kind) => on(kind, again));
  dialog.addEventListener("close", () => { offs.forEach((off) => off()); dialog.remove(); });
  again();
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

const act = (label, run, more = {}) => h("button", { type: "button", class: `button ${more.style || ""}`, "aria-label": more.name, on: { click: (event) => busy(event.currentTarget, run) } }, label);

function chooser(label, people) {
  return h("select", { "aria-label": label }, people.map((one) => h("option", { value: one.id }, `${one.real_name}${roleOf(one) ? ` (${roleOf(one)})` : ""}`)));
}

const standing = () => [...state.people.values()].filter((one) => !one.deleted);

export function manageChannels(go) {
  const name = h("input", { "aria-label": "Name of the channel", placeholder: "name-of-the-channel", pattern: "[a-z0-9_-]{1,80}" });
  const secret = h("input", { type: "checkbox", id: "secret" });
  const dialog = sheet("Make a channel", () => [
    h("div", { class: "row" }, name), h("div", { class: "tick" }, secret, h("label", { for: "secret" }, "Private")),
    h("div", { class: "row" }, act("Make it", async () => {
      const wanted = name.value.trim().toLowerCase().replace(/[^a-z0-9_-]+/g, "-");
      if (!wanted) return name.focus();
      const outcome = await doAs("create_channel", { name: wanted, private: secret.checked });
      if (outcome) { dialog.close(); go(outcome.message.channel); }
      return undefined;
    }, { style: "primary" })),
  ]);
}

export function manageChannel(placeId, go) {
  sheet(`#${placeOf(placeId).name}`, (dialog) => {
    const place = placeOf(placeId);
    if (!place) return [h("p", {}, "You no longer see this channel.")];
    const members = place.members || [];
    const outside = standing().filter((one) => !members.includes(one.id) && !one.outsider);
    const whom = chooser("Whom to invite", outside);
    return [
      h("p", {}, place.purpose?.value || "", place.is_private ? " Private." : "", place.is_ext_shared ? " Shared with another organisation." : "", place.is_archived ? " Archived." : ""),
      h("div", { class: "row" },
        act(place.is_archived ? "Unarchive" : "Archive", () => doAs("archive", { where: placeId, undo: place.is_archived })),
        place.is_member ? act("Leave", async () => { await doAs("kick", { where: placeId, whom: state.me.id }); dialog.close(); go("home"); }) : act("Join", () => doAs("join", { where: placeId })),
        place.is_ext_shared ? act("Stop sharing", () => doAs("unshare", { where: placeId })) : act("Share with another organisation", () => doAs("share", { where: placeId }))),
      outside.length && place.is_member ? h("div", { class: "row" }, whom, act("Invite", () => doAs("invite", { where: placeId, whom: whom.value === state.bot.id ? "bot" : whom.value }))) : null,
      h("h3", {}, `${members.length} members`),
      h("ul", { class: "rows" }, members.map((id) => h("li", {}, avatar(state.people.get(id), "tiny"), h("span", {}, nameOf(id)), h("small", {}, roleOf(state.people.get(id))),
        place.is_member ? act("Remove", () => doAs("kick", { where: placeId, whom: id === state.bot.id ? "bot" : id }), { name: `Remove ${nameOf(id)}` }) : null))),
    ];
  });
}

export function managePeople(go) {
  let group = state.groups[0]?.id;
  const dialog = sheet("People and teams", (_dialog, again) => {
    const team = state.groups.find((one) => one.id === group) || state.groups[0];
    const teams = h("select", { "aria-label": "Team", on: { change: () => { group = teams.value; again(); } } }, state.groups.map((one) => h("option", { value: one.id }, `${one.name} (${one.function})`)));
    teams.value = team.id;
    const rest = standing().filter((one) => !team.users.includes(one.id) && !one.is_bot && !one.outsider);
    const whom = chooser("Whom to add", rest);
    const talkTo = chooser("Write to", standing().filter((one) => one.id !== state.me.id && !one.is_bot));
    const account = chooser("Account", [...state.people.values()].filter((one) => !one.is_bot));
    const gone = (id) => state.people.get(id).deleted;
    return [
      h("h3", {}, "Write to somebody"),
      h("div", { class: "row" }, talkTo, act("Open", async () => {
        const outcome = await doAs("dm", { others: [talkTo.value] });
        if (outcome) { dialog.close(); go(outcome.message.channel); }
      }, { style: "primary" })),
      h("h3", {}, "Teams"),
      h("div", { class: "row" }, teams),
      h("div", { class: "row" }, whom, act("Add", () => doAs("change_group", { group: team.id, add: [whom.value] }))),
      h("ul", { class: "rows" }, team.users.map((id) => h("li", {}, avatar(state.people.get(id), "tiny"), h("span", {}, nameOf(id)), act("Remove", () => doAs("change_group", { group: team.id, remove: [id] }), { name: `Remove ${nameOf(id)}` })))),
      h("h3", {}, "Accounts"),
      h("div", { class: "row" }, account,
        act("Deactivate", () => doAs("deactivate", { who: undefined, whom: account.value })),
        act("Bring back", () => doAs("reactivate", { who: undefined, whom: account.value }))),
      h("p", { class: "hint" }, [...state.people.values()].filter((one) => gone(one.id)).map((one) => `${one.real_name} is deactivated. `)),
      h("h3", {}, "Start over"),
      h("div", { class: "row" }, act("Empty the workspace", async () => {
        if (await ask("Start over?", "Everything that was said here is gone. What the bot has stored stays with the bot.", "Start over", "danger")) await reset();
      }, { style: "danger" })),
    ];
  });
}

export const teamName = (person) => teamOf(person)?.name || (person.outsider ? "another organisation" : "no team");
