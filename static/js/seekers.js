// Typing the ID number first says whether the person is registered already.
const box = document.querySelector("[data-lookup]");
const input = box?.querySelector("input");
const answer = box?.querySelector("[data-lookup-answer]");

async function look() {
  if (!input.value.trim()) return;
  const body = new FormData();
  body.append("id_number", input.value);
  const token = document.querySelector("form [name=csrf_token]");
  if (token) body.append("csrf_token", token.value);
  const reply = await fetch(box.dataset.lookup, { method: "POST", body });
  const said = await reply.json().catch(() => ({}));
  answer.textContent = `${said.text ?? said.fault ?? ""} `;
  if (!said.url) return;
  const link = document.createElement("a");
  link.href = said.url;
  link.textContent = box.dataset.open;
  answer.append(link);
}

if (input && answer) input.addEventListener("change", look);
