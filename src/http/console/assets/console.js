// Keeps the page current: counts times down, and renews the content when something happened. The page works without it.

const offset = Number(document.body.dataset.now) - Date.now();
const RENEW_AFTER_MS = 300;
const RENEW_EVERY_MS = 15_000;

function now() {
  return Date.now() + offset;
}

function coarse(ms) {
  if (ms < 60_000) return `${Math.max(0, Math.floor(ms / 1_000))}s`;
  if (ms < 3_600_000) return `${Math.floor(ms / 60_000)}m`;
  if (ms < 86_400_000) return `${Math.floor(ms / 3_600_000)}h ${Math.floor((ms % 3_600_000) / 60_000)}m`;
  return `${Math.floor(ms / 86_400_000)}d`;
}

function countdown(ms) {
  const seconds = Math.ceil(ms / 1_000);
  const two = value => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3_600);
  const minutes = Math.floor((seconds % 3_600) / 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

function tick() {
  for (const element of document.querySelectorAll('time[data-since]')) {
    element.textContent = `${coarse(now() - Number(element.dataset.since))} ago`;
  }
  for (const element of document.querySelectorAll('time[data-until]')) {
    const left = Number(element.dataset.until) - now();
    element.textContent = left > 0 ? countdown(left) : `overdue ${coarse(-left)}`;
    element.classList.toggle('bad', left <= 0);
  }
  for (const element of document.querySelectorAll('progress[data-from]')) {
    const { from, to } = element.dataset;
    element.value = Math.min(Math.max(0, now() - Number(from)), Number(to) - Number(from));
  }
}

async function renew() {
  const open = [...document.querySelectorAll('main details')].map(details => details.open);
  const answer = await fetch(location.href, { headers: { accept: 'text/html' }, redirect: 'error' });
  if (!answer.ok) throw new Error(`the page answered ${answer.status}`);
  const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('main');
  const main = document.querySelector('main');
  // Nothing is moved under a finger that is about to press.
  if (main.contains(document.activeElement) && document.activeElement.tagName === 'BUTTON') return;
  main.replaceChildren(...fresh.childNodes);
  document.querySelectorAll('main details').forEach((details, index) => (details.open = open[index] ?? false));
  tick();
}

function say(state, text) {
  const live = document.getElementById('live');
  live.className = `faint ${state}`;
  live.textContent = text;
}

let timer;
function renewSoon() {
  timer ??= setTimeout(() => {
    timer = undefined;
    renew().catch(error => say('bad', `not current: ${error.message}`));
  }, RENEW_AFTER_MS);
}

const events = new EventSource('/api/v1/events');
events.onopen = () => {
  say('good', 'live');
  renewSoon();
};
events.onerror = () => say('bad', 'not connected');
for (const kind of ['alert', 'case', 'reload']) events.addEventListener(kind, renewSoon);

setInterval(tick, 1_000);
setInterval(renewSoon, RENEW_EVERY_MS);
tick();
