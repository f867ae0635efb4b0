// Keeps the station's page, so that it opens with no network. Nothing of people is ever in here.
const CACHE = "jobfair-station-{{ shell_version }}";
const SHELL = [
  {{ url_for("station_calls.page") | tojson }},
  {% for name in assets %}
  {{ asset(name) | tojson }},
  {% endfor %}
];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(SHELL)));
});

self.addEventListener("activate", (event) => {
  const old = (name) => name.startsWith("jobfair-station-") && name !== CACHE;
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter(old).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("message", (event) => {
  if (event.data === "take over") self.skipWaiting();
});

self.addEventListener("fetch", (event) => {
  const { pathname, search } = new URL(event.request.url);
  if (event.request.method !== "GET") return;
  const asked = event.request.mode === "navigate" ? pathname : pathname + search;
  if (!SHELL.includes(asked)) return;
  event.respondWith(
    caches.open(CACHE).then((cache) => cache.match(asked)).then((kept) => kept ?? fetch(event.request)),
  );
});
