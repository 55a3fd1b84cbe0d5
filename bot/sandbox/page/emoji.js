// The names that this workspace draws; any other name is shown between its colons.

export const EMOJI = {
  jigsaw: "🧩", "+1": "👍", thumbsup: "👍", "-1": "👎", thumbsdown: "👎", eyes: "👀", white_check_mark: "✅", heavy_check_mark: "✔️",
  heart: "❤️", tada: "🎉", pray: "🙏", raised_hands: "🙌", clap: "👏", wave: "👋", fire: "🔥", bulb: "💡", warning: "⚠️",
  rotating_light: "🚨", question: "❓", exclamation: "❗", x: "❌", hourglass: "⌛", hourglass_flowing_sand: "⏳", alarm_clock: "⏰",
  calendar: "📆", date: "📅", memo: "📝", pencil: "📝", pushpin: "📌", link: "🔗", lock: "🔒", unlock: "🔓", key: "🔑",
  mag: "🔍", bell: "🔔", no_bell: "🔕", speech_balloon: "💬", thought_balloon: "💭", mega: "📣", loudspeaker: "📢", email: "✉️",
  inbox_tray: "📥", outbox_tray: "📤", package: "📦", clipboard: "📋", bar_chart: "📊", chart_with_upwards_trend: "📈",
  chart_with_downwards_trend: "📉", gear: "⚙️", wrench: "🔧", hammer: "🔨", construction: "🚧", bug: "🐛", rocket: "🚀", ship: "🚢",
  anchor: "⚓", ocean: "🌊", seedling: "🌱", herb: "🌿", evergreen_tree: "🌲", sunny: "☀️", cloud: "☁️", umbrella: "☔", zap: "⚡",
  star: "⭐", sparkles: "✨", dart: "🎯", trophy: "🏆", medal: "🏅", handshake: "🤝", muscle: "💪", point_right: "👉", point_up: "☝️",
  ok_hand: "👌", v: "✌️", crossed_fingers: "🤞", raised_hand: "✋", writing_hand: "✍️", shrug: "🤷", thinking_face: "🤔", smile: "😄",
  slightly_smiling_face: "🙂", joy: "😂", sob: "😭", cry: "😢", sweat_smile: "😅", neutral_face: "😐", confused: "😕", tired_face: "😫",
  hugging_face: "🤗", sunglasses: "😎", partying_face: "🥳", coffee: "☕", cake: "🍰", house: "🏠", office: "🏢", globe_with_meridians: "🌐",
  arrow_right: "➡️", arrow_left: "⬅️", arrow_up: "⬆️", arrow_down: "⬇️", large_blue_circle: "🔵", red_circle: "🔴", white_circle: "⚪",
  black_circle: "⚫", checkered_flag: "🏁", triangular_flag_on_post: "🚩", balance_scale: "⚖️", scales: "⚖️", ear: "👂", recycle: "♻️",
  heavy_plus_sign: "➕", heavy_minus_sign: "➖", information_source: "ℹ️", new: "🆕", soon: "🔜", repeat: "🔁", tickets: "🎟️", phone: "☎️",
};

/** What the picker offers after the bot's own. */
export const COMMON = [
  "+1", "eyes", "white_check_mark", "heart", "tada", "pray", "raised_hands", "fire", "bulb", "thinking_face", "sob", "rocket",
];

/** Whether this machine has a font with emoji: two that differ are drawn alike where it has none. */
const coloured = (() => {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 24;
  const brush = canvas.getContext("2d", { willReadFrequently: true });
  if (!brush) return true;
  const pixels = (character) => {
    brush.clearRect(0, 0, 24, 24);
    brush.font = "16px sans-serif";
    brush.fillText(character, 2, 18);
    return brush.getImageData(0, 0, 24, 24).data.join();
  };
  return pixels("🧩") !== pixels("🎉");
})();

/** The emoji's character; undefined where this page or this machine cannot draw it. */
export const drawn = (name) => (coloured ? EMOJI[name.split("::")[0]] : undefined);
/** A picture of our own for the emoji that matters most here, for machines without a font for it. */
export const pictured = (name) => (name.split("::")[0] === "jigsaw" && !coloured ? "/page/jigsaw.svg" : undefined);
