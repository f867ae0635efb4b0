// Renews the person's page while it is seen: asks every 20 seconds, and is answered only news.
const page = document.querySelector("[data-my-day]");
const { myDay, every, late } = page.dataset;
const note = page.querySelector("[data-late-note]");
let tag = "";
let heard = Date.now();

function show(told) {
  for (const part of page.querySelectorAll("[data-part]")) {
    const list = part.querySelector("ul");
    const lines = told[part.dataset.part];
    const { none } = list.dataset;
    part.hidden = !lines.length && !none;
    list.replaceChildren(
      ...(lines.length || !none ? lines : [none]).map((text) => {
        const item = document.createElement("li");
        item.textContent = text;
        return item;
      }),
    );
  }
}

async function ask() {
  if (document.hidden) return;
  try {
    const headers = tag ? { "If-None-Match": tag } : {};
    const answer = await fetch(myDay, { cache: "no-store", headers });
    if (answer.ok) {
      tag = answer.headers.get("ETag") ?? "";
      show(await answer.json());
    }
    if (answer.ok || answer.status === 304) heard = Date.now();
  } catch {
    // The note below says so when it lasts.
  }
  const clock = new Date(heard).toLocaleTimeString("en-GB", { timeZone: "Asia/Shanghai" });
  note.hidden = Date.now() - heard < 3 * every * 1000;
  note.textContent = late.replace("%(at)s", clock);
}

setInterval(ask, every * 1000);
document.addEventListener("visibilitychange", ask);
