// The control API: acts, readings and the stream of changes, for one person at a time.

export class Refused extends Error {}

async function asked(path, options) {
  let answer;
  try {
    answer = await fetch(path, options);
  } catch {
    throw new Refused("The practice workspace does not answer. Is the command still running?");
  }
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refused(body.error || `The practice workspace answered ${answer.status}.`);
  return body;
}

const posted = (path, body) =>
  asked(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
const query = (more) => new URLSearchParams(more).toString();

export const act = (name, body) => posted(`/practice/acts/${name}`, body);
export const read = (name, more = {}) => asked(`/practice/read/${name}?${query(more)}`);
export const begin = (person) => asked(`/practice/page?${query({ as: person })}`);
export const moveTo = (to) => posted("/practice/clock/next", { to });
export const runPilot = () => posted("/practice/pilot", {});
export const restartBot = () => posted("/practice/bot/restart", {});
export const reset = () => posted("/practice/reset", {});

/** Hears every change that `person` may hear, after change number `since`; comes back by itself when cut off. */
export function listen(person, since, heard, lost) {
  let socket;
  let last = since;
  let over = false;
  let tries = 0;
  const connect = () => {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    socket = new WebSocket(`${scheme}://${location.host}/practice/changes?${query({ as: person, since: last })}`);
    socket.onopen = () => { tries = 0; lost(false); };
    socket.onmessage = (event) => {
      if (over) return;
      const change = JSON.parse(event.data);
      last = change.number;
      heard(change);
    };
    socket.onclose = () => {
      if (over) return;
      lost(true);
      setTimeout(connect, Math.min(5000, 300 * 2 ** tries++));
    };
  };
  connect();
  return () => { over = true; socket.close(); };
}
