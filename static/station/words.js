// Texts in both languages, carried by the page itself: a station changes language with no network.
const texts = JSON.parse(document.getElementById("words").textContent);
const KEPT = "jobfair-language";

function chosen() {
  const kept = localStorage.getItem(KEPT);
  return kept in texts ? kept : document.documentElement.lang.startsWith("en") ? "en" : "zh";
}

export let language = chosen();

export function say(name, values = {}) {
  const text = texts[language][name] ?? name;
  return text.replace(/%\((\w+)\)s/g, (whole, key) => values[key] ?? whole);
}

export function write(root = document) {
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  for (const one of root.querySelectorAll("[data-say]")) one.textContent = say(one.dataset.say);
}

export function change() {
  language = language === "zh" ? "en" : "zh";
  localStorage.setItem(KEPT, language);
  write();
}

const CLOCK = { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: "Asia/Shanghai" };

export function clock(milliseconds) {
  return new Intl.DateTimeFormat("en-GB", CLOCK).format(new Date(milliseconds));
}
